// The few best of many candidates.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <vector>

namespace imbrex::search {

// Memory for twice as many as are wanted, however many are found. [one thread]
class Fittest final : public CandidateSink {
 public:
  struct One {
    Mapping mapping;
    double objective = 0;
    std::size_t number = 0;  // among all that were found
  };

  // most > 0.
  explicit Fittest(std::size_t most) : most_(most) {}

  void found(const FoundCandidate& candidate) override {
    best_.push_back({candidate.mapping, candidate.objective, found_++});
    if (best_.size() == 2 * most_) {
      std::nth_element(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(most_ - 1),
                       best_.end(), better);
      best_.resize(most_);
    }
  }

  // By objective; ties by number.
  const std::vector<One>& best_first() {
    std::sort(best_.begin(), best_.end(), better);
    best_.resize(std::min(best_.size(), most_));
    return best_;
  }

 private:
  static bool better(const One& a, const One& b) noexcept {
    return std::tie(a.objective, a.number) < std::tie(b.objective, b.number);
  }

  std::size_t most_;
  std::size_t found_ = 0;
  std::vector<One> best_;
};

}  // namespace imbrex::search
