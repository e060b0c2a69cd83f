// What admission and audit cost: whole runs with and without them, in turns, so that a machine that
// slows down slows both. The counter `overhead_percent` is what they add.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"
#include "run/runner.hpp"

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

// Of the processor: what else runs on the machine counts less.
double seconds_of(const recipe::ResolvedPlan& plan, plugin::HostServices& services,
                  run::Checks checks) {
  const std::clock_t start = std::clock();
  const run::RunOutcome outcome = run::run_plan(plan, registry(), services, checks);
  benchmark::DoNotOptimize(outcome.result.metrics);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

void with_and_without(benchmark::State& state, const std::string& recipe) {
  plugin::HostOptions options;
  options.threads = 1;
  options.quiet = true;
  plugin::HostServices services(options);
  const recipe::ResolvedPlan plan =
      recipe::resolve({IMBREX_SOURCE_DIR "/configs/recipes/" + recipe, {}}, registry());
  std::vector<double> with;
  std::vector<double> without;
  std::vector<double> admission_only;
  for (auto _ : state) {
    without.push_back(seconds_of(plan, services, {false, false}));
    with.push_back(seconds_of(plan, services, {true, true}));
    admission_only.push_back(seconds_of(plan, services, {true, false}));
  }
  state.counters["with_ms"] = least(with) * 1e3;
  state.counters["without_ms"] = least(without) * 1e3;
  state.counters["overhead_percent"] = (least(with) / least(without) - 1) * 100;
  state.counters["admission_percent"] = (least(admission_only) / least(without) - 1) * 100;
}
BENCHMARK_CAPTURE(with_and_without, resnet18_fast_overlapim_1000_candidates,
                  std::string("resnet18-fast-overlapim.toml"))
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_CAPTURE(with_and_without, tinyyolov4_by_row, std::string("tinyyolov4-clsa-cim.toml"))
    ->Unit(benchmark::kMillisecond)
    ->Iterations(61);

}  // namespace
}  // namespace imbrex::test
