#include "optimum/search.hpp"
#include "optimum/uneven.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

// Results are added up at places of their own: no windows, no strides.
bool are_results_plain(const nests::TensorRanks& results) noexcept {
  bool plain = results.is_plain;
  for (std::size_t r = 0; r < results.count; ++r) {
    plain = plain && results.rank[r].factor[0] == 1;
  }
  return plain;
}

}  // namespace

std::string not_covered(const Question& question, const Limits& limits) {
  if (is_uneven(question.space)) {
    return uneven_not_covered(question, limits);
  }
  const nests::Hierarchy& hierarchy = question.hierarchy;
  if (hierarchy.has_latencies) {
    return "latencies of levels, filling and draining or tiles in step are modelled";
  }
  if (!are_results_plain(question.problem.tensor[kResults])) {
    return "results are windows";
  }
  const Layout layout = layout_of(question.space, hierarchy.levels.size());
  if (!layout.unknown.empty()) {
    return layout.unknown;
  }
  const double tiles = Lattice::size_of(question.space.bounds);
  const double bytes = Tables::bytes(tiles, layout.steps.size(), hierarchy.levels.size());
  if (tiles == 0 || tiles > 4e9 || bytes > most_bytes(limits)) {
    return "tables of all tiles do not fit the memory given";
  }
  return {};
}

Answer solve(const Question& question, const Limits& limits) {
  Answer answer;
  answer.unproved = not_covered(question, limits);
  if (answer.unproved.empty() && is_uneven(question.space)) {
    solve_uneven(question, limits, answer);
  } else if (answer.unproved.empty()) {
    const Parts parts(question);
    Search(parts, limits, answer).run();
  }
  return answer;
}

}  // namespace imbrex::optimum
