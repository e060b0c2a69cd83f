// Proposes mappings in rounds: some uniform, the others near the best of earlier rounds. There are
// two rankings, because the mapping that is best alone may be the one nobody can overlap with: by
// the objective of the mapping alone, and by the same with `streaming_latency_ps` for its latency.
// A round depends on the results of the rounds before it and on nothing else.
#pragma once

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>

#include <vector>

namespace imbrex::search {

// [one thread] References must outlive it.
class CandidateRefiner {
 public:
  static constexpr std::size_t kRound = 32;

  CandidateRefiner(const Evaluator& evaluator, const mapspace::MapSpace& space, const Operator& op,
                   Random& random)
      : evaluator_(evaluator), space_(space), op_(op), random_(random) {}

  // Ranks what was added to `candidates` since the last call.
  void learn(const LayerCandidates& candidates);
  // The next round, at most kRound mappings, all in the space; some may have come before.
  std::vector<Mapping> propose();

 private:
  struct Ranked {
    Mapping mapping;
    double key = 0;  // lower is better
  };
  using Ranking = std::vector<Ranked>;  // best first

  static void rank(Ranking& ranking, const Mapping& mapping, double key);
  const Mapping& pick(const Ranking& ranking) const;
  Mapping step_from(const Mapping& mapping) const;

  const Evaluator& evaluator_;
  const mapspace::MapSpace& space_;
  const Operator& op_;
  Random& random_;
  std::size_t learned_ = 0;
  Ranking alone_;
  Ranking streaming_;
};

}  // namespace imbrex::search
