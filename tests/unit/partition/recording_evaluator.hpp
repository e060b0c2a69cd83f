// File: recording_evaluator.hpp
//
// An Evaluator for partitioners that ask only for the architecture and the cost model; it remembers
// their statistics, and aborts when asked to score.
#pragma once

#include "crossbar_kit.hpp"

#include <cstdlib>
#include <map>

namespace imbrex::testing {

struct RecordingEvaluator final : Evaluator {
  explicit RecordingEvaluator(const Chip& c) : chip(c) {}
  const CostModel& cost() const noexcept override { return *chip.cost; }
  const Architecture& architecture() const noexcept override { return chip.model->view(); }
  const OverlapAnalyzer& analyzer() const noexcept override { std::abort(); }
  void score(std::span<const Design* const>, std::span<Score>) override { std::abort(); }
  void score_layer(OperatorId, const Placement&, std::span<const Mapping>,
                   std::span<LayerCost>) override {
    std::abort();
  }
  void score_pairs(const PairBatch&, std::span<PairResult>) override { std::abort(); }
  std::int64_t evaluations() const noexcept override { return 0; }
  void statistic(std::string_view name, double value) override { reals[std::string(name)] = value; }
  void statistic(std::string_view name, std::int64_t value) override {
    integers[std::string(name)] = value;
  }
  void note(std::string_view, std::string_view) override {}

  const Chip& chip;
  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
};

}  // namespace imbrex::testing
