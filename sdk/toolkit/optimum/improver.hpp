// A better mapping than the one at hand, by small random changes: the earlier a good one is known,
// the more is left out of the search. What is proved does not depend on it. [one thread]
#pragma once

#include "optimum/prefix.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/optimum/optimum.hpp>

#include <optional>

namespace imbrex::optimum {

class Improver {
 public:
  Improver(const Question& question, const Counter& counter)
      : question_(question), counter_(counter) {}

  // Simulated annealing from the answer's mapping, so many changes of it; whether the answer got a
  // better one. Requires: it has one. Deterministic: the n-th call draws from stream n.
  bool improve(Answer& answer, std::int64_t changes);

 private:
  const Question& question_;
  const Counter& counter_;
  std::optional<mapspace::MapSpace> space_;  // made when it is first wanted
  std::uint64_t stream_ = 0;
};

}  // namespace imbrex::optimum
