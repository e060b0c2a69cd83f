// Stages II to IV of specification clsa-cim section 6 on explicit jobs and explicit dependences:
// for every job the producing jobs are looked up one by one. Takes any work orders.
#pragma once

#include "job_log.hpp"

#include <imbrex/interfaces/overlap_analyzer.hpp>

namespace imbrex::clsa {

// With `detail`, reports the jobs, and counts distinct dependences, which costs a mark per cell and
// job. Complexity: O(jobs * path nodes + dependences). [any thread]
Schedule schedule_explicitly(const WorkGraph& graph, TimelineSink* detail);

}  // namespace imbrex::clsa
