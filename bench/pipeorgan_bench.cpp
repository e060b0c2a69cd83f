// Planning of pipelined segments on 32 x 32 elements: depth, granularity and layout with routed
// loads, of networks of XR-bench. Target: 100 layers in less than a second on one core.
#include "clsa_fixture.hpp"
#include "pipeline_limits.hpp"
#include "recipe/load_recipe.hpp"
#include "run/runner.hpp"

#include <imbrex/toolkit/segments/segment_depth.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>
#include <imbrex/toolkit/spatial/segment_layout.hpp>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

segments::LayerSequence sequence_of(const Workload& workload) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (workload.operators()[i].has_macs()) {
      mapped.push_back(operator_id(i));
    }
  }
  return segments::layer_sequence(workload, mapped);
}

// Hand-over of pixels between a layer and the next, rows and columns outermost in both.
std::int64_t intervals(const Workload& workload, const segments::LayerSequence& sequence,
                       std::size_t i) {
  constexpr spatial::TileLoop kProducer[] = {{Dim::P, 1}, {Dim::Q, 1}, {Dim::K, 1}, {Dim::C, 1}};
  constexpr spatial::TileLoop kConsumer[] = {{Dim::P, 1}, {Dim::Q, 1}, {Dim::K, 1}, {Dim::C, 1}};
  spatial::Cut cut;
  cut.extent = workload.at(sequence.operators[i]).bounds.bound;
  cut.stride = workload.at(sequence.operators[i + 1]).stride;
  return spatial::finest_granularity(cut, kProducer, kConsumer).intervals;
}

// Every segment, or all layers in segments of the same depth where that is given.
double plan(const Workload& workload, const segments::LayerSequence& sequence,
            const Topology& topology, std::size_t depth) {
  std::vector<std::int32_t> ends = segments::greedy_segments(sequence, kPublishedLimits);
  if (depth > 0) {
    ends.clear();
    for (std::size_t end = depth; end < sequence.layers.size() + depth; end += depth) {
      ends.push_back(static_cast<std::int32_t>(std::min(end, sequence.layers.size())));
    }
  }
  double cycles = 0;
  std::size_t begin = 0;
  for (const std::int32_t last : ends) {
    const auto end = static_cast<std::size_t>(last);
    std::vector<std::int64_t> macs;
    std::vector<spatial::SegmentEdge> edges;
    for (std::size_t i = begin; i < end; ++i) {
      macs.push_back(sequence.layers[i].macs);
      if (i + 1 < end) {
        const auto stage = static_cast<std::int32_t>(i - begin);
        edges.push_back({stage, stage + 1, sequence.layers[i].output_words});
        benchmark::DoNotOptimize(intervals(workload, sequence, i));
      }
    }
    cycles += spatial::best_layout(topology, {macs, edges, FlowPattern::one_to_one}, {8, 1, 1, 1})
                  ->period_cycles();
    begin = end;
  }
  return cycles;
}

// Arguments: forced depth (0: the heuristic's), topology.
void pipeorgan_plan(benchmark::State& state, const char* network) {
  const std::shared_ptr<const Workload> workload = load_workload(network);
  const segments::LayerSequence sequence = sequence_of(*workload);
  const Topology topology(static_cast<TopologyKind>(state.range(1)), 32, 32);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        plan(*workload, sequence, topology, static_cast<std::size_t>(state.range(0))));
  }
  state.counters["layers"] = static_cast<double>(sequence.layers.size());
}

// The command's work: depths, loop orders, layouts judged by the cost model with routed loads, and
// the timeline.
void pipeorgan_run(benchmark::State& state, const std::string& network) {
  plugin::HostServices services{plugin::HostOptions{}};
  const recipe::ResolvedPlan plan = recipe::resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/ritnet-pipeorgan.toml",
       {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/xrbench-" + network + ".toml"}},
      registry());
  std::size_t layers = 0;
  for (auto _ : state) {
    layers = run::run_plan(plan, registry(), services).result.operators.size();
  }
  state.counters["layers"] = static_cast<double>(layers);
}
BENCHMARK_CAPTURE(pipeorgan_run, d2go_depthwise, "d2go-depthwise")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pipeorgan_run, plane_rcnn, "plane-rcnn")->Unit(benchmark::kMillisecond);

BENCHMARK_CAPTURE(pipeorgan_plan, d2go_depthwise, "xrbench-d2go-depthwise")
    ->Args({0, 0})
    ->Args({0, 1})
    ->Args({2, 1})
    ->Args({8, 1})
    ->Args({32, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pipeorgan_plan, emformer_24, "xrbench-emformer-24")
    ->Args({8, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
