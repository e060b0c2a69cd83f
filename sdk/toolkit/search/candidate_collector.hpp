// Hands on the feasible and new ones of a sequence of mappings, scoring them batch by batch. Which
// mappings are handed on depends on the sequence alone, never on the batches.
#pragma once

#include "search/hash_set.hpp"

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <vector>

namespace imbrex::search {

// [one thread]
class CandidateCollector {
 public:
  // Finds at most `count` beside the start. Keeps references.
  CandidateCollector(SearchRun& run, OperatorId op, std::size_t count, CandidateSink& sink)
      : run_(run), op_(op), count_(count), sink_(sink) {}

  std::size_t found() const noexcept { return found_; }
  bool has_start() const noexcept { return has_start_; }
  bool full() const noexcept { return taken_ == count_ || out_of_budget_; }
  bool out_of_budget() const noexcept { return out_of_budget_; }

  // `mapping`: as `SearchRun::start_mapping`.
  void add_start(const std::optional<Mapping>& mapping);
  // `draw`: as FoundCandidate.
  void offer(const Mapping& mapping, std::int64_t draw);
  void flush();
  const LeastShortfall& least_shortfall() const noexcept { return shortfall_; }

 private:
  void hand_on(const Mapping& mapping, const LayerCost& cost, std::int64_t draw);

  SearchRun& run_;
  OperatorId op_;
  std::size_t count_;
  CandidateSink& sink_;
  std::size_t found_ = 0;
  std::size_t taken_ = 0;
  bool has_start_ = false;
  bool out_of_budget_ = false;
  LeastShortfall shortfall_;
  HashSet seen_;
  std::vector<Mapping> batch_;
  std::vector<std::int64_t> draws_;  // of the batch
  std::vector<LayerCost> costs_;
};

}  // namespace imbrex::search
