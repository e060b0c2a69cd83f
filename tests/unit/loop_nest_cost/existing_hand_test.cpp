// Words and cycles of small layers, by hand: what exists is fetched once, no cycle is rounded.
#include "hand_nests.hpp"
#include "port_rates.hpp"

#include <imbrex/values/work_order.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

// One MAC under a buffer under a memory that takes 1 pJ per word.
Hierarchy memory_and_buffer(double words_per_cycle = 0, std::int64_t fanout = 1) {
  Hierarchy hierarchy;
  hierarchy.levels.resize(2);
  hierarchy.levels[0].keep = hierarchy.levels[1].keep = 0b111;
  hierarchy.levels[0].read_bits_per_cycle = words_per_cycle * 8;
  hierarchy.levels[0].read_energy_pj_per_bit = hierarchy.levels[0].write_energy_pj_per_bit = 0.125;
  hierarchy.levels[1].fanout = fanout;
  return hierarchy;
}

// Weights 36, inputs 54, results 6 a pass: those of o passes over the channels come back o - 1
// times.
TEST(ExistingWords, UnevenFactorsMoveNothingTwice) {
  struct Case {
    std::int64_t tile, words;
  };
  for (const Case& one : {Case{9, 108}, Case{16, 108}, Case{17, 108}, Case{4, 144}, Case{7, 120}}) {
    SCOPED_TRACE(one.tile);
    const Mapping mapping = nest_of({{Dim::C, kT, 0, (17 + one.tile) / one.tile},
                                     {Dim::P, kT, 0, 3},
                                     {Dim::C, kT, 1, one.tile},
                                     {Dim::K, kT, 1, 2}});
    const NestCounts counts = count(dense(3, 18, 2), memory_and_buffer(), mapping);
    EXPECT_EQ(counts.energy_pj, static_cast<double>(one.words));
    EXPECT_EQ(counts.steps, 3 * 18 * 2);
  }
}

// An array of 4 x 4 for 6 x 5 outputs: two passes along either, of which the last are not full.
TEST(ExistingWords, UnevenSharesReadWhatExists) {
  const Mapping mapping = nest_of({{Dim::K, kT, 0, 2},
                                   {Dim::P, kT, 0, 2},
                                   {Dim::K, LoopKind::spatial, 1, 4},
                                   {Dim::P, LoopKind::spatial, 1, 4},
                                   {Dim::C, kT, 1, 3}});
  Mapping ordered = mapping;
  std::rotate(ordered.loops.begin() + 2, ordered.loops.begin() + 4, ordered.loops.begin() + 5);
  const NestCounts counts = count(dense(5, 3, 6), memory_and_buffer(0, 16), ordered);
  ASSERT_EQ(counts.verdict, Verdict::feasible);
  // Weights 6 * 3 once, inputs 5 * 3 for each of two passes over K, results 5 * 6.
  EXPECT_EQ(counts.energy_pj, 18.0 + 2 * 15 + 30);
  EXPECT_EQ(counts.steps, 2 * 2 * 3);
}

struct Image {
  std::int64_t extent, kernel, stride, dilation, pad, words;
};

Problem problem_of(const Image& one) {
  WorkloadBuilder builder("image");
  ConvolutionParams params;
  params.output_channels = 1;
  params.window.kernel = {one.kernel, one.kernel};
  params.window.stride = {one.stride, one.stride};
  params.window.dilation = {one.dilation, one.dilation};
  params.window.pad_begin = params.window.pad_end = {one.pad, one.pad};
  builder.convolution("c", builder.input("x", {4, {1, 1, one.extent, one.extent}}), params);
  return prepare(builder.finish(), operator_id(0));
}

TEST(ExistingWords, PaddingIsNotFetched) {
  const Image images[] = {
      {7, 3, 1, 1, 1, 49},  // with the padded box 81
      {1, 3, 1, 1, 1, 1},   // 9
      {5, 3, 2, 1, 1, 25},  // windows reach from -1 to 5
      {6, 3, 2, 1, 1, 36},  // and here to 5, the last row of the image
      {8, 3, 1, 8, 8, 64},  // the outer taps lie in the padding
      {9, 1, 3, 1, 0, 9},   // every third row and column, nothing padded
      {4, 2, 3, 1, 1, 9},   // rows -1, 0, 2, 3: three of them exist
  };
  for (const Image& one : images) {
    SCOPED_TRACE(std::to_string(one.extent) + ", kernel " + std::to_string(one.kernel));
    const Problem problem = problem_of(one);
    const std::int64_t rows = problem.bounds[Dim::P];
    Hierarchy hierarchy = memory_and_buffer();
    hierarchy.levels[1].capacity_bits =
        8 * (one.words + one.kernel * one.kernel + rows * rows);  // just enough
    const std::vector<Loop> window{{Dim::R, kT, 1, one.kernel}, {Dim::S, kT, 1, one.kernel}};
    std::vector<Loop> whole{{Dim::P, kT, 1, rows}, {Dim::Q, kT, 1, rows}};
    whole.insert(whole.end(), window.begin(), window.end());
    const NestCounts counts = count(problem, hierarchy, nest_of(whole));
    ASSERT_EQ(counts.verdict, Verdict::feasible);
    EXPECT_EQ(counts.tensor[0][index(Role::inputs)].reads, one.words);
    EXPECT_EQ(counts.tensor[1][index(Role::inputs)].tile_words, one.words);
    EXPECT_EQ(counts.energy_pj,
              static_cast<double>(one.words + one.kernel * one.kernel + rows * rows));

    // Row by row: what the window keeps is not fetched again.
    std::vector<Loop> by_row{{Dim::P, kT, 0, rows}, {Dim::Q, kT, 1, rows}};
    by_row.insert(by_row.end(), window.begin(), window.end());
    const NestCounts rowwise = count(problem, hierarchy, nest_of(by_row));
    EXPECT_EQ(rowwise.tensor[0][index(Role::inputs)].reads, one.dilation > 1 ? 64 : one.words);
  }
}

TEST(Cycles, OfMemoryAreNotRounded) {
  const std::vector<Loop> loops{
      {Dim::K, kT, 0, 64}, {Dim::P, kT, 0, 64}, {Dim::C, LoopKind::spatial, 1, 16}};
  const auto cycles = [&](double words_per_cycle) {
    return count(dense(64, 16, 64), memory_and_buffer(words_per_cycle, 16), nest_of(loops)).cycles;
  };
  for (const auto& [words_per_cycle, expected] : test::kPortRates) {
    EXPECT_DOUBLE_EQ(cycles(std::stod(words_per_cycle)), expected) << words_per_cycle;
  }
  EXPECT_DOUBLE_EQ(cycles(7), 66560.0 / 7);
}

// One register file per row of an image, which keeps inputs and reads half a word a cycle. The rows
// at the border find fewer words than those inside, for which all wait: in an image of three rows
// the middle one meets three rows and 7 of the 9 pairs of column and tap.
TEST(Cycles, AreThoseOfTheBusiestInstance) {
  struct Case {
    std::int64_t side, kernel;
    double words;  // of the busiest
  };
  for (const Case& one : {Case{3, 3, 3 * 7}, {4, 3, 3 * 10}, {2, 3, 2 * 4}, {5, 5, 5 * 19}}) {
    SCOPED_TRACE(one.side);
    const Problem problem = problem_of({one.side, one.kernel, 1, 1, one.kernel / 2, 0});
    Hierarchy hierarchy;
    hierarchy.levels.resize(3);
    hierarchy.levels[0].keep = 0b111;
    hierarchy.levels[1].fanout = one.side;
    hierarchy.levels[2].keep = static_cast<KeepMask>(keep_bit(index(Role::inputs)));
    hierarchy.levels[2].read_bits_per_cycle = 4;
    const NestCounts counts = count(problem, hierarchy,
                                    nest_of({{Dim::P, LoopKind::spatial, 1, one.side},
                                             {Dim::Q, kT, 2, one.side},
                                             {Dim::R, kT, 2, one.kernel},
                                             {Dim::S, kT, 2, one.kernel}}));
    ASSERT_EQ(counts.verdict, Verdict::feasible);
    const auto steps = static_cast<double>(one.side * one.kernel * one.kernel);
    EXPECT_DOUBLE_EQ(counts.cycles, std::max(steps, 2 * one.words));
  }
}

TEST(Cycles, AreTimesOfAnyPeriod) {
  EXPECT_EQ(whole_ps(1000, 333.33333333), 333'333);
  EXPECT_EQ(whole_ps(2000, 333.33333333), 666'667);
  EXPECT_EQ(whole_ps(3, 0.4), 1);
  EXPECT_EQ(whole_ps(4160, 1000), 4'160'000);
  EXPECT_EQ(whole_ps(1e12, 714.2857142857143), 714'285'714'285'714);
  EXPECT_EQ(whole_ps(1.8e16, 1000), kTimeLimitPs);
}

}  // namespace
}  // namespace imbrex::nests
