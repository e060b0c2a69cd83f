#include "segments/form_account.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace imbrex::segments {

// Adds up one segment.
class CrossingAccount {
 public:
  CrossingAccount(const LayerTraffic& traffic, std::span<const std::int32_t> segment_of,
                  std::int32_t segment, std::int64_t retained_bits)
      : traffic_(traffic),
        segment_of_(segment_of),
        segment_(segment),
        next_(segment_of.size() + traffic.outputs_.size() + 1, kNobody),
        forms_(retained_bits) {
    for (std::size_t i = next_.size() - 1; i-- > 0;) {
      next_[i] = next_[i + 1];
      const std::size_t layer =
          i < layers() ? i : static_cast<std::size_t>(traffic.outputs_[i - layers()].layer);
      next_[i][is_mine(layer) ? 1 : 0] = static_cast<std::int32_t>(i);
    }
  }

  LayerBits run() {
    for (std::size_t i = 0; i < layers(); ++i) {
      forms_.bits.weight_bits += is_mine(i) ? traffic_.weight_bits_[i] : 0;
    }
    for (const LayerTraffic::Output& output : traffic_.outputs_) {
      if (is_mine(static_cast<std::size_t>(output.layer))) {
        forms_.store(output.tensor, output.bits);
      }
    }
    const std::span<const Crossing> all = traffic_.crossings_;
    for (std::size_t first = 0; first < all.size();) {
      std::size_t last = first + 1;
      while (last < all.size() && all[last].origin == all[first].origin) {
        ++last;
      }
      add_origin(all.subspan(first, last - first));
      first = last;
    }
    return forms_.bits;
  }

 private:
  using Crossing = LayerTraffic::Crossing;
  static constexpr std::array<std::int32_t, 2> kNobody = {std::numeric_limits<std::int32_t>::max(),
                                                          std::numeric_limits<std::int32_t>::max()};

  std::size_t layers() const noexcept { return segment_of_.size(); }
  bool is_mine(std::size_t layer) const noexcept { return segment_of_[layer] == segment_; }

  void add_origin(std::span<const Crossing> crossings) {
    const auto origin = static_cast<std::size_t>(crossings.front().origin);
    const bool outside = origin >= layers();
    const bool mine = !outside && is_mine(origin);
    crossed_.clear();
    for (const Crossing& crossing : crossings) {
      const std::int32_t reader = next_[static_cast<std::size_t>(crossing.first)][mine ? 0 : 1];
      // Every form crosses once, as its first reader on the other side has it.
      const bool again = !crossed_.empty() && crossed_.back()->form == crossing.form;
      if (reader <= crossing.last && !again) {
        crossed_.push_back(&crossing);
      }
    }
    forms_.add(crossed_, traffic_.whole_bits_[origin], outside, mine);
  }

  const LayerTraffic& traffic_;
  std::span<const std::int32_t> segment_of_;
  std::int32_t segment_;
  // From each consumer on, the first one outside the segment and the first one inside.
  std::vector<std::array<std::int32_t, 2>> next_;
  std::vector<const Crossing*> crossed_;  // of one origin
  FormAccount forms_;
};

LayerBits LayerTraffic::of(std::span<const std::int32_t> segment_of, std::int32_t segment,
                           std::int64_t retained_bits) const {
  IMBREX_ASSERT(segment_of.size() == weight_bits_.size());
  return CrossingAccount(*this, segment_of, segment, retained_bits).run();
}

LayerBits LayerTraffic::of(UnitSpan span, std::int64_t retained_bits) const {
  std::vector<std::int32_t> segment_of(weight_bits_.size(), 0);
  std::fill(segment_of.begin() + span.begin, segment_of.begin() + span.end, 1);
  return of(segment_of, 1, retained_bits);
}

}  // namespace imbrex::segments
