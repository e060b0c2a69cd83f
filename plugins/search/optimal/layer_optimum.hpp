// The optimum of one layer, or of several that are alike.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/toolkit/optimum/optimum.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace imbrex::optimal {

// What an operator had before the search.
struct Incoming {
  std::optional<Mapping> mapping;  // none: outside the map space, or not feasible
  LayerCost cost;
  double objective = 0;
};

struct LayerTask {
  std::vector<OperatorId> operators;  // alike: they share space, counts and answer
  std::vector<Incoming> incoming;     // of each of them
  const mapspace::MapSpace* space = nullptr;
  Placement placement;  // of the first
  double least = 0;     // what the cost model says of the fastest mapping, no energy at all
  nests::Problem problem;
  std::string unknown;  // why nothing can be counted; empty: it can
  optimum::Answer answer;
};

struct LayerLimits {
  double gap = 0;
  std::int64_t max_states = 0;
  std::int64_t max_bytes = 0;
  std::int64_t enumerate = 0;  // mappings
};

// Those with a choice of mappings, and what the design that came in is worth there.
// Errors: InfeasibleError when a constraint empties a space, CancelledError.
std::vector<LayerTask> tasks_of(search::SearchRun& run, std::span<const OperatorId> layers);

// Branch and bound, where the cost model says how it counts; the cost model confirms what was
// found. Interrupted, the best known then. [any thread]
void prove(LayerTask& task, const LayerLimits& limits, const Evaluator& evaluator, Host& host);

// Finds an answer where there is none: all mappings of a small space, or the best that is known.
// Where a mapping that came in is better than the answer, it is the answer; where it is worth less
// than the bound, it denies the proof. Afterwards there is a mapping, unless interrupted.
// Errors: InfeasibleError when no mapping is feasible, or none is known.
void settle(LayerTask& task, const LayerLimits& limits, search::SearchRun& run);

// How much more than the bound something is worth, in percent: 0 where the two are as near as
// proofs compare (optimum::kMargin). Empty where nothing is known, the bound being 0.
std::optional<double> gap_percent(double objective, double bound) noexcept;

}  // namespace imbrex::optimal
