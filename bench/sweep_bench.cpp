// What a sweep costs beyond its runs. Budget: 2 ms per point. All rows are of one experiment, a
// cheap network with 1 000 numbers of spare PEs: `sweep_whole` on one worker less
// `sweep_runs_alone` is what sweeping costs; `sweep_kept` is a sweep of which everything is there
// already.
#include "experiment/command_line_axes.hpp"
#include "experiment/database.hpp"
#include "experiment/render.hpp"
#include "experiment/sweep.hpp"
#include "plugin/host_services.hpp"
#include "run/runner.hpp"

#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <unistd.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

const plugin::Registry& registry() {
  static const plugin::Registry registry([] {
    plugin::PluginSearchPath path;
    path.defaults = {IMBREX_PLUGIN_DIR};
    return path;
  }());
  return registry;
}

experiment::ExperimentPlan plan_of(std::int64_t points) {
  const recipe::Edits edits = {"architecture.extra_pes=1.." + std::to_string(points)};
  return experiment::plan_experiment(
      experiment::experiment_of(IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml",
                                edits),
      registry());
}

struct Silent final : experiment::SweepListener {
  void ended(const experiment::PointRecord&, std::size_t, std::size_t) override {}
  bool stop() override { return false; }
};

// A sweep as the command does it, up to the files that it leaves.
void sweep(std::int64_t points, const fs::path& folder) {
  const experiment::ExperimentPlan plan = plan_of(points);
  const experiment::Store store(folder);
  store.open();
  const experiment::Backlog backlog(plan, registry(), "bench", store);
  Silent listener;
  const experiment::Records records =
      experiment::run_backlog(plan, backlog, registry(), {}, store, {}, false, listener);
  benchmark::DoNotOptimize(experiment::points_csv(plan, records));
  benchmark::DoNotOptimize(experiment::experiment_json(plan, records));
  experiment::write_database(plan, records, folder);
}

fs::path scratch() {
  return fs::temp_directory_path() / ("imbrex-sweep-bench-" + std::to_string(::getpid()));
}

void per_point(benchmark::State& state) {
  state.counters["ms_per_point"] =
      benchmark::Counter(static_cast<double>(state.range(0) * state.iterations()) / 1e3,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void sweep_plan(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(plan_of(state.range(0)).plans.size());
  }
  per_point(state);
}
BENCHMARK(sweep_plan)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void sweep_runs_alone(benchmark::State& state) {
  const experiment::ExperimentPlan plan = plan_of(state.range(0));
  plugin::HostOptions options;
  options.threads = 1;
  options.quiet = true;
  for (auto _ : state) {
    for (const recipe::ResolvedPlan& one : plan.plans) {
      plugin::HostServices services(options);
      benchmark::DoNotOptimize(run::run_plan(one, registry(), services).result.speedup);
    }
  }
  per_point(state);
}
BENCHMARK(sweep_runs_alone)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void sweep_whole(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    fs::remove_all(scratch());
    state.ResumeTiming();
    sweep(state.range(0), scratch());
  }
  per_point(state);
  fs::remove_all(scratch());
}
BENCHMARK(sweep_whole)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void sweep_kept(benchmark::State& state) {
  fs::remove_all(scratch());
  sweep(state.range(0), scratch());
  for (auto _ : state) {
    sweep(state.range(0), scratch());
  }
  per_point(state);
  fs::remove_all(scratch());
}
BENCHMARK(sweep_kept)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace imbrex
