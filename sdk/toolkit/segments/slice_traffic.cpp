#include "segments/tensor_slices.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::segments {
namespace {

constexpr std::int32_t kOutside = std::numeric_limits<std::int32_t>::max();  // a network output

struct Entry {
  std::int32_t key = 0;
  std::int64_t bits = 0;
};

// Neighbouring slices mostly have the same history: merged on the way in.
void add(std::vector<Entry>& column, std::int32_t key, std::int64_t bits) {
  if (!column.empty() && column.back().key == key) {
    column.back().bits += bits;
  } else {
    column.push_back({key, bits});
  }
}

// By position of use, of origin and of last use.
struct Entries {
  explicit Entries(std::size_t positions) : loads(positions), stores(positions), ends(positions) {}
  std::vector<std::vector<Entry>> loads;
  std::vector<std::vector<Entry>> stores;
  std::vector<std::vector<Entry>> ends;
};

// A tensor cut so finely that every need is a union of whole pieces.
class CutTensor {
 public:
  CutTensor(const Tensor& tensor, const TensorSlices& slices, bool is_output)
      : slices_(slices), axis_(slices.axis), is_output_(is_output) {
    const std::int64_t extent = tensor.shape.rank == 0 ? 1 : tensor.shape[axis_];
    bits_per_coordinate_ = tensor.shape.elements() / extent * tensor.bits_per_element;
    cuts_ = {0, extent};
    for (const TensorSlice& slice : slices.slices) {
      cuts_.push_back(slice.interval.begin);
    }
    for (const TensorNeed& need : slices.needs) {
      cuts_.push_back(need.region.axis[axis_].begin);
      cuts_.push_back(need.region.axis[axis_].end);
    }
    std::sort(cuts_.begin(), cuts_.end());
    cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());
  }

  void record(Entries& entries) {
    for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
      record_piece({cuts_[i], cuts_[i + 1]}, entries);
    }
  }

 private:
  std::int32_t origin(const Interval& piece) const noexcept {
    const auto slice =
        std::partition_point(slices_.slices.begin(), slices_.slices.end(),
                             [&](const TensorSlice& s) { return s.interval.end <= piece.begin; });
    return slice->position;
  }

  // Positions that read the piece, ascending and unique.
  void find_users(const Interval& piece) {
    users_.clear();
    for (const TensorNeed& need : slices_.needs) {
      if (need.region.axis[axis_].contains(piece)) {
        users_.push_back(need.position);
      }
    }
    std::sort(users_.begin(), users_.end());
    users_.erase(std::unique(users_.begin(), users_.end()), users_.end());
  }

  void record_piece(const Interval& piece, Entries& entries) {
    const std::int64_t bits = piece.extent() * bits_per_coordinate_;
    const std::int32_t from = origin(piece);
    find_users(piece);
    std::int32_t at_hand = from;
    for (const std::int32_t user : users_) {
      if (user > at_hand) {
        add(entries.loads[static_cast<std::size_t>(user)], at_hand, bits);
        at_hand = user;
      }
    }
    const std::int32_t last = is_output_ ? kOutside : at_hand;
    if (from >= 0 && last > from) {
      add(entries.stores[static_cast<std::size_t>(from)], -last, bits);
      if (last != kOutside) {
        add(entries.ends[static_cast<std::size_t>(last)], -from, bits);
      }
    }
  }

  const TensorSlices& slices_;
  std::size_t axis_;
  bool is_output_;
  std::int64_t bits_per_coordinate_ = 0;
  std::vector<std::int64_t> cuts_;
  std::vector<std::int32_t> users_;
};

std::vector<ChannelHome> homes_of(const UnitSequence& sequence) {
  std::vector<ChannelHome> homes;
  for (std::size_t i = 0; i < sequence.units.size(); ++i) {
    homes.push_back(
        {sequence.units[i].op, sequence.units[i].channels, static_cast<std::int32_t>(i)});
  }
  return homes;
}

// Bits of entries with keys below `bound`.
std::int64_t sum_below(std::span<const std::int32_t> keys, std::span<const std::int64_t> sums,
                       std::int32_t bound) noexcept {
  const auto end = std::lower_bound(keys.begin(), keys.end(), bound);
  return end == keys.begin() ? 0 : sums[static_cast<std::size_t>(end - keys.begin()) - 1];
}

}  // namespace

SliceTraffic::SliceTraffic(const Workload& workload, std::span<const ChannelHome> homes) {
  std::int32_t positions = 0;
  for (const ChannelHome& home : homes) {
    IMBREX_ASSERT(home.position >= 0);
    positions = std::max(positions, home.position + 1);
  }
  Entries found(static_cast<std::size_t>(positions));
  std::vector<bool> is_output(workload.tensors().size());
  for (const TensorId output : workload.outputs()) {
    is_output[index(output)] = true;
  }
  const std::vector<TensorSlices> tensors = slice_tensors(workload, homes);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    CutTensor(workload.tensors()[i], tensors[i], is_output[i]).record(found);
  }
  const auto close = [](std::vector<Entry>& entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key < b.key; });
    Column column;
    std::int64_t sum = 0;
    for (const Entry& entry : entries) {
      sum += entry.bits;
      if (!column.keys.empty() && column.keys.back() == entry.key) {
        column.sums.back() = sum;
      } else {
        column.keys.push_back(entry.key);
        column.sums.push_back(sum);
      }
    }
    return column;
  };
  for (std::size_t i = 0; i < found.loads.size(); ++i) {
    loads_.push_back(close(found.loads[i]));
    stores_.push_back(close(found.stores[i]));
    ends_.push_back(close(found.ends[i]));
  }
}

SliceTraffic::SliceTraffic(const UnitSequence& sequence)
    : SliceTraffic(*sequence.workload, homes_of(sequence)) {}

// Loaded at a position of the span: last at hand before the span begins.
std::int64_t SliceTraffic::load_bits(UnitSpan span) const noexcept {
  std::int64_t bits = 0;
  for (std::int32_t i = span.begin; i < span.end; ++i) {
    const Column& column = loads_[static_cast<std::size_t>(i)];
    bits += sum_below(column.keys, column.sums, span.begin);
  }
  return bits;
}

// Stored by a position of the span: last used at or after its end, that is -last < 1 - end.
std::int64_t SliceTraffic::store_bits(UnitSpan span) const noexcept {
  std::int64_t bits = 0;
  for (std::int32_t i = span.begin; i < span.end; ++i) {
    const Column& column = stores_[static_cast<std::size_t>(i)];
    bits += sum_below(column.keys, column.sums, 1 - span.end);
  }
  return bits;
}

std::int64_t SliceTraffic::load_growth(UnitSpan span) const noexcept {
  const Column& column = loads_[static_cast<std::size_t>(span.end) - 1];
  return sum_below(column.keys, column.sums, span.begin);
}

// The last position stores all that is used behind it, and what positions of the span had stored
// for it alone stays: made at `begin` or later, that is -origin < 1 - begin.
std::int64_t SliceTraffic::store_growth(UnitSpan span) const noexcept {
  const Column& made = stores_[static_cast<std::size_t>(span.end) - 1];
  const Column& ended = ends_[static_cast<std::size_t>(span.end) - 1];
  return sum_below(made.keys, made.sums, 1 - span.end) -
         sum_below(ended.keys, ended.sums, 1 - span.begin);
}

}  // namespace imbrex::segments
