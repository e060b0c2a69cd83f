#include "search/candidate_refiner.hpp"

#include "search/mapping_moves.hpp"

#include <algorithm>

namespace imbrex::search {
namespace {

// Mappings per ranking that steps start from.
constexpr std::size_t kRanked = 8;

// The smaller of two random ranks: good ones more often than others.
const Mapping& pick(const std::vector<RankedMapping>& ranking, Random& random) {
  const std::uint64_t a = random.below(ranking.size());
  const std::uint64_t b = random.below(ranking.size());
  return ranking[std::min(a, b)].mapping;
}

// One step, with probability 1/2 another one, and so on up to four.
Mapping step_from(const mapspace::MapSpace& space, const Mapping& mapping, Random& random) {
  Mapping result = space.neighbour(mapping, random);
  for (int more = 0; more < 3 && random.below(2) == 0; ++more) {
    result = space.neighbour(result, random);
  }
  return result;
}

}  // namespace

void CandidateRefiner::rank(std::vector<RankedMapping>& ranking, const Mapping& mapping,
                            double key) {
  if (ranking.size() == kRanked && ranking.back().key <= key) {
    return;
  }
  const auto at = std::upper_bound(
      ranking.begin(), ranking.end(), key,
      [](double wanted, const RankedMapping& ranked) { return wanted < ranked.key; });
  ranking.insert(at, {mapping, key});
  if (ranking.size() > kRanked) {
    ranking.pop_back();
  }
  ++changes_;
}

void CandidateRefiner::learn(const FoundCandidate& candidate) {
  LayerCost streaming = candidate.cost;
  streaming.latency_ps = streaming_latency_ps(op_, candidate.mapping, candidate.cost.latency_ps);
  rank(rankings_.alone, candidate.mapping, candidate.objective);
  rank(rankings_.streaming, candidate.mapping, evaluator_.layer_objective(streaming));
}

std::vector<Mapping> refined_round(const mapspace::MapSpace& space, const Rankings& rankings,
                                   Random& random) {
  const auto& [alone, streaming] = rankings;
  std::vector<Mapping> round;
  for (std::size_t i = 0; i < CandidateSink::kRound; ++i) {
    if (i % 4 == 0 || alone.empty()) {
      round.push_back(space.sample(random));
    } else if (i % 4 == 1) {
      round.push_back(step_from(space, pick(alone, random), random));
    } else if (i % 4 == 2) {
      round.push_back(step_from(space, pick(streaming, random), random));
    } else {
      // Of either ranking, made to work row by row.
      const Mapping& from = pick(random.below(2) == 0 ? alone : streaming, random);
      round.push_back(
          row_by_row(space, random.below(2) == 0 ? from : step_from(space, from, random), random));
    }
  }
  return round;
}

}  // namespace imbrex::search
