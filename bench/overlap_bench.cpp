// File: overlap_bench.cpp
//
// How long one edge takes, by comparing data spaces and by arithmetic: ResNet-18 stage 1, two 3x3
// convolutions of 64 channels on 56 x 56, from 448 x 448 to 7168 x 14336 data spaces (specification
// fast-overlapim, section 3.6). Same pair, same results; the ratios are the speed-ups.
#include "pair_kit.hpp"

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

using testing::nest;
using testing::spatial;
using testing::temporal;

Workload stage1() {
  PairShape shape;
  shape.in_channels = shape.mid_channels = shape.out_channels = 64;
  shape.rows = shape.columns = 56;
  shape.first.kernel = shape.second.kernel = {3, 3};
  shape.first.pad_begin = shape.first.pad_end = {1, 1};
  shape.second.pad_begin = shape.second.pad_end = {1, 1};
  return build(shape);
}

// 28 or 56 row tiles in time, 16 banks over output channels, reduction steps innermost.
Mapping rows_channels(std::int64_t rows, std::int64_t reduction) {
  return nest({temporal(Dim::P, rows), spatial(Dim::K, 16), temporal(Dim::C, reduction)},
              {{Dim::K, 4},
               {Dim::C, 64 / reduction},
               {Dim::P, 56 / rows},
               {Dim::Q, 56},
               {Dim::R, 3},
               {Dim::S, 3}});
}

void one_end(benchmark::State& state, std::string_view component, const char* method, bool large) {
  PairSystem system(stage1());
  system.clock(1000, 900);
  const Mapping producer = large ? rows_channels(56, 8) : rows_channels(28, 1);
  const std::vector<Mapping> candidates(64, large ? rows_channels(56, 16) : rows_channels(28, 1));
  const Settings settings = component == kFast ? Settings{{"method", method}} : Settings{};
  const auto analyzer =
      make_instance<OverlapAnalyzer>(configure(component, settings), system.context);
  const std::size_t count = component == kFast ? candidates.size() : 1;
  std::vector<PairResult> results(count);
  const PairBatch batch{&system.design,
                        system.producer,
                        system.consumer,
                        false,
                        &producer,
                        std::span(candidates).first(count),
                        0};
  for (auto _ : state) {
    analyzer->analyze_pairs(batch, results);
    benchmark::DoNotOptimize(results.data());
  }
  state.counters["end_ps"] = static_cast<double>(results[0].end_ps);
  state.counters["per_end"] =
      benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(one_end, pairwise_448, kPairwise, "", false);
BENCHMARK_CAPTURE(one_end, digit_walk_448, kFast, "digit-walk", false);
BENCHMARK_CAPTURE(one_end, tables_448, kFast, "tables", false);
BENCHMARK_CAPTURE(one_end, separable_448, kFast, "separable", false);
BENCHMARK_CAPTURE(one_end, pairwise_7168, kPairwise, "", true);
BENCHMARK_CAPTURE(one_end, digit_walk_7168, kFast, "digit-walk", true);
BENCHMARK_CAPTURE(one_end, tables_7168, kFast, "tables", true);
BENCHMARK_CAPTURE(one_end, separable_7168, kFast, "separable", true);

}  // namespace
}  // namespace imbrex::test
