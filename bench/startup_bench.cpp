// What a person waits for before anything is computed. Budgets that are part of the design: below
// 30 ms for `imbrex --version` as a process, and for resolving a recipe with every plugin loaded;
// at most 0.4 ms for loading a library.
#include "plugin/registry.hpp"
#include "recipe/parsed_recipe.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex {
namespace {

const std::string kRecipe = IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml";

// Runs the command with its output thrown away. CPU seconds that it took; nothing unless it ends
// with 0.
std::optional<double> cpu_seconds(std::initializer_list<const char*> words) {
  std::vector<char*> arguments = {const_cast<char*>(IMBREX_COMMAND)};
  for (const char* word : words) {
    arguments.push_back(const_cast<char*>(word));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, IMBREX_COMMAND, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  rusage usage{};
  if (failed != 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
    return std::nullopt;
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void process(benchmark::State& state, std::initializer_list<const char*> words) {
  for (auto _ : state) {
    if (!cpu_seconds(words)) {
      state.SkipWithError("the command failed");
      return;
    }
  }
}

// The floor under both: a process that does nothing.
void process_true(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(std::system("true"));
  }
}
BENCHMARK(process_true)->Unit(benchmark::kMillisecond)->UseRealTime();
void process_version(benchmark::State& state) {
  process(state, {"--version"});
}
BENCHMARK(process_version)->Unit(benchmark::kMillisecond)->UseRealTime();
void process_check(benchmark::State& state) {
  process(state, {"check", kRecipe.c_str()});
}
BENCHMARK(process_check)->Unit(benchmark::kMillisecond)->UseRealTime();

plugin::PluginSearchPath every_plugin() {
  plugin::PluginSearchPath path;
  path.defaults = {IMBREX_PLUGIN_DIR};
  return path;
}

// Libraries stay mapped after the first time: this is what checking and registering them costs.
void open_registry_again(benchmark::State& state) {
  for (auto _ : state) {
    const plugin::Registry registry(every_plugin());
    benchmark::DoNotOptimize(registry.components().size());
    state.counters["plugins"] = static_cast<double>(registry.plugins().size());
  }
}
BENCHMARK(open_registry_again)->Unit(benchmark::kMicrosecond);

// What every start of a process pays per library: all of them listed, over a start that opens none.
// The least of many, in turns, so that neither a switch of tasks nor a cold disk counts.
void load_each_plugin(benchmark::State& state) {
  double none_s = std::numeric_limits<double>::infinity();
  double all_s = none_s;
  for (auto _ : state) {
    const auto none = cpu_seconds({"--version"});
    const auto all = cpu_seconds({"plugins"});
    if (!none || !all) {
      state.SkipWithError("the command failed");
      return;
    }
    none_s = std::min(none_s, *none);
    all_s = std::min(all_s, *all);
  }
  const auto plugins = static_cast<double>(plugin::Registry(every_plugin()).plugins().size());
  state.counters["plugins"] = plugins;
  state.counters["ms_per_plugin"] = (all_s - none_s) * 1000 / plugins;
}
BENCHMARK(load_each_plugin)->Name("boundary/load")->Unit(benchmark::kMillisecond)->Iterations(50);

void resolve_recipe(benchmark::State& state) {
  const plugin::Registry registry(every_plugin());
  for (auto _ : state) {
    benchmark::DoNotOptimize(recipe::resolve({kRecipe, {}}, registry));
  }
}
BENCHMARK(resolve_recipe)->Unit(benchmark::kMicrosecond);

// What a point of a sweep costs before it runs.
void resolve_variant(benchmark::State& state) {
  const plugin::Registry registry(every_plugin());
  const auto recipe = recipe::ParsedRecipe::of_file(kRecipe);
  int extra_pes = 0;
  for (auto _ : state) {
    const std::string setting = "architecture.extra_pes=" + std::to_string(++extra_pes % 64);
    benchmark::DoNotOptimize(
        recipe::resolve_variant(recipe, {setting, "stage.2.granularity=pixel"}, registry));
  }
}
BENCHMARK(resolve_variant)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace imbrex
