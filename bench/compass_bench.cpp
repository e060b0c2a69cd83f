// How long cutting a network into segments takes: estimates of all spans, the search, the rewritten
// design. The budgets of the design: VGG16 on the smallest chip in 50 ms with the optimal
// partitioner and 1 s with the genetic one; networks an order of magnitude larger in seconds.
#include "compass_kit.hpp"

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

void cut(benchmark::State& state, const char* name, const char* preset, const char* partitioner) {
  const auto workload = network(name);
  const Settings settings =
      std::string(partitioner) == "compass" ? Settings{{"patience", 0}} : Settings{};
  std::int64_t spans = 0;
  std::int64_t segments = 0;
  for (auto _ : state) {
    state.PauseTiming();  // a cost model of its own, since one keeps what it found for a network
    const CompassChip chip(workload, preset);
    state.ResumeTiming();
    const FakeEvaluator said = partition(chip, partitioner, settings);
    spans = said.integers.at("spans");
    segments = said.integers.at("segments");
  }
  state.counters["spans"] = static_cast<double>(spans);
  state.counters["segments"] = static_cast<double>(segments);
}
BENCHMARK_CAPTURE(cut, vgg16_s_optimal, "vgg16-full", "compass-s", "optimal")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, vgg16_s_genetic_100x30, "vgg16-full", "compass-s", "compass")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, vgg16_l_optimal, "vgg16-full", "compass-l", "optimal")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, vgg16_l_genetic_100x30, "vgg16-full", "compass-l", "compass")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, resnet152_l_optimal, "resnet152", "compass-l", "optimal")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, bert_large_l_optimal, "bert-large-encoder", "compass-l", "optimal")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, llama_7b_l_optimal, "llama-7b-decoder", "compass-l", "optimal")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cut, llama_7b_l_greedy, "llama-7b-decoder", "compass-l", "greedy")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
