// What one candidate costs: the kernel's evaluator against a bare analyzer, the closed-form
// analyzer against the event-driven simulation that is its oracle.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"
#include "run/bound_machine.hpp"
#include "run/load_workload.hpp"
#include "run/stage_evaluator.hpp"

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

constexpr std::int64_t kExtraPes = 32;

// One analysis of a duplicated TinyYOLOv4, row sets, per analyzer.
void analyze(benchmark::State& state, const char* analyzer_id) {
  const ClsaSystem system(build_network("tinyyolov4"), kExtraPes);
  const Design design = duplicated(system);
  const auto analyzer = system.analyzer(analyzer_id, {{"granularity", "row"}});
  for (auto _ : state) {
    benchmark::DoNotOptimize(makespan_cycles(*analyzer, design));
  }
}
BENCHMARK_CAPTURE(analyze, tinyyolov4_row_clsa, "imbrex.overlap.clsa-cim")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(analyze, tinyyolov4_row_layer_by_layer, "imbrex.overlap.layer-by-layer")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(analyze, tinyyolov4_row_simulator, "imbrex.overlap.simulator")
    ->Unit(benchmark::kMicrosecond);

// A batch of candidates through the kernel's evaluator, on the given number of threads.
void score_batch(benchmark::State& state) {
  constexpr std::size_t kBatch = 64;
  plugin::HostOptions options;
  options.threads = static_cast<int>(state.range(0));
  options.quiet = true;
  plugin::HostServices services(options);
  Host& host = services.host_for("bench", 1, 0);
  const recipe::ResolvedPlan plan = recipe::resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml", {}}, registry());
  const auto workload = imbrex::run::load_workload(plan.workload, plan.seed, services);
  const run::BoundMachine machine(plan.architecture, plan.cost, workload, services, plan.seed);
  const auto analyzer =
      plugin::make_instance<OverlapAnalyzer>(plan.stages.back().config, machine.context(host));
  run::StageEvaluator evaluator(machine, *analyzer, Objective::latency, host);
  std::vector<Design> designs(kBatch, Design(workload));
  std::vector<const Design*> candidates;
  for (std::size_t i = 0; i < kBatch; ++i) {
    designs[i].placement(operator_id(0)).copies = 1 + static_cast<std::int64_t>(i % 16);
    candidates.push_back(&designs[i]);
  }
  std::vector<Score> scores(kBatch);
  for (auto _ : state) {
    evaluator.score(candidates, scores);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(score_batch)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace imbrex::test
