// How busy the chip is over time: means over equal intervals of the run.
#pragma once

#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::trace {

struct BusyInterval {
  std::int64_t start_ps = 0;
  double servers = 0;  // that were at work, on average
  double units = 0;    // owned by these
};

// At most `count` intervals, which cover [0, end_ps) and are equal but for the last one. The units
// of an operator are shared by its servers, as in the metric `occupancy`. Requires: end_ps and
// count are above 0, no job starts before 0 or ends behind end_ps. O(jobs + count). [any thread]
std::vector<BusyInterval> busy_intervals(const Result& result, std::int64_t end_ps,
                                         std::int64_t count);

}  // namespace imbrex::trace
