#include "search/candidate_collector.hpp"

#include <algorithm>

namespace imbrex::search {
namespace {

constexpr std::size_t kBatch = 256;

// Two mappings with equal hashes count as one: at worst a candidate is missed, once in 2^64 pairs.
std::uint64_t hash_of(const Mapping& mapping) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  const auto mix = [&hash](std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
  };
  mix(mapping.outer);
  for (const Loop& loop : mapping.all_loops()) {
    mix(static_cast<std::uint64_t>(loop.bound));
    mix(static_cast<std::uint64_t>(loop.dim) | static_cast<std::uint64_t>(loop.kind) << 8 |
        static_cast<std::uint64_t>(loop.level) << 16);
  }
  for (const std::int64_t extent : mapping.job_extent) {
    mix(static_cast<std::uint64_t>(extent));
  }
  return hash;
}

}  // namespace

void CandidateCollector::add_start(const std::optional<Mapping>& mapping) {
  if (!mapping) {
    return;
  }
  seen_.insert(hash_of(*mapping));
  LayerCost cost;
  run_.score_layer(op_, {&*mapping, 1}, {&cost, 1});
  if (cost.verdict == Verdict::feasible) {
    hand_on(*mapping, cost, -1);
    has_start_ = true;
  } else {
    shortfall_.add(run_.evaluator().cost(), op_, run_.start().placement(op_), *mapping);
  }
}

void CandidateCollector::hand_on(const Mapping& mapping, const LayerCost& cost, std::int64_t draw) {
  sink_.found({mapping, cost, run_.evaluator().layer_objective(cost), draw});
  ++found_;
}

void CandidateCollector::offer(const Mapping& mapping, std::int64_t draw) {
  if (seen_.insert(hash_of(mapping))) {
    batch_.push_back(mapping);
    draws_.push_back(draw);
    if (batch_.size() >= std::min(kBatch, count_ - taken_)) {
      flush();
    }
  }
}

void CandidateCollector::flush() {
  const std::size_t allowed = run_.room(batch_.size());
  out_of_budget_ = out_of_budget_ || allowed < batch_.size();
  batch_.resize(allowed);
  costs_.resize(allowed);
  if (allowed > 0) {
    run_.score_layer(op_, batch_, costs_);
  }
  for (std::size_t i = 0; i < allowed && taken_ < count_; ++i) {
    if (costs_[i].verdict == Verdict::feasible) {
      hand_on(batch_[i], costs_[i], draws_[i]);
      ++taken_;
    } else if (found_ == 0) {  // nobody asks once something fits
      shortfall_.add(run_.evaluator().cost(), op_, run_.start().placement(op_), batch_[i]);
    }
  }
  batch_.clear();
  draws_.clear();
}

}  // namespace imbrex::search
