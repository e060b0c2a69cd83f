#include <imbrex/toolkit/search/counted_layers.hpp>

namespace imbrex::search {

std::string not_countable(const Evaluator& evaluator, const Placement& placement) {
  if (!evaluator.cost().nest_counting()) {
    return "the cost model does not say how it counts";
  }
  return placement.copies == 1 ? "" : "the operator has copies";
}

bool are_alike(const nests::Problem& one, const nests::Problem& other) noexcept {
  return one.tensor == other.tensor && one.bits == other.bits && one.macs == other.macs &&
         one.work_share == other.work_share && one.divides == other.divides;
}

}  // namespace imbrex::search
