// Steps from the best mappings so far. There are two rankings, because the mapping that is best
// alone may be the one nobody can overlap with: by the objective of the mapping alone, and by the
// same with `streaming_latency_ps` for its latency.
#pragma once

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>

#include <vector>

namespace imbrex::search {

struct RankedMapping {
  Mapping mapping;
  double key = 0;  // lower is better
};
struct Rankings {
  // Best first.
  std::vector<RankedMapping> alone;
  std::vector<RankedMapping> streaming;
};

// [one thread] References must outlive it.
class CandidateRefiner {
 public:
  CandidateRefiner(const Evaluator& evaluator, const Operator& op)
      : evaluator_(evaluator), op_(op) {}

  void learn(const FoundCandidate& candidate);
  const Rankings& rankings() const noexcept { return rankings_; }
  // How often they have changed.
  std::int64_t changes() const noexcept { return changes_; }

 private:
  void rank(std::vector<RankedMapping>& ranking, const Mapping& mapping, double key);

  const Evaluator& evaluator_;
  const Operator& op_;
  std::int64_t changes_ = 0;
  Rankings rankings_;
};

// A round of mappings, all in the space: some uniform, the others near those of the rankings, whose
// keys do not matter here. Some may have come before.
std::vector<Mapping> refined_round(const mapspace::MapSpace& space, const Rankings& rankings,
                                   Random& random);

}  // namespace imbrex::search
