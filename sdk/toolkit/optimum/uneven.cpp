#include "optimum/uneven.hpp"

#include "optimum/uneven_search.hpp"
#include "optimum/uneven_starts.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

// Wide gaps first: they are soon proved, and what is found has to be better by so much.
constexpr std::array<double, 6> kGaps = {0.5, 0.2, 0.05, 0.02, 0.01, 0};

}  // namespace

bool is_uneven(const MapSpaceSpec& space) noexcept {
  return std::any_of(space.slots.begin(), space.slots.end(),
                     [](const MapSlot& slot) { return slot.imperfect; });
}

std::string uneven_not_covered(const Question& question, const Limits& limits) {
  if (question.hierarchy.counting != nests::Counting::exact) {
    return "factors need not divide (imperfect), and all tiles are counted in full";
  }
  if (question.problem.divides) {
    return "factors need not divide (imperfect), and coordinates have divisors";
  }
  if (question.hierarchy.link_transfers || question.hierarchy.refetches) {
    return "factors need not divide (imperfect), and words are handed on or fetched anew";
  }
  const MapSpaceSpec space = as_if_even(question.space);
  std::string reason =
      not_covered({space, question.problem, question.hierarchy, question.objective}, limits);
  const double tiles = ClassLattice::size_of(question.space.bounds);
  const std::size_t steps = layout_of(space, question.hierarchy.levels.size()).steps.size();
  if (reason.empty() && (tiles > 4e9 || ClassTables::bytes(tiles, steps) > most_bytes(limits))) {
    reason = "factors need not divide (imperfect): tables of all tiles do not fit the memory given";
  }
  return reason;
}

void solve_uneven(const Question& question, const Limits& limits, Answer& answer) {
  const ClassParts parts(question);
  const ClassTables tables(parts);
  ClassSearch search(parts, tables, limits, answer);
  for (const Mapping& mapping : uneven_starts(parts, limits)) {
    search.start_with(mapping);
  }
  double bound = 0;
  for (const double gap : kGaps) {
    if (search.has_stopped()) {
      break;
    }
    if (gap == 0 || gap > limits.gap) {
      bound = std::max(bound, search.run(std::max(gap, limits.gap), limits.max_states));
    }
  }
  if (!answer.mapping) {
    answer.objective = kNever;
  }
  const double margin = std::max(limits.gap, parts.by_energy ? kMargin : 0.0);
  const double left = answer.mapping ? answer.objective * (1 - margin) : kNever;
  answer.bound = std::min(left, bound);
  answer.proved = answer.bound >= left && answer.unproved.empty();
  if (!answer.proved && answer.unproved.empty()) {
    answer.unproved = search.has_stopped()
                          ? "max_states"
                          : "factors need not divide (imperfect): some mappings are only bounded";
  }
}

}  // namespace imbrex::optimum
