// Levels of an array: how many instances of each there are, by hand, and what they cost.
#include "pe_array_levels.hpp"

#include <imbrex/plugin/error.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::pe_array {
namespace {

using Counts = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

Config array(std::int64_t rows, std::int64_t columns, std::int64_t macs_per_pe, std::size_t levels,
             const Counts& instances = {}, const Texts& per = {}) {
  Config config;
  config.rows = rows;
  config.columns = columns;
  config.macs_per_pe = macs_per_pe;
  config.level_names = {"L0", "L1", "L2", "L3", "L4", "L5"};
  config.level_names.resize(levels);
  config.level_words.assign(levels, 0);
  config.level_read_words_per_cycle.assign(levels, 0);
  config.level_write_words_per_cycle.assign(levels, 0);
  config.level_instances = instances;
  config.level_per = per;
  return config;
}

TEST(PeArrayLevels, FollowTheArray) {
  EXPECT_EQ(instances_of(Config{}), (Counts{1, 1, 1024}));
  EXPECT_EQ(instances_of(array(16, 16, 1, 3)), (Counts{1, 1, 256}));
  EXPECT_EQ(instances_of(array(8, 4, 2, 2)), (Counts{1, 32}));
  EXPECT_EQ(instances_of(array(64, 64, 8, 4)), (Counts{1, 1, 1, 4096}));
  // Partly stated: what is left out, or 0, follows.
  EXPECT_EQ(instances_of(array(12, 14, 1, 4, {1, 1, 14})), (Counts{1, 1, 14, 168}));
  EXPECT_EQ(instances_of(array(12, 14, 1, 5, {1, 0, 14})), (Counts{1, 1, 14, 14, 168}));
  EXPECT_EQ(instances_of(array(4, 4, 1, 3, {0, 4, 0})), (Counts{1, 4, 16}));
  // Per part of the array, whatever its size.
  const Texts per = {"chip", "chip", "column", "PE", "PE"};
  EXPECT_EQ(instances_of(array(12, 14, 1, 5, {}, per)), (Counts{1, 1, 14, 168, 168}));
  EXPECT_EQ(instances_of(array(24, 28, 1, 5, {}, per)), (Counts{1, 1, 28, 672, 672}));
  EXPECT_EQ(instances_of(array(3, 5, 7, 3, {}, {"chip", "row", "MAC"})), (Counts{1, 3, 105}));
  EXPECT_EQ(instances_of(array(3, 5, 7, 3, {0, 1}, {"chip", "row", "MAC"})), (Counts{1, 1, 105}));
}

TEST(PeArrayLevels, WarnOfInstancesThatAreNoPartOfTheArray) {
  const auto warns = [](const Config& config) { return !instances_warning(config).empty(); };
  EXPECT_EQ(instances_warning(array(64, 64, 1, 3, {1, 1, 1024})),
            "'level_instances' is not what an array of 64 x 64 PEs of 1 MAC has: level 'L2' has "
            "1024 instances, 4096 would follow; leave entries out, or 0, to follow the array, or "
            "state 'level_per'");
  EXPECT_TRUE(warns(array(8, 8, 1, 3, {1, 1, 16})));
  EXPECT_TRUE(warns(array(16, 16, 1, 3, {1, 1, 16})));  // at the MACs, but one per column only
  EXPECT_TRUE(warns(array(24, 14, 1, 4, {1, 1, 12, 336})));
  EXPECT_TRUE(warns(array(8, 8, 1, 3, {1, 4, 64}, {"chip", "chip", "PE"})));
  // Everything else is some part of the array.
  EXPECT_FALSE(warns(Config{}));
  EXPECT_FALSE(warns(array(64, 64, 1, 3)));
  EXPECT_FALSE(warns(array(12, 14, 1, 6, {1, 1, 14, 168, 168, 168})));
  EXPECT_FALSE(warns(array(2, 2, 1, 2, {1, 1})));
  EXPECT_FALSE(warns(array(8, 8, 4, 3, {1, 8, 256})));
  EXPECT_FALSE(warns(array(8, 8, 1, 3, {1, 1, 8}, {"chip", "chip", "row"})));
}

std::string failure_of(const Config& config) {
  try {
    levels_of(config);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PeArrayLevels, RefuseWhatDoesNotDivideAndSayWhatWouldFollow) {
  EXPECT_EQ(failure_of(array(2, 2, 1, 3, {1, 1, 1024})),
            "level 'L2' has 1024 instances, which do not divide the 4 MACs of the array; left out "
            "of 'level_instances', 4 would follow");
  EXPECT_EQ(failure_of(array(6, 1, 1, 3, {1, 4})),
            "level 'L1' has 4 instances, which do not divide the 6 of 'L2'; left out of "
            "'level_instances', 1 would follow");
  EXPECT_EQ(failure_of(array(6, 1, 1, 2, {}, {"chip", "pe"})),
            "parameter 'level_per' has 'pe'; a level has one instance per chip, row, column, PE or "
            "MAC");
  EXPECT_EQ(failure_of(array(6, 1, 1, 2, {1, 1, 6})),
            "parameter 'level_instances' has 3 entries, 'level_names' has 2: one per level");
  EXPECT_EQ(failure_of(array(6, 1, 1, 2, {}, {"chip"})),
            "parameter 'level_per' has 1 entries, 'level_names' has 2: one per level");
  Config config = array(6, 1, 1, 2);
  config.level_latency_cycles = {1, 2, 3};
  EXPECT_EQ(failure_of(config),
            "parameter 'level_latency_cycles' has 3 entries, 'level_names' has 2: one per level");
  config.level_latency_cycles = {};
  config.level_write_energy_pj_per_word = {1};
  EXPECT_EQ(failure_of(config),
            "parameter 'level_write_energy_pj_per_word' has 1 entries, "
            "'level_names' has 2: one per level");
}

// Bits and times are exact below 2^53, in every later sum of a few of them below 2^63.
TEST(PeArrayLevels, RefuseWhatCannotBeCounted) {
  Config config = array(2, 2, 1, 2);
  config.word_bits = 16;
  config.level_words = {0, std::int64_t{1} << 49};
  EXPECT_EQ(failure_of(config),
            "parameter 'level_words' makes 2^53 bits or more of level 'L1'; there must be fewer");
  config.level_words = {INT64_MAX, 0};
  EXPECT_EQ(failure_of(config),
            "parameter 'level_words' makes 2^53 bits or more of level 'L0'; there must be fewer");
  config.level_words = {0, (std::int64_t{1} << 49) - 1};
  EXPECT_EQ(levels_of(config)[1].capacity_bits, (std::int64_t{1} << 53) - 16);
  config.cycle_ns = 1e6;
  config.level_latency_cycles = {1e7, 0};
  EXPECT_EQ(failure_of(config),
            "parameter 'level_latency_cycles' makes 2^53 picoseconds or more of "
            "level 'L0'; there must be fewer");
}

// 16-bit words, a cycle of 2.5 ns.
TEST(PeArrayLevels, ReadAndWriteMayDiffer) {
  Config config = array(2, 2, 1, 2);
  config.word_bits = 16;
  config.cycle_ns = 2.5;
  config.level_energy_pj_per_word = {64, 8};
  EXPECT_EQ(levels_of(config)[0].write_energy_pj_per_bit, 4);
  EXPECT_EQ(levels_of(config)[1].write_energy_pj_per_bit, 0.5);
  EXPECT_EQ(levels_of(config)[0].access_ps, 0);
  config.level_write_energy_pj_per_word = {96, 0};
  config.level_latency_cycles = {12, 0.5};
  EXPECT_EQ(levels_of(config)[0].read_energy_pj_per_bit, 4);
  EXPECT_EQ(levels_of(config)[0].write_energy_pj_per_bit, 6);
  EXPECT_EQ(levels_of(config)[1].write_energy_pj_per_bit, 0);
  EXPECT_EQ(levels_of(config)[0].access_ps, 30'000);
  EXPECT_EQ(levels_of(config)[1].access_ps, 1250);
  config.level_energy_pj_per_word = {};
  EXPECT_EQ(levels_of(config)[0].read_energy_pj_per_bit, 0);
  EXPECT_EQ(levels_of(config)[0].write_energy_pj_per_bit, 6);
}

}  // namespace
}  // namespace imbrex::pe_array
