// File: completion.hpp
//
// When is a region of an operator's output complete? The other half of the common language of all
// analyzers (design, section 2a), beside the WorkOrder. Three representations of one question.
#pragma once

#include <imbrex/finish_index.hpp>
#include <imbrex/tile_times.hpp>

#include <variant>
#include <vector>

namespace imbrex {

class IMBREX_API Completion {
 public:
  // An affine clock: step t of the nest ends everywhere at first_end_ps + t * period_ps.
  Completion(FinishIndex index, std::int64_t first_end_ps, std::int64_t period_ps);
  // One clock for all servers, and digits that number its steps: step t and all before it have
  // ended at step_end_ps[t], which never descends.
  Completion(FinishIndex index, std::vector<std::int64_t> step_end_ps);
  // A grid of end times.
  explicit Completion(TileTimes tiles);

  // Precondition: the region is not empty. O(loops), or as `TileTimes::max_over`. [one thread]
  std::int64_t ready_ps(const Region& region) const;

 private:
  struct Affine {
    FinishIndex index;
    std::int64_t first_end_ps;
    std::int64_t period_ps;
  };
  struct Steps {
    FinishIndex index;
    std::vector<std::int64_t> end_ps;
  };
  std::variant<Affine, Steps, TileTimes> form_;
};

}  // namespace imbrex
