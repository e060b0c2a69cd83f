// The fast form of stages II to IV (specification clsa-cim section 6.2, last paragraph):
// availability maps pushed forward through the network, no dependence list.
#pragma once

#include "job_log.hpp"

#include <optional>
#include <string>

namespace imbrex::clsa {

// The same times as `schedule_explicitly`, to the picosecond, without edges. No value, and the
// reason in `obstacle`, where maps cannot be exact: work orders that are no tile grid, advance in
// lock-step, are dealt anew or a chain, delays that depend on the producer, movement that maps per
// element cannot follow. Complexity: O(cells of all maps). [any thread]
std::optional<Schedule> schedule_by_availability(const WorkGraph& graph, JobLog& log,
                                                 std::string& obstacle);

}  // namespace imbrex::clsa
