// Pipelined segments simulated with every packet on the links of 32 x 32 elements: RITNet of
// XR-bench, floor plans of imbrex.partition.pipeorgan. The jobs are the
// partitioner's.
#include "clsa_fixture.hpp"
#include "recipe/load_recipe.hpp"
#include "run/runner.hpp"

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

run::RunOutcome ritnet(const char* topology, const char* layout) {
  plugin::HostServices services{plugin::HostOptions{}};
  const recipe::ResolvedPlan plan = recipe::resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/ritnet-pipeorgan.toml",
       {std::string("architecture.topology=") + topology, std::string("stage.1.layout=") + layout}},
      registry());
  return run::run_plan(plan, registry(), services);
}

void simulated_links(benchmark::State& state, const char* topology, const char* layout) {
  const run::RunOutcome outcome = ritnet(topology, layout);
  const auto simulator = plugin::make_instance<OverlapAnalyzer>(
      configure("imbrex.overlap.simulator"), outcome.machine->context(host()));
  const Design* const design = outcome.design.get();
  Detail detail;
  for (auto _ : state) {
    detail = Detail();
    OverlapResult result;
    simulator->analyze(simulator->request(), {&design, 1}, {&result, 1}, &detail);
    benchmark::DoNotOptimize(result);
  }
  const auto packets = static_cast<double>(detail.at("packets"));
  const auto events = static_cast<double>(detail.at("events"));
  state.counters["packets"] = packets;
  state.counters["events"] = events;
  state.counters["events_per_s"] =
      benchmark::Counter(events, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(simulated_links, mesh, "mesh", "auto")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated_links, mesh_blocked, "mesh", "blocked-1d")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulated_links, amp, "amp", "auto")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
