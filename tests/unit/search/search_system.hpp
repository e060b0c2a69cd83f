// File: search_system.hpp
//
// A cost model with a small map space and an analyzer in which the no-stall model is the whole
// truth: every number is a hash of what it depends on, so that no strategy can profit from anything
// but the interfaces. A network ends when its last layer does; with that, pairs, chains and whole
// designs must all tell the same story.
#pragma once

#include "component_kit.hpp"
#include "plugin/host_services.hpp"

#include <imbrex/search_support.hpp>
#include <imbrex/workload_builder.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <memory>

namespace imbrex::testing {

inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
  return hash ^ (hash >> 31);
}

class HashedCost final : public CostModel {
 public:
  HashedCost(const Workload& workload, std::uint64_t seed) : workload_(workload), seed_(seed) {}

  std::uint64_t refuse_one_in = 5;  // 0: none
  std::vector<FactorConstraint> constraints;
  bool one_way = false;  // no map space
  // Whether the canonical mapping, one job without loops, is none of the map space; otherwise it is
  // the one whose loops are all inside the job.
  bool canonical_outside = false;
  bool canonical_is_free = false;  // otherwise it is worse than all others

  std::uint64_t hash(OperatorId op, const Mapping& mapping) const {
    std::uint64_t value = mix(seed_, index(op));
    for (const Loop& loop : mapping.all_loops()) {
      value = mix(mix(value, index(loop.dim)), static_cast<std::uint64_t>(loop.bound));
    }
    return mix(value, mapping.outer);
  }
  bool canonical(const Mapping& mapping) const {
    return canonical_outside || one_way ? mapping.count == 0 : mapping.outer == 0;
  }

  Demand demand(OperatorId id) const noexcept override {
    return {workload_.at(id).has_macs(), workload_.at(id).has_macs() ? 1 : 0, 0};
  }
  LayerCost cost_of(OperatorId op, const Mapping& mapping) const {
    if (canonical(mapping) && canonical_is_free) {
      return {Verdict::feasible, 1, 0};
    }
    if (canonical(mapping) && refuse_one_in != 1) {
      return {Verdict::feasible, 2000, 2000};
    }
    const std::uint64_t value = hash(op, mapping);
    const bool refused = refuse_one_in != 0 && value % refuse_one_in == 0;
    return {refused ? Verdict::infeasible : Verdict::feasible,
            static_cast<std::int64_t>(100 + (value >> 8) % 900),
            static_cast<double>(100 + (value >> 32) % 900)};
  }
  void evaluate(OperatorId op, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i] = cost_of(op, mappings[i]);
    }
  }
  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape&) const override {
    Mapping mapping;
    mapping.job_extent = workload_.at(id).bounds.bound;
    for (std::size_t d = 0; d < kDimCount && !canonical_outside && !one_way; ++d) {
      if (mapping.job_extent[d] > 1) {
        mapping.loops[mapping.count++] = {static_cast<Dim>(d), LoopKind::temporal, 1,
                                          mapping.job_extent[d]};
      }
    }
    return mapping;
  }
  // With K = P = 4: 13 mappings (3 x 3 outer factors, both orders where both are loops).
  MapSpaceSpec map_space(OperatorId op, const Placement&) const override {
    MapSpaceSpec spec;
    if (one_way) {
      return spec;
    }
    spec.bounds = workload_.at(op).bounds;
    MapSlot steps;
    steps.name = "steps";
    steps.dims = dim_bit(Dim::K) | dim_bit(Dim::P);
    MapSlot inside;
    inside.name = "inside";
    inside.level = 1;
    inside.outer = false;
    inside.ordered = false;
    spec.slots = {steps, inside};
    spec.factors = constraints;
    return spec;
  }
  JobClock job_clock(OperatorId, const Placement&, const Mapping&) const noexcept override {
    return {0, 1, 0};
  }
  bool lock_step() const noexcept override { return false; }
  std::int64_t movement_ps(OperatorId) const noexcept override { return 0; }
  void transfer(std::span<const Transfer>, std::span<TransferCost>) const override {}
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const noexcept override { return 0; }

 private:
  const Workload& workload_;
  std::uint64_t seed_;
};

class NoStallAnalyzer final : public OverlapAnalyzer {
 public:
  explicit NoStallAnalyzer(const HashedCost& cost) : cost_(cost) {}
  bool knows_pairs = true;

  AnalysisRequest request() const noexcept override { return {}; }

  std::int64_t offset_ps(OperatorId p, const Mapping& mp, OperatorId c, const Mapping& mc) const {
    const std::uint64_t value = mix(cost_.hash(p, mp), cost_.hash(c, mc));
    // Whoever needs the last output ends after its producer.
    const std::int64_t alone_p = cost_.cost_of(p, mp).latency_ps;
    const std::int64_t alone_c = cost_.cost_of(c, mc).latency_ps;
    return std::max(static_cast<std::int64_t>(value % 1000), alone_p - alone_c + 1);
  }
  void analyze(const AnalysisRequest&, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink*) const override {
    for (std::size_t i = 0; i < designs.size(); ++i) {
      out[i] = analyze_one(*designs[i]);
    }
  }
  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!knows_pairs) {
        out[i].verdict = Verdict::unsupported;
        continue;
      }
      const bool producers = batch.candidates_are_producers;
      const Mapping& p = producers ? batch.candidates[i] : *batch.fixed;
      const Mapping& c = producers ? *batch.fixed : batch.candidates[i];
      const std::int64_t offset = offset_ps(batch.producer, p, batch.consumer, c);
      const std::int64_t alone = cost_.cost_of(batch.consumer, c).latency_ps;
      const std::int64_t end = batch.producer_start_ps + offset + alone;
      out[i] = {Verdict::feasible, end, end - alone / 3, offset};
    }
  }

 private:
  OverlapResult analyze_one(const Design& design) const {
    const LayerGraph graph = layer_graph(design, cost_);
    std::vector<std::int64_t> start(graph.layers.size(), 0);
    std::vector<Mapping> mapping;
    std::int64_t end = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
      const OperatorId op = graph.layers[i];
      mapping.push_back(design.mapping(op) ? *design.mapping(op)
                                           : cost_.canonical_mapping(op, {}, {}));
      const LayerCost alone = cost_.cost_of(op, mapping[i]);
      if (alone.verdict != Verdict::feasible) {
        return {alone.verdict, 0};
      }
      for (const std::size_t p : graph.producers[i]) {
        start[i] =
            std::max(start[i], start[p] + offset_ps(graph.layers[p], mapping[p], op, mapping[i]));
      }
      end = std::max(end, start[i] + alone.latency_ps);
    }
    return {Verdict::feasible, end};
  }

  const HashedCost& cost_;
};

// Scores on the threads of a Host, as the kernel does, and remembers what it was told.
class TestEvaluator final : public Evaluator {
 public:
  TestEvaluator(const HashedCost& cost, const NoStallAnalyzer& analyzer, Host& host)
      : cost_(cost), analyzer_(analyzer), host_(host) {}

  const CostModel& cost() const noexcept override { return cost_; }
  const Architecture& architecture() const noexcept override { return architecture_; }
  const OverlapAnalyzer& analyzer() const noexcept override { return analyzer_; }
  Objective objective() const noexcept override { return wanted; }
  void score(std::span<const Design* const> designs, std::span<Score> out) override {
    evaluations_ += static_cast<std::int64_t>(designs.size());
    host_.parallel_for(designs.size(), 4, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        OverlapResult result;
        analyzer_.analyze(analyzer_.request(), {&designs[i], 1}, {&result, 1}, nullptr);
        out[i] = {result.verdict, objective_of(*designs[i], result.makespan_ps),
                  result.makespan_ps};
      }
    });
  }
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override {
    evaluations_ += static_cast<std::int64_t>(candidates.size());
    cost_.evaluate(op, placement, candidates, out);
  }
  void score_pairs(const PairBatch& batch, std::span<PairResult> out) override {
    evaluations_ += static_cast<std::int64_t>(batch.candidates.size());
    host_.parallel_for(out.size(), 4, [&](std::size_t begin, std::size_t end) {
      PairBatch part = batch;
      part.candidates = batch.candidates.subspan(begin, end - begin);
      analyzer_.analyze_pairs(part, out.subspan(begin, end - begin));
    });
  }
  std::int64_t evaluations() const noexcept override { return evaluations_; }
  void statistic(std::string_view name, double value) override { reals[std::string(name)] = value; }
  void statistic(std::string_view name, std::int64_t value) override {
    integers[std::string(name)] = value;
  }
  void note(std::string_view name, std::string_view text) override {
    notes[std::string(name)] = text;
  }

  // Energies of layers add up; nothing draws power meanwhile.
  double objective_of(const Design& design, std::int64_t makespan_ps) const {
    double energy_pj = 0;
    for (const OperatorId op : layer_graph(design, cost_).layers) {
      energy_pj += cost_
                       .cost_of(op, design.mapping(op) ? *design.mapping(op)
                                                       : cost_.canonical_mapping(op, {}, {}))
                       .energy_pj;
    }
    switch (wanted) {
      case Objective::energy:
        return energy_pj;
      case Objective::edp:
        return energy_pj * static_cast<double>(makespan_ps) * 1e-12;
      default:
        return static_cast<double>(makespan_ps);
    }
  }

  Objective wanted = Objective::latency;
  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> notes;

 private:
  Architecture architecture_{};
  const HashedCost& cost_;
  const NoStallAnalyzer& analyzer_;
  Host& host_;
  std::int64_t evaluations_ = 0;
};

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
    const Design* const pointer = &d;
    OverlapResult result;
    analyzer.analyze(analyzer.request(), {&pointer, 1}, {&result, 1}, nullptr);
    return result.verdict == Verdict::feasible ? result.makespan_ps : INT64_MAX;
  }

  // Runs a strategy on `design` and returns its makespan.
  std::int64_t search(std::string_view id, const Settings& settings) {
    static const ComponentKit kit{"search_random",         "search_exhaustive",
                                  "search_fast_overlapim", "search_optimal_chain",
#ifdef IMBREX_TEST_GENETIC
                                  "search_genetic",
#endif
                                  "search_anneal"};
    Context context;
    context.workload = workload.get();
    context.architecture = &architecture;
    context.cost = &cost;
    context.host = &host;
    evaluator = std::make_unique<TestEvaluator>(cost, analyzer, host);
    evaluator->wanted = wanted;
    const auto strategy =
        kit.make<SearchStrategy>("imbrex.search." + std::string(id), settings, context);
    strategy->search(design, *evaluator);
    return makespan(design);
  }

  // What the recipe's objective says of a design; infinity: not feasible.
  double objective(const Design& d) const {
    const std::int64_t makespan_ps = makespan(d);
    return makespan_ps == INT64_MAX ? std::numeric_limits<double>::infinity()
                                    : evaluator->objective_of(d, makespan_ps);
  }

  std::shared_ptr<const Workload> workload;
  Objective wanted = Objective::latency;
  ResourcePool pool{"unit", 1 << 20, 1};
  Architecture architecture = [this] {
    Architecture result;
    result.resources = {&pool, 1};
    return result;
  }();
  HashedCost cost;
  NoStallAnalyzer analyzer;
  HostServices services;
  Host& host;
  Design design;
  std::unique_ptr<TestEvaluator> evaluator;
};

// All feasible mappings of a layer, the canonical one first.
inline std::vector<Mapping> all_mappings(const SearchSystem& system, OperatorId op) {
  std::vector<Mapping> all = {system.cost.canonical_mapping(op, {}, {})};
  const MapSpace space(system.cost.map_space(op, {}));
  for (MapSpace::Index i = 0; i < space.size(); ++i) {
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

}  // namespace imbrex::testing
