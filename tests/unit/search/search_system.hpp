// A cost model with a small map space and an analyzer in which the no-stall model is the whole
// truth: every number is a hash of what it depends on, so that no strategy can profit from anything
// but the interfaces. Small networks, and everything a search of them needs. A network ends when
// its last layer does; with that, pairs, chains and whole designs must all tell the same story.
#pragma once

#include "analyze_one.hpp"
#include "built_components.hpp"
#include "fakes/architecture_model.hpp"
#include "fakes/evaluator.hpp"
#include "no_stall_analyzer.hpp"
#include "plugin/host_services.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace imbrex::test {

// K = P = 64: 7 x 7 splits into steps and the rest, both orders of 6 x 6 of them.
inline constexpr std::size_t kWideSpace = 85;
inline Workload wide_layer() {
  WorkloadBuilder builder("wide");
  ConvolutionParams params;
  params.output_channels = 64;
  builder.convolution("wide", builder.input("x", {4, {1, 4, 64, 1, 1, 1}}), params);
  return builder.finish();
}

inline ConvolutionParams four_channels() {
  ConvolutionParams params;
  params.output_channels = 4;
  return params;
}
inline Shape small_image() {
  return {4, {1, 1, 4, 1, 1, 1}};
}

// `layers` convolutions of K = P = 4, an activation after each.
inline Workload chain_of(std::size_t layers) {
  WorkloadBuilder builder("chain");
  TensorId data = builder.input("x", small_image());
  for (std::size_t i = 0; i < layers; ++i) {
    const std::string name = "c" + std::to_string(i);
    data = builder.activation(name + ".relu", builder.convolution(name, data, four_channels()));
  }
  return builder.finish();
}
// c0 -> c1 -> c2, c0 + c2 -> c3.
inline Workload residual() {
  WorkloadBuilder builder("residual");
  const TensorId c0 = builder.convolution("c0", builder.input("x", small_image()), four_channels());
  const TensorId c1 = builder.convolution("c1", builder.activation("r", c0), four_channels());
  const TensorId c2 = builder.convolution("c2", c1, four_channels());
  const TensorId both[] = {c0, c2};
  builder.convolution("c3", builder.elementwise("add", both), four_channels());
  return builder.finish();
}

// Everything a search needs, and what came of it.
struct SearchSystem {
  explicit SearchSystem(Workload network, std::uint64_t seed = 1, int threads = 1)
      : workload(std::make_shared<const Workload>(std::move(network))),
        cost(*workload, seed),
        analyzer(cost),
        services({threads, LogLevel::warning, true}),
        host(services.host_for("test", seed, 0)),
        design(workload) {}

  std::int64_t makespan(const Design& d) const {
    const OverlapResult result = analyze_one(analyzer, d);
    return result.verdict == Verdict::feasible ? result.makespan_ps : INT64_MAX;
  }

  // Runs a strategy on `design` and returns its makespan.
  std::int64_t search(std::string_view id, const Settings& settings) {
    Context context;
    context.workload = workload.get();
    context.architecture = &chip.architecture;
    context.cost = &cost;
    context.host = &host;
    evaluator = fresh_evaluator();
    const auto strategy =
        make<SearchStrategy>("imbrex.search." + std::string(id), settings, context);
    strategy->search(design, *evaluator);
    return makespan(design);
  }

  std::unique_ptr<FakeEvaluator> fresh_evaluator() {
    auto fresh = std::make_unique<FakeEvaluator>(cost, chip.architecture, analyzer, &host);
    fresh->wanted = wanted;
    return fresh;
  }

  // What the recipe's objective says of a design; infinity: not feasible.
  double objective(const Design& d) const {
    const std::int64_t makespan_ps = makespan(d);
    return makespan_ps == INT64_MAX ? std::numeric_limits<double>::infinity()
                                    : evaluator->objective_of(d, makespan_ps);
  }

  std::shared_ptr<const Workload> workload;
  Objective wanted = Objective::latency;
  FakeChip chip{1 << 20};
  HashedCost cost;
  NoStallAnalyzer analyzer;
  plugin::HostServices services;
  Host& host;
  Design design;
  std::unique_ptr<FakeEvaluator> evaluator;
};

// All feasible mappings of a layer, the canonical one first.
inline std::vector<Mapping> all_mappings(const SearchSystem& system, OperatorId op) {
  std::vector<Mapping> all = {system.cost.canonical_mapping(op, {}, {})};
  const mapspace::MapSpace space(system.cost.map_space(op, {}));
  for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
    const Mapping mapping = space.at(i);
    if (mapping != all.front() && system.cost.cost_of(op, mapping).verdict == Verdict::feasible) {
      all.push_back(mapping);
    }
  }
  return all;
}

// The least makespan over all combinations, by recursion over the layers.
inline std::int64_t brute_force(const SearchSystem& system, const LayerGraph& graph,
                                std::size_t layer, Design& design) {
  if (layer == graph.layers.size()) {
    return system.makespan(design);
  }
  std::int64_t best = INT64_MAX;
  for (const Mapping& mapping : all_mappings(system, graph.layers[layer])) {
    design.mapping(graph.layers[layer]) = mapping;
    best = std::min(best, brute_force(system, graph, layer + 1, design));
  }
  return best;
}
inline std::int64_t brute_force(const SearchSystem& system) {
  Design design(system.workload);
  return brute_force(system, layer_graph(design, system.cost), 0, design);
}

}  // namespace imbrex::test
