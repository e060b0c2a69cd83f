// The one kernel of availability maps: along one axis of a dense array, the maximum over a range of
// neighbours for every output position. Boxes are handled axis after axis.
#pragma once

#include "grid_axes.hpp"
#include "job_log.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::clsa {

// A row-major array of up to kMaxRank axes.
struct DenseArray {
  std::array<std::int64_t, kMaxRank> extent{1, 1, 1, 1, 1, 1};
  std::vector<std::int64_t> value;
};

// Replaces `axis` of the array by one entry per range: the maximum over the range, or kAlwaysThere
// where the range is empty. `spare` is memory that is reused between calls.
// Complexity: O(entries * min(range, log range)).
void range_max(DenseArray& array, std::size_t axis, std::span<const IndexRange> ranges,
               std::vector<std::int64_t>& spare);

}  // namespace imbrex::clsa
