// How long one edge takes, by comparing data spaces and by arithmetic: ResNet-18 stage 1, two 3x3
// convolutions of 64 channels on 56 x 56, from 64 x 128 to 7168 x 14336 data spaces (specification
// fast-overlapim, section 3.6). Same pair, same results; the ratios are the speed-ups.
#include "pair_kit.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <algorithm>
#include <array>
#include <ctime>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

Workload stage1() {
  PairShape shape;
  shape.in_channels = shape.mid_channels = shape.out_channels = 64;
  shape.rows = shape.columns = 56;
  shape.first.kernel = shape.second.kernel = {3, 3};
  shape.first.pad_begin = shape.first.pad_end = {1, 1};
  shape.second.pad_begin = shape.second.pad_end = {1, 1};
  return build(shape);
}

// How finely both layers are cut: row and column tiles in time, reduction steps innermost, 16 banks
// over output channels. Data spaces: 16 * rows * columns * reduction steps.
struct Cut {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t producer_reduction;
  std::int64_t consumer_reduction;
};
constexpr std::array kCuts = {
    Cut{4, 1, 1, 2},   // 64 x 128
    Cut{28, 1, 1, 1},  // 448 x 448
    Cut{28, 1, 2, 4},  // 896 x 1792
    Cut{56, 1, 2, 4},  // 1792 x 3584
    Cut{56, 1, 4, 8},  // 3584 x 7168
    Cut{56, 1, 8, 16}  // 7168 x 14336
};

Mapping cut(const Cut& how, std::int64_t reduction) {
  return nest({temporal(Dim::P, how.rows), temporal(Dim::Q, how.columns), spatial(Dim::K, 16),
               temporal(Dim::C, reduction)},
              {{Dim::K, 4},
               {Dim::C, 64 / reduction},
               {Dim::P, 56 / how.rows},
               {Dim::Q, 56 / how.columns},
               {Dim::R, 3},
               {Dim::S, 3}});
}

// One pair by one analyzer; many copies of the candidate where one would be lost in the overhead.
struct Ends {
  Ends(std::string_view component, const char* method, std::size_t which)
      : system(stage1()),
        producer(cut(kCuts[which], kCuts[which].producer_reduction)),
        candidates(component == kFast ? 64 : 1, cut(kCuts[which], kCuts[which].consumer_reduction)),
        results(candidates.size()) {
    system.clock(1000, 900);
    const Settings settings = component == kFast ? Settings{{"method", method}} : Settings{};
    analyzer =
        plugin::make_instance<OverlapAnalyzer>(configure(component, settings), system.context);
  }
  void run() {
    analyzer->analyze_pairs(
        {&system.design, system.producer, system.consumer, false, &producer, candidates, 0},
        results);
  }
  double data_spaces(const Operator& op, const Mapping& mapping) const {
    const LoopNest loops(op.bounds, mapping);
    return static_cast<double>(loops.steps() * loops.servers());
  }

  PairSystem system;
  Mapping producer;
  std::vector<Mapping> candidates;
  std::vector<PairResult> results;
  plugin::Instance<OverlapAnalyzer> analyzer;
};

void one_end(benchmark::State& state, std::string_view component, const char* method) {
  Ends ends(component, method, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    ends.run();
    benchmark::DoNotOptimize(ends.results.data());
  }
  state.counters["producer"] = ends.data_spaces(ends.system.from(), ends.producer);
  state.counters["consumer"] = ends.data_spaces(ends.system.to(), ends.candidates[0]);
  state.counters["end_ps"] = static_cast<double>(ends.results[0].end_ps);
  state.counters["per_end"] = benchmark::Counter(
      static_cast<double>(ends.results.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(one_end, pairwise, kPairwise, "")->DenseRange(0, kCuts.size() - 1);
BENCHMARK_CAPTURE(one_end, digit_walk, kFast, "digit-walk")->DenseRange(0, kCuts.size() - 1);
BENCHMARK_CAPTURE(one_end, tables, kFast, "tables")->DenseRange(0, kCuts.size() - 1);
BENCHMARK_CAPTURE(one_end, separable, kFast, "separable")->DenseRange(0, kCuts.size() - 1);

// CPU time, because the machine may be busy with other things.
double seconds_per_end(Ends& ends) {
  const std::clock_t start = std::clock();
  std::size_t ran = 0;
  double taken = 0;
  do {
    ends.run();
    ran += ends.results.size();
    taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  } while (taken < 0.02);
  return taken / static_cast<double>(ran);
}

// The ratio table: both sides measured side by side, the median of several rounds.
void ratio_to_pairwise(benchmark::State& state, const char* method) {
  const auto which = static_cast<std::size_t>(state.range(0));
  Ends compared(kPairwise, "", which);
  Ends computed(kFast, method, which);
  std::vector<double> ratios;
  for (auto _ : state) {
    ratios.push_back(seconds_per_end(compared) / seconds_per_end(computed));
    if (compared.results[0].end_ps != computed.results[0].end_ps) {
      state.SkipWithError("the two analyzers differ");
      return;
    }
  }
  std::sort(ratios.begin(), ratios.end());
  state.counters["producer"] = compared.data_spaces(compared.system.from(), compared.producer);
  state.counters["consumer"] = compared.data_spaces(compared.system.to(), compared.candidates[0]);
  state.counters["ratio"] = ratios[ratios.size() / 2];
}

BENCHMARK_CAPTURE(ratio_to_pairwise, digit_walk, "digit-walk")
    ->DenseRange(0, kCuts.size() - 1)
    ->Iterations(5);
BENCHMARK_CAPTURE(ratio_to_pairwise, separable, "separable")
    ->DenseRange(0, kCuts.size() - 1)
    ->Iterations(5);

}  // namespace
}  // namespace imbrex::test
