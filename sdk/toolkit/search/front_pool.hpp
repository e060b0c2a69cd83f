// Of many draws, the few that a network's search should look at: those that no other draw outdoes
// both alone and between two layers that work evenly, then those that are best between such layers.
// A search that compares pairs or designs has more of few good candidates than of many.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>

#include <vector>

namespace imbrex::search {

// Memory for three times as many as are wanted, however many are found. What is not drawn, as
// canonical mappings, is kept whatever it is like. [one thread] References must outlive it.
class FrontPool final : public CandidateSink {
 public:
  FrontPool(const Evaluator& evaluator, const Operator& op, std::size_t most)
      : evaluator_(evaluator), op_(op), most_(most) {}

  void found(const FoundCandidate& candidate) override;
  // What was not drawn, then the others as above, the start not counted among `most`. Returns how
  // many there are.
  std::size_t hand_on(bool has_start, CandidateSink& sink);

 private:
  struct One {
    Mapping mapping;
    LayerCost cost;
    double objective = 0;
    double streaming = 0;  // the same with `streaming_latency_ps` for its latency
    std::int64_t draw = -1;
  };
  static bool streams_better(const One& a, const One& b) noexcept;
  void learn_front(const One& one);

  const Evaluator& evaluator_;
  const Operator& op_;
  std::size_t most_;
  std::vector<One> given_;
  std::vector<One> front_;  // of drawn ones
  std::vector<One> best_;   // drawn ones that stream best, and some others
};

}  // namespace imbrex::search
