// Proved fronts of the layers of a design, found together when the first of them is asked for.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/toolkit/optimum/front.hpp>

#include <string>
#include <vector>

namespace imbrex::search {

// Layers that are alike share one.
struct LayerFront {
  std::vector<OperatorId> operators;
  const mapspace::MapSpace* space = nullptr;
  nests::Problem problem;
  std::string unknown;  // why nothing can be counted; empty: it can
  optimum::Front front;
};

// Adds a layer to those that are alike, or behind them. `space`: as `SearchRun::space_of`.
void add_layer(std::vector<LayerFront>& fronts, const Design& design, const Evaluator& evaluator,
               OperatorId op, const mapspace::MapSpace* space);

// All of them, side by side where there is a host; not proved where the cost model, asked for the
// mappings found, says something else than what was counted. Errors: CancelledError.
void find(std::vector<LayerFront>& fronts, const Design& design, const Evaluator& evaluator,
          std::int64_t max_states, Host* host);

// Facts of `with_candidate_facts`.
void state(const std::vector<LayerFront>& fronts, const Workload& workload, Evaluator& evaluator);

}  // namespace imbrex::search
