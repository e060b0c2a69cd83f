// A genetic algorithm over the loop nests of one layer after another, each judged alone: what
// networks need whose layers take turns. A generation is evaluated as one batch.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/work_graph.hpp>

namespace imbrex::genetic {

struct LayerEvolution {
  search::CandidateOptions start;  // the population begins with the best of these
  std::size_t population = 4;
  std::int64_t generations = 1;
  double crossover = 0;  // probability that a child has two parents
  double mutation = 0;   // probability that a child comes from anywhere in the space
};

// A loop nest with the loops of `b` for the dimensions in `from_b` and those of `a` for the others,
// laid out slot by slot; both nests are of the space that `spec` describes. Fan-outs, floors and
// orders may be broken.
Mapping crossed(const MapSpaceSpec& spec, const Mapping& a, const Mapping& b, DimMask from_b,
                Random& random);

// Leaves each layer with the best mapping it met, and scores the resulting design. Streams of the
// host are numbered like operators. Returns the generations of the layer that had the most.
// Errors: those of sample_candidates.
std::int64_t evolve_layers(search::SearchRun& run, const LayerGraph& graph, const Host& host,
                           const LayerEvolution& evolution);

}  // namespace imbrex::genetic
