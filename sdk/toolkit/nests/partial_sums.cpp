#include <imbrex/toolkit/nests/partial_sums.hpp>

namespace imbrex::nests {
namespace {

// Does the level inside, whose loops start at `child`, hand results outwards that are not complete?
bool come_incomplete(const Problem& problem, const Mapping& mapping, std::size_t child,
                     bool is_mac) noexcept {
  const TensorRanks& results = problem.tensor[index(Role::outputs)];
  bool adds_up = false;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    if (loop.kind != LoopKind::temporal || loop.bound == 1 || loop.level >= child) {
      continue;
    }
    const bool moves = results.depends_on(index(loop.dim));
    if (adds_up && moves) {
      return true;
    }
    adds_up = adds_up || !moves;
  }
  return adds_up && is_mac;
}

}  // namespace

PartialSums partial_sums(const Problem& problem, const Hierarchy& hierarchy,
                         const Mapping& mapping) noexcept {
  PartialSums sums;
  if (!problem.has_wide_sums()) {
    return sums;
  }
  const TensorRanks& results = problem.tensor[index(Role::outputs)];
  std::size_t outside = hierarchy.levels.size();  // of the outermost spatial loop that adds up
  for (std::size_t i = mapping.count; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    if (loop.kind == LoopKind::spatial && loop.bound > 1 && !results.depends_on(index(loop.dim))) {
      outside = loop.level;
    }
  }
  std::size_t child = hierarchy.levels.size();
  bool is_incomplete = false;
  for (std::size_t l = hierarchy.levels.size(); l-- > 0;) {
    if ((hierarchy.levels[l].keep & keep_bit(index(Role::outputs))) == 0) {
      continue;
    }
    const auto bit = static_cast<std::uint8_t>(1u << l);
    is_incomplete = come_incomplete(problem, mapping, child, child == hierarchy.levels.size());
    if (l > outside) {
      sums.never_complete = static_cast<std::uint8_t>(sums.never_complete | bit);
      is_incomplete = true;
    }
    if (is_incomplete) {
      sums.held = static_cast<std::uint8_t>(sums.held | bit);
    }
    child = l;
  }
  return sums;
}

}  // namespace imbrex::nests
