// The no-stall model of a whole graph: a layer starts when every producer's offset has passed, the
// network ends with the last layer (specification fast-overlapim section 5.3, widened from chains
// to graphs). Replacing the mapping of one layer costs the pairs on its edges and one pass over the
// graph, which is what makes it a cheap objective for local search. Objectives other than latency
// weigh in the energy of all layers.
#pragma once

#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/work_graph.hpp>

#include <optional>
#include <span>
#include <vector>

namespace imbrex::anneal {

class NoStallNetwork {
 public:
  // `graph` must outlive the network. Mappings and stand-alone costs per layer.
  NoStallNetwork(search::SearchRun& run, const LayerGraph& graph, std::vector<Mapping> mappings,
                 std::vector<LayerCost> costs);

  // False when the analyzer gives no offsets: the object is then of no use.
  bool supported() const noexcept { return supported_; }
  // End of the network; empty when a pair is not feasible.
  std::optional<std::int64_t> end_ps() const;
  // What the recipe's objective says of it; infinity when a pair is not feasible.
  double objective() const;
  const std::vector<Mapping>& mappings() const noexcept { return mappings_; }

  // Objective of the network with `layer` mapped to each candidate instead.
  void try_candidates(std::size_t layer, std::span<const Mapping> candidates,
                      std::span<const LayerCost> costs, std::span<double> objectives);
  // Makes candidate `chosen` of the last `try_candidates` permanent.
  void accept(std::size_t chosen);

 private:
  struct Edge {
    std::size_t producer;
    std::size_t consumer;
    std::int64_t offset_ps;
  };
  void score_edge(const Edge& edge, std::size_t varied, std::span<const Mapping> candidates,
                  std::vector<std::int64_t>& offsets);

  search::SearchRun& run_;
  const LayerGraph& graph_;
  bool supported_ = true;
  std::vector<Mapping> mappings_;
  std::vector<LayerCost> costs_;
  std::vector<Edge> edges_;  // by consumer
  // Of the last trial.
  std::size_t tried_layer_ = 0;
  std::vector<Mapping> tried_;
  std::vector<LayerCost> tried_costs_;
  std::vector<std::size_t> touched_;                      // edges
  std::vector<std::vector<std::int64_t>> tried_offsets_;  // per touched edge, per candidate
};

}  // namespace imbrex::anneal
