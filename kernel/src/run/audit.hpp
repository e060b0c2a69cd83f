// Every timeline that is published is checked against the graphs it is a timeline of, whoever made
// it: a faulty analyzer must not get as far as a published number.
#pragma once

#include "run/exactness.hpp"

#include <imbrex/interfaces/cost_model.hpp>

namespace imbrex::run {

struct AuditInput {
  std::string_view where;  // the analyzer's place
  // What the analyzer says itself: an estimate need not start jobs behind their sources, and only
  // an exact analysis must end with what ends last.
  Exactness said = Exactness::exact;
  SegmentSuccession succession = SegmentSuccession::barrier;
  const std::vector<SegmentGraph>* graphs = nullptr;  // as the analyzer had to see them
};

// Jobs are those of the graphs, each once, as long as they take, one at a time per server, behind
// their sources and delays; the makespan is the last end; times of segments agree with what the
// cost model says of their weights and data: to the picosecond where segments are apart by
// barriers, within bounds where they share resources. Requires: a timeline whose jobs are sorted
// and of servers and steps that exist. O(jobs) and one trace per job. Errors: BlamedError naming
// the analyzer, job and operator, with what was expected and what was found.
void audit(const AuditInput& input, const Timeline& timeline);

}  // namespace imbrex::run
