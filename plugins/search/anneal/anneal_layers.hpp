// Simulated annealing of one layer after another, each judged alone: what networks need whose
// layers take turns.
#pragma once

#include "cooling.hpp"

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/work_graph.hpp>

namespace imbrex::anneal {

struct LayerWalk {
  std::size_t start_samples = 1;
  std::size_t walks = 1;             // side by side, which share the steps
  std::size_t proposals = 1;         // per step of a walk, the best of which is judged
  std::uint64_t steps_per_jump = 1;  // every so many proposals one comes from anywhere
  Cooling cooling;
};

// Leaves each layer with the best mapping it met, and scores the resulting design. Streams of the
// host are numbered like operators. Errors: those of sample_candidates.
void anneal_layers(search::SearchRun& run, const LayerGraph& graph, const Host& host,
                   const LayerWalk& walk);

}  // namespace imbrex::anneal
