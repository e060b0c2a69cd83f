#pragma once

#include <imbrex/interfaces/evaluator.hpp>

namespace imbrex {

// Which mapping should each operator get? Owns its loop, never sees threads; leaves the best design
// ever scored, which is never worse than the one it was given. [one thread per instance]
class IMBREX_API SearchStrategy {
 public:
  virtual ~SearchStrategy();
  virtual void search(Design& design, Evaluator& evaluator) = 0;
};

}  // namespace imbrex
