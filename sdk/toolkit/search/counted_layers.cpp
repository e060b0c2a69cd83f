#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/search/counted_layers.hpp>

namespace imbrex::search {

std::string not_countable(const Evaluator& evaluator, const Placement& placement) {
  if (!evaluator.cost().nest_counting()) {
    return "the cost model does not say how it counts";
  }
  return placement.copies == 1 ? "" : "the operator has copies";
}

nests::Hierarchy counted_hierarchy(const Evaluator& evaluator, nests::Problem& problem) {
  const NestCounting counting = *evaluator.cost().nest_counting();
  problem.partial_sum_bits = counting.partial_sum_bits;
  return nests::hierarchy_of(evaluator.architecture(), counting);
}

bool is_same_cost(const LayerCost& said, const LayerCost& counted) noexcept {
  return said.verdict == counted.verdict && said.latency_ps == counted.latency_ps &&
         said.energy_pj == counted.energy_pj;
}

bool are_alike(const nests::Problem& one, const nests::Problem& other) noexcept {
  return one.tensor == other.tensor && one.bits == other.bits && one.macs == other.macs &&
         one.work_share == other.work_share && one.divides == other.divides;
}

}  // namespace imbrex::search
