// From a result to the text of a trace.
#pragma once

#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::trace {

enum class Rows : std::uint8_t { operators, segments };

struct Options {
  Rows rows = Rows::operators;  // what a process of the trace is
  bool arrows = true;
  std::int64_t max_jobs = 1'000'000;     // of more, operators are slices instead of jobs
  std::int64_t counter_intervals = 500;  // 0: no counters
};

// Process 1 is the run: its counters, its segments and its critical path. Processes from 2 on are
// operators in workload order, or segments; every server of an operator is a thread there, and
// where jobs of a server overlap, as estimates may have them, it is several. Of jobs each is one
// slice of the category "job", or an instant where it takes no time. Equal results give equal
// texts. Memory: the text, about 200 bytes per job. O(jobs log jobs). [any thread]
std::string trace_json(const Result& result, const Options& options);

}  // namespace imbrex::trace
