// First words, filling and draining, first and last tiles: by hand.
#include "hand_nests.hpp"

namespace imbrex::nests {
namespace {

Hierarchy memory_with_latency(double words_per_cycle, double cycles, double buffer_cycles = 0) {
  Hierarchy hierarchy = levels_of({words_per_cycle, buffer_cycles > 0 ? 3.0 : 0.0});
  hierarchy.levels[0].access_cycles = cycles;
  hierarchy.levels[1].access_cycles = buffer_cycles;
  hierarchy.has_latencies = true;
  return hierarchy;
}

// 6 x 5 times 5 x 8 in 240 steps.
TEST(FirstWord, IsWaitedForOncePerTile) {
  const Problem problem = dense(6, 5, 8);
  const Mapping rows_inside = nest_of({{Dim::K, kT, 0, 4},
                                       {Dim::P, kT, 0, 3},
                                       {Dim::P, kT, 1, 2},
                                       {Dim::K, kT, 1, 2},
                                       {Dim::C, kT, 1, 5}});
  // Weights 4 tiles of 10 words, inputs 12 of 10: 160 words, and 12 times an input is asked for.
  EXPECT_EQ(cycles_of(problem, memory_with_latency(1, 7), rows_inside), 160 + 12 * 7);
  EXPECT_EQ(cycles_of(problem, memory_with_latency(2, 7), rows_inside), 240);  // 80 + 84
  const Mapping columns_inside = nest_of({{Dim::P, kT, 0, 3},
                                          {Dim::K, kT, 0, 4},
                                          {Dim::P, kT, 1, 2},
                                          {Dim::K, kT, 1, 2},
                                          {Dim::C, kT, 1, 5}});
  // Weights 12 tiles, inputs 3: 150 words.
  EXPECT_EQ(cycles_of(problem, memory_with_latency(1, 10), columns_inside), 150 + 12 * 10);
  // Columns only: weights 4 tiles of 10, inputs once, 30.
  const Mapping columns_only =
      nest_of({{Dim::K, kT, 0, 4}, {Dim::P, kT, 1, 6}, {Dim::K, kT, 1, 2}, {Dim::C, kT, 1, 5}});
  EXPECT_EQ(cycles_of(problem, memory_with_latency(0.25, 7), columns_only), 70 * 4 + 4 * 7);
  // Sums stay while channels pass: 20 tiles of 2 weights, 20 of 6 inputs.
  const Mapping channels_inside =
      nest_of({{Dim::K, kT, 0, 4}, {Dim::C, kT, 0, 5}, {Dim::P, kT, 1, 6}, {Dim::K, kT, 1, 2}});
  EXPECT_EQ(cycles_of(problem, memory_with_latency(0.5, 7), channels_inside), 160 * 2 + 20 * 7);
  // And with columns inside, 16 tiles of 12 sums come back beside 40 weights and 5 tiles of 6
  // inputs; weights are asked for 20 times.
  const Mapping channels_outside =
      nest_of({{Dim::C, kT, 0, 5}, {Dim::K, kT, 0, 4}, {Dim::P, kT, 1, 6}, {Dim::K, kT, 1, 2}});
  EXPECT_EQ(cycles_of(problem, memory_with_latency(0.5, 7), channels_outside),
            (192 + 40 + 30) * 2 + 20 * 7);
}

// What MACs read is a stream, asked for once per tile of the buffer: 240 words of each operand and
// 240 of sums, of which 48 leave complete, at 3 a cycle, 12 tiles.
TEST(FirstWord, OfAStreamIsWaitedForOncePerTileOfItsLevel) {
  const Mapping mapping = nest_of({{Dim::K, kT, 0, 4},
                                   {Dim::P, kT, 0, 3},
                                   {Dim::P, kT, 1, 2},
                                   {Dim::K, kT, 1, 2},
                                   {Dim::C, kT, 1, 5}});
  for (const double latency : {0.5, 3.0, 20.0}) {
    EXPECT_EQ(cycles_of(dense(6, 5, 8), memory_with_latency(0, 0, latency), mapping),
              720.0 / 3 + 12 * latency);
  }
}

// Two loops of 2 over tiles of 2 rows, of which 5 exist: three tiles, not four.
TEST(FirstWord, OfTilesThatDoNotExistIsNotWaitedFor) {
  const Mapping mapping =
      nest_of({{Dim::P, kT, 0, 2}, {Dim::P, kT, 0, 2}, {Dim::P, kT, 1, 2}, {Dim::C, kT, 1, 3}});
  Hierarchy hierarchy = memory_with_latency(1, 100);
  // Weights 3 words, inputs 5 * 3.
  EXPECT_EQ(cycles_of(dense(5, 3, 1), hierarchy, mapping), 18 + 3 * 100);
  hierarchy.counting = Counting::timeloop;  // takes all for full
  EXPECT_EQ(cycles_of(dense(5, 3, 1), hierarchy, mapping), 3 + 24 + 4 * 100);
}

TEST(FillAndDrain, TakesStepsForEveryTileInFrontOfTheArray) {
  Hierarchy hierarchy = levels_of({0, 0});
  hierarchy.pass_level = 1;
  hierarchy.has_latencies = true;
  const Problem problem = dense(6, 5, 8);
  struct Case {
    std::int64_t rows, columns;
    double steps;
  };
  for (const Case& one : {Case{3, 4, 30}, Case{1, 4, 58}, Case{6, 8, 2}, Case{1, 1, 7}}) {
    hierarchy.fill_drain_steps = one.steps;
    const Mapping mapping = nest_of({{Dim::P, kT, 0, one.rows},
                                     {Dim::K, kT, 0, one.columns},
                                     {Dim::P, kT, 1, 6 / one.rows},
                                     {Dim::K, kT, 1, 8 / one.columns},
                                     {Dim::C, kT, 1, 5}});
    EXPECT_EQ(cycles_of(problem, hierarchy, mapping),
              240 + static_cast<double>(one.rows * one.columns) * one.steps);
  }
  hierarchy.pass_level = 0;  // no buffer in front of the elements: once
  hierarchy.fill_drain_steps = 11;
  EXPECT_EQ(cycles_of(problem, hierarchy,
                      nest_of({{Dim::P, kT, 0, 6}, {Dim::K, kT, 1, 8}, {Dim::C, kT, 1, 5}})),
            251);
}

// A store longer than a fetch is seen whenever results left with the tile before. 2 x 1 results of
// 3 shares each: fetch 32, work 16, store 64, and of five further tiles one begins beside a store.
TEST(TilesInStep, StoreWhereResultsLeave) {
  const auto cycles = [](std::int64_t shares, double words_out) {
    Hierarchy hierarchy = systolic(0, 0);
    hierarchy.levels[0].read_bits_per_cycle = 256;
    hierarchy.levels[0].write_bits_per_cycle = 16 * words_out;
    const Mapping mapping = nest_of({{Dim::P, kT, 0, 2},
                                     {Dim::C, kT, 0, shares},
                                     {Dim::P, kS, 1, 16},
                                     {Dim::K, kS, 1, 16},
                                     {Dim::C, kT, 2, 16}});
    return cycles_of(product(32, 16 * shares, 16), hierarchy, mapping);
  };
  EXPECT_DOUBLE_EQ(cycles(3, 4), 32 + 16 + 64 + 4 * 32 + 64);
  EXPECT_DOUBLE_EQ(cycles(3, 16), 32 + 16 + 16 + 5 * 32);  // stored within a step
  EXPECT_DOUBLE_EQ(cycles(1, 2), 32 + 16 + 128 + 128);
  EXPECT_DOUBLE_EQ(cycles(2, 1), 32 + 16 + 256 + 2 * 32 + 256);
}

// A tile of 16 x 16 x 16: 512 words in 128 cycles and the latency of 13, 16 + 58 steps, 256 words
// out in 64 cycles. One fetch, one work, one store, and three further fetches: 702, what the RTL of
// the systolic array of the silicon suite takes; likewise the others.
TEST(TilesInStep, ShowTheFirstFetchAndTheLastStore) {
  struct Case {
    std::int64_t rows, columns, channels, cycles;
  };
  for (const Case& one : {Case{1, 4, 1, 141 + 74 + 64 + 3 * 141}, Case{1, 4, 2, 279 + 7 * 141},
                          Case{2, 2, 4, 279 + 15 * 141}, Case{1, 1, 1, 279}}) {
    const Mapping mapping = nest_of({{Dim::P, kT, 0, one.rows},
                                     {Dim::K, kT, 0, one.columns},
                                     {Dim::C, kT, 0, one.channels},
                                     {Dim::P, kS, 1, 16},
                                     {Dim::K, kS, 1, 16},
                                     {Dim::C, kT, 2, 16}});
    EXPECT_DOUBLE_EQ(cycles_of(product(16 * one.rows, 16 * one.channels, 16 * one.columns),
                               systolic(13, 58), mapping),
                     static_cast<double>(one.cycles));
  }
}

// A memory of a word per cycle both ways, a buffer of two, registers. Buffer tiles of 8 weights, 4
// inputs and 2 results, register tiles of 4, 4 and 1. By the clock: the first buffer tile is there
// at 12, its first register tile at 16, its two halves are done at 20 and 24; the second buffer
// tile came at 20, its first register tile at 22; done at 32, stored at 34.
TEST(TilesInStep, AddUpOverLevels) {
  Hierarchy hierarchy = levels_of({1, 2, 0});
  hierarchy.levels[0].write_bits_per_cycle = 8;
  hierarchy.buffering = Buffering::in_step;
  hierarchy.has_latencies = true;
  const Mapping mapping = nest_of({{Dim::K, kT, 0, 2}, {Dim::K, kT, 1, 2}, {Dim::C, kT, 2, 4}});
  EXPECT_DOUBLE_EQ(cycles_of(dense(1, 4, 4), hierarchy, mapping), 34);
  hierarchy.buffering = Buffering::ideal;
  EXPECT_DOUBLE_EQ(cycles_of(dense(1, 4, 4), hierarchy, mapping), 20);
}

// Of a tile that stays, the words are fetched again where the level keeps none.
TEST(Refetch, CountsEveryPass) {
  const Mapping mapping =
      nest_of({{Dim::K, kT, 0, 4}, {Dim::P, kT, 1, 6}, {Dim::K, kT, 1, 2}, {Dim::C, kT, 1, 5}});
  struct Case {
    KeepMask refetch;
    std::int64_t weights, inputs;
  };
  for (const Case& one : {Case{0, 40, 30}, Case{0b10, 40, 120}, Case{0b01, 40, 30}}) {
    Hierarchy hierarchy = levels_of({0, 0});
    hierarchy.levels[1].refetch = one.refetch;
    hierarchy.refetches = one.refetch != 0;
    const NestCounts counts = count(dense(6, 5, 8), hierarchy, mapping);
    EXPECT_EQ(counts.tensor[0][index(Role::weights)].reads, one.weights);
    EXPECT_EQ(counts.tensor[0][index(Role::inputs)].reads, one.inputs);
    EXPECT_EQ(counts.tensor[1][index(Role::inputs)].fills, one.inputs);
  }
}

}  // namespace
}  // namespace imbrex::nests
