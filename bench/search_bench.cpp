// How long searches take, stage by stage as a recipe runs them. The budget of the design: all of
// ResNet50 forward with 1000 candidates per layer in less than 10 s on one core and 300 MB.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

namespace imbrex::test {
namespace {

// The main chain of the shipped recipe, without its baseline: bank slices, the search with 1000
// candidates per layer, the final analysis in detail. The range is the number of threads.
void whole_network(benchmark::State& state, const char* network, const char* order,
                   const char* score) {
  plugin::HostOptions options;
  options.threads = static_cast<int>(state.range(0));
  options.quiet = true;
  recipe::ResolvedPlan plan = recipe::resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/resnet18-fast-overlapim.toml",
       {std::string("workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/") + network + ".toml",
        std::string("stage.2.order=") + order, std::string("stage.2.score=") + score}},
      registry());
  plan.baseline.reset();
  std::int64_t latency_ps = 0;
  for (auto _ : state) {
    plugin::HostServices services(options);
    const run::RunOutcome outcome = run::run_plan(plan, registry(), services);
    latency_ps = outcome.design->timeline()->makespan_ps;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["latency_us"] = static_cast<double>(latency_ps) / 1e6;
  state.counters["peak_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK_CAPTURE(whole_network, resnet50_forward, "resnet50-full", "forward", "overlap")
    ->Arg(1)
    ->Arg(2)
    ->Arg(4)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(whole_network, resnet50_backward, "resnet50-full", "backward", "overlap")
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_network, resnet50_middle_out, "resnet50-full", "middle-out", "overlap")
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_network, resnet50_original, "resnet50-full", "forward", "original")
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_network, resnet18_transform, "resnet18", "forward", "transform")
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
