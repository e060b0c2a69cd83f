// Keeps the feasible and new ones of a sequence of mappings, scoring them batch by batch. Which
// mappings are kept depends on the sequence alone, never on the batches.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <unordered_set>
#include <vector>

namespace imbrex::search {

// [one thread]
class CandidateCollector {
 public:
  // Keeps at most `count` beside the start.
  CandidateCollector(SearchRun& run, OperatorId op, std::size_t count)
      : run_(run), op_(op), count_(count) {}

  LayerCandidates& result() noexcept { return result_; }
  bool full() const noexcept { return taken_ == count_ || out_of_budget_; }
  bool out_of_budget() const noexcept { return out_of_budget_; }

  // `mapping`: as `SearchRun::start_mapping`.
  void add_start(const std::optional<Mapping>& mapping);
  void offer(const Mapping& mapping);
  void flush();
  const LeastShortfall& least_shortfall() const noexcept { return shortfall_; }

 private:
  void keep(const Mapping& mapping, const LayerCost& cost);

  SearchRun& run_;
  OperatorId op_;
  std::size_t count_;
  std::size_t taken_ = 0;
  bool out_of_budget_ = false;
  LayerCandidates result_;
  LeastShortfall shortfall_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<Mapping> batch_;
  std::vector<LayerCost> costs_;
};

}  // namespace imbrex::search
