#pragma once

#include <imbrex/interfaces/evaluator.hpp>

namespace imbrex {

// Who runs where, and what is resident together? Edits placements and segments of the design.
// Errors: InfeasibleError naming the capacity and the shortfall. [one thread per instance]
class IMBREX_API Partitioner {
 public:
  virtual ~Partitioner();
  virtual void partition(Design& design, Evaluator& evaluator) = 0;
};

}  // namespace imbrex
