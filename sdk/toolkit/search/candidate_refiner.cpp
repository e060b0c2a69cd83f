#include "search/candidate_refiner.hpp"

#include "search/mapping_moves.hpp"

#include <algorithm>

namespace imbrex::search {
namespace {

// Mappings per ranking that steps start from.
constexpr std::size_t kRanked = 8;

}  // namespace

void CandidateRefiner::rank(Ranking& ranking, const Mapping& mapping, double key) {
  if (ranking.size() == kRanked && ranking.back().key <= key) {
    return;
  }
  const auto at =
      std::upper_bound(ranking.begin(), ranking.end(), key,
                       [](double wanted, const Ranked& ranked) { return wanted < ranked.key; });
  ranking.insert(at, {mapping, key});
  if (ranking.size() > kRanked) {
    ranking.pop_back();
  }
}

void CandidateRefiner::learn(const LayerCandidates& candidates) {
  for (; learned_ < candidates.size(); ++learned_) {
    const Mapping& mapping = candidates.mappings[learned_];
    const std::int64_t streaming_ps =
        streaming_latency_ps(op_, mapping, candidates.latency_ps[learned_]);
    rank(alone_, mapping, candidates.objective[learned_]);
    rank(streaming_, mapping,
         evaluator_.layer_objective(candidates.ending(learned_, streaming_ps)));
  }
}

// The smaller of two random ranks: good ones more often than others.
const Mapping& CandidateRefiner::pick(const Ranking& ranking) const {
  const std::uint64_t a = random_.below(ranking.size());
  const std::uint64_t b = random_.below(ranking.size());
  return ranking[std::min(a, b)].mapping;
}

// One step, with probability 1/2 another one, and so on up to four.
Mapping CandidateRefiner::step_from(const Mapping& mapping) const {
  Mapping result = space_.neighbour(mapping, random_);
  for (int more = 0; more < 3 && random_.below(2) == 0; ++more) {
    result = space_.neighbour(result, random_);
  }
  return result;
}

std::vector<Mapping> CandidateRefiner::propose() {
  std::vector<Mapping> round;
  for (std::size_t i = 0; i < kRound; ++i) {
    if (i % 4 == 0 || alone_.empty()) {
      round.push_back(space_.sample(random_));
    } else if (i % 4 == 1) {
      round.push_back(step_from(pick(alone_)));
    } else if (i % 4 == 2) {
      round.push_back(step_from(pick(streaming_)));
    } else {
      // Of either ranking, made to work row by row.
      const Mapping& from = pick(random_.below(2) == 0 ? alone_ : streaming_);
      round.push_back(row_by_row(space_, random_.below(2) == 0 ? from : step_from(from), random_));
    }
  }
  return round;
}

}  // namespace imbrex::search
