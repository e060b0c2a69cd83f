// What the makespan is made of: operators that work equally long beside one another count as one.
#pragma once

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::terminal {

// A part of the critical path.
struct Bound {
  // Those that tie: the busiest server of each is busy equally long, and they work at the same
  // time, so that one of them made faster alone changes nothing. Workload order; none: data under
  // way, weights, or waiting for the output.
  std::vector<const OperatorResult*> operators;
  std::int64_t critical_ps = 0;  // on the critical path, of all of them

  bool is_movement() const noexcept { return operators.empty(); }
};

std::int64_t latency_ps(const Metrics& metrics);

// Most of the critical path first; then the busiest server; then workload order. Points into
// `result`. Empty without operators or time.
std::vector<Bound> bounds_of(const Result& result);

// What to try, most promising first: a line each.
std::vector<std::string> remedies(const Result& result, const std::vector<Bound>& bounds);

}  // namespace imbrex::terminal
