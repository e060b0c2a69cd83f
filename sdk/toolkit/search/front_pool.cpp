#include "search/front_pool.hpp"

#include <algorithm>
#include <tuple>

namespace imbrex::search {

bool FrontPool::streams_better(const One& a, const One& b) noexcept {
  return std::tie(a.streaming, a.draw) < std::tie(b.streaming, b.draw);
}

void FrontPool::learn_front(const One& one) {
  const auto outdoes = [](const One& a, const One& b) {
    return a.objective <= b.objective && a.streaming <= b.streaming;
  };
  if (std::none_of(front_.begin(), front_.end(),
                   [&](const One& known) { return outdoes(known, one); })) {
    std::erase_if(front_, [&](const One& known) { return outdoes(one, known); });
    front_.push_back(one);
  }
}

void FrontPool::found(const FoundCandidate& candidate) {
  LayerCost streaming = candidate.cost;
  streaming.latency_ps = streaming_latency_ps(op_, candidate.mapping, candidate.cost.latency_ps);
  const One one{candidate.mapping, candidate.cost, candidate.objective,
                evaluator_.layer_objective(streaming), candidate.draw};
  if (candidate.draw < 0) {
    given_.push_back(one);
    return;
  }
  learn_front(one);
  best_.push_back(one);
  if (best_.size() == 2 * most_) {
    std::nth_element(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(most_ - 1),
                     best_.end(), streams_better);
    best_.resize(most_);
  }
}

std::size_t FrontPool::hand_on(bool has_start, CandidateSink& sink) {
  const std::size_t wanted = most_ + (has_start ? 1 : 0);
  std::sort(front_.begin(), front_.end(), streams_better);
  std::sort(best_.begin(), best_.end(), streams_better);
  std::erase_if(best_, [&](const One& one) {
    return std::any_of(front_.begin(), front_.end(),
                       [&](const One& known) { return known.draw == one.draw; });
  });
  std::size_t count = 0;
  for (const std::vector<One>* const group : {&given_, &front_, &best_}) {
    for (const One& one : *group) {
      if (count < wanted) {
        sink.found({one.mapping, one.cost, one.objective, -1});
        ++count;
      }
    }
  }
  return count;
}

}  // namespace imbrex::search
