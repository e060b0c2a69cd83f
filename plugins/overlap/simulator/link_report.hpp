#pragma once

#include "engine.hpp"

#include <imbrex/interfaces/overlap_analyzer.hpp>

namespace imbrex::simulator {

// What the links did in a run that has ended: statistics "packets" and "busiest_link_busy_ps", and
// a note of the links that were busiest, equally busy ones together, with their share of the
// makespan.
void report_links(const LinkModel& links, const Engine& engine, TimelineSink& detail);

}  // namespace imbrex::simulator
