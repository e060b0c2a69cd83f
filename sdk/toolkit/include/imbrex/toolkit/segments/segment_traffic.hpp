// What has to be read from and written to external memory when a network runs segment by segment
// (specification compass section 5).
#pragma once

#include <imbrex/values/segments.hpp>

#include <span>
#include <vector>

namespace imbrex::segments {

// Output channels of one operator are computed at one position: the index of a unit, or of a
// segment. Positions run one after another.
struct ChannelHome {
  OperatorId op = OperatorId::none;
  Interval channels;
  std::int32_t position = 0;
};

// Everything else follows: an operator that is not listed works where the latest of its inputs is,
// channel slice by channel slice (or along any other axis that keeps the slices apart), so a pool
// or activation trails its producer and less is stored. What depends on network inputs alone is
// there from the beginning, like these. A slice is loaded at most once per span, and stored when a
// later position or the outside world needs it. [any thread for the queries]
class SegmentTraffic {
 public:
  // `homes`: ordered by operator, then channels; every channel of a listed operator once.
  // O(operators * extents + slices).
  SegmentTraffic(const Workload& workload, std::span<const ChannelHome> homes);
  // Positions are the indices of the units.
  explicit SegmentTraffic(const UnitSequence& sequence);
  ~SegmentTraffic();
  SegmentTraffic(SegmentTraffic&&) noexcept;
  SegmentTraffic& operator=(SegmentTraffic&&) noexcept;
  SegmentTraffic(const SegmentTraffic&) = delete;
  SegmentTraffic& operator=(const SegmentTraffic&) = delete;

  // Bits of the whole batch that positions [begin, end) read at their entry and write at their
  // exit. O(end - begin) times the logarithm of the slices at one position.
  std::int64_t load_bits(UnitSpan span) const noexcept;
  std::int64_t store_bits(UnitSpan span) const noexcept;

 private:
  // Sums of bits over entries whose key is below a bound; keys ascending.
  struct Column {
    std::vector<std::int32_t> keys;
    std::vector<std::int64_t> sums;
  };
  std::vector<Column> loads_;   // per position of use: keyed by where the slice was last at hand
  std::vector<Column> stores_;  // per position of origin: keyed by minus the last position of use
};

}  // namespace imbrex::segments
