// Layers that run without stalls: consecutive layers of a chain start a fixed offset apart, which
// depends on the two mappings alone, so that the end of the last layer is a sum over the edges
// (specification fast-overlapim section 5.3).
#pragma once

#include <imbrex/toolkit/search/greedy_walk.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

namespace imbrex::optimal_chain {

// The path through the layer graph whose fastest candidates take longest together; the whole
// network when it is a chain. Ties: smaller positions. Ascending positions.
std::vector<std::size_t> spine(const search::Candidates& candidates);

// Best candidates of the layers on the path.
struct ChainOptimum {
  search::Choice choice;             // per position of the path
  std::vector<std::int64_t> end_ps;  // of each layer, without stalls
  std::int64_t model_ps = 0;         // end of the last layer; the least there is
};
// Viterbi over (layer, candidate): exact under the model. Ties: the smaller index.
// (path - 1) * candidates^2 pairs. Empty when the analyzer gives no offsets.
// Errors: InfeasibleError when no combination is feasible or the budget ends before the path.
std::optional<ChainOptimum> optimal_chain(search::SearchRun& run,
                                          const search::Candidates& candidates,
                                          std::span<const std::size_t> path);

// What the model says of any choice (indices per layer of the graph); empty when a pair is not
// feasible or offsets are not known.
std::optional<std::int64_t> chain_model_ps(search::SearchRun& run,
                                           const search::Candidates& candidates,
                                           std::span<const std::size_t> path,
                                           const search::Choice& choice);

}  // namespace imbrex::optimal_chain
