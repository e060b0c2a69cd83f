// How late every job of a finished timeline could end without moving its end: the backward pass of
// the critical path method over the jobs' servers and sources.
#pragma once

#include "run/job_bounds.hpp"
#include "run/timeline_index.hpp"

#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::run {

// Per job, by its position in the timeline: the latest end with which every other job still starts
// early enough for its segment to end when it does. A job that waited for more than its sources and
// its server (room in a buffer, a link, its turn) keeps its distance to whoever let it go: what the
// analyzer did not say about others is not known, so that theirs may be too late.
// Jobs that an estimate starts before what they read have latest ends before their own.
// Preconditions: `timeline` came from an analysis of the design `graph` was made from, with jobs.
// O(jobs log jobs) plus one trace per job and one look-up per different region that is read.
// [any thread]
std::vector<std::int64_t> latest_ends(const WorkGraph& graph, const Timeline& timeline);

}  // namespace imbrex::run
