// How much finished data waits between two operators (specification clsa-cim section 10, item 14).
#pragma once

#include <imbrex/values/result.hpp>
#include <imbrex/values/work_graph.hpp>

#include <vector>

namespace imbrex::run {

// One entry per (mapped producer, mapped consumer) with data between them, ordered by producer,
// then consumer. Data of a producer job is live from the end of the job until the end of the last
// job of that consumer which needs it; of each job only the box that the consumer needs is counted,
// and partial sums of one box are counted once. Data freed and data produced at one instant do not
// add up. Preconditions as for `critical_path`; without jobs the result is empty. Complexity: one
// trace per job, two per step where servers run evenly and one of them reads what all read, plus
// O(e log e) for e job-to-job dependencies. [any thread]
std::vector<EdgeTraffic> live_data(const WorkGraph& graph, const Timeline& timeline);

}  // namespace imbrex::run
