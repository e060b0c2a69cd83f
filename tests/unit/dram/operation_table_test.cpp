// Published counts and times of operations on rows.
#include "dram_pim_operations.hpp"

#include <gtest/gtest.h>

namespace imbrex::dram_pim {
namespace {

OperationCost entry(Preset preset, const Commands& commands, OperationKind kind, int bits) {
  for (const OperationCost& cost : operation_table(preset, commands)) {
    if (cost.operation == kind && cost.bits == bits) {
      return cost;
    }
  }
  ADD_FAILURE() << "no entry";
  return {};
}

Commands simdram(std::int64_t aap_ps, std::int64_t ap_ps) {
  Commands commands;
  commands.activate_activate_precharge_ps = aap_ps;
  commands.activate_precharge_ps = ap_ps;
  commands.activation_energy_pj = 1;
  return commands;
}

TEST(OperationTable, CountsCommandsAsMicroProgramsDo) {
  const Commands unit = simdram(1, 1);
  for (int n = 1; n <= kMaxOperandBits; ++n) {
    EXPECT_EQ(entry(Preset::simdram, unit, OperationKind::add, n).latency_ps, 8 * n + 1);
    EXPECT_EQ(entry(Preset::simdram, unit, OperationKind::multiply, n).latency_ps,
              11 * n * n - 5 * n - 1);
  }
}
TEST(OperationTable, GivesTheSpecifiedTimes) {
  // tRC = 45: AAP 49, AP 45: 3.12, 31.8, 6.19, 131, 12.3 us; S6 timing 51/47: 3.25, 33.1 us.
  const Commands transpim = simdram(49000, 45000);
  const auto us = [](const OperationCost& cost) {
    return static_cast<double>(cost.latency_ps) / 1e6;
  };
  EXPECT_NEAR(us(entry(Preset::simdram, transpim, OperationKind::add, 8)), 3.12, 0.005);
  EXPECT_NEAR(us(entry(Preset::simdram, transpim, OperationKind::multiply, 8)), 31.8, 0.05);
  EXPECT_NEAR(us(entry(Preset::simdram, transpim, OperationKind::add, 16)), 6.19, 0.005);
  EXPECT_NEAR(us(entry(Preset::simdram, transpim, OperationKind::multiply, 16)), 131, 0.5);
  EXPECT_NEAR(us(entry(Preset::simdram, transpim, OperationKind::add, 32)), 12.3, 0.05);
  const Commands hbm2 = simdram(51000, 47000);
  EXPECT_NEAR(us(entry(Preset::simdram, hbm2, OperationKind::add, 8)), 3.25, 0.005);
  EXPECT_NEAR(us(entry(Preset::simdram, hbm2, OperationKind::multiply, 8)), 33.1, 0.05);
}
TEST(OperationTable, ChargesTwoActivationsForACopyAndOneOtherwise) {
  // n = 8 addition: 49 AAP, 16 AP.
  EXPECT_DOUBLE_EQ(entry(Preset::simdram, simdram(1, 1), OperationKind::add, 8).energy_pj,
                   2 * 49 + 16);
}
TEST(OperationTable, GivesThePublishedBitSimdCounts) {
  // Reads count 1, writes 1000, logic 1000000. INT8 add 16R 8W 25L, mul 72R 36W 136L; INT16 mul
  // 272R 136W 528L.
  Commands commands;
  commands.row_read_ps = 1;
  commands.row_write_ps = 1000;
  commands.logic_ps = 1000000;
  EXPECT_EQ(entry(Preset::bitsimd, commands, OperationKind::add, 8).latency_ps, 25008016);
  EXPECT_EQ(entry(Preset::bitsimd, commands, OperationKind::multiply, 8).latency_ps, 136036072);
  EXPECT_EQ(entry(Preset::bitsimd, commands, OperationKind::multiply, 16).latency_ps, 528136272);
}
TEST(OperationTable, GivesTheSpecifiedNorTimes) {
  // 1.1 ns cycles, n = 16: 0.21 and 3.42 us.
  Commands commands;
  commands.nor_cycle_ps = 1100;
  EXPECT_EQ(entry(Preset::nor, commands, OperationKind::add, 16).latency_ps, 193 * 1100);
  EXPECT_EQ(entry(Preset::nor, commands, OperationKind::multiply, 16).latency_ps, 3110 * 1100);
}
// The times that OptiPIM gives for its HBM3, and how far SIMDRAM's counts at our HBM2 timing (AAP
// 51 ns, AP 47 ns) are from them at 16 bits: add 97 AAP and 32 AP, 6451 ns; multiply 2015 AAP and
// 720 AP, 136605 ns.
TEST(OperationTable, GivesTheTimesOfOptiPim) {
  Commands commands;
  commands.row_operation_ps = 27000;
  const auto ns = [&](OperationKind kind, int bits) {
    return entry(Preset::optipim, commands, kind, bits).latency_ps / 1000;
  };
  EXPECT_EQ(ns(OperationKind::add, 8), 41 * 27);
  EXPECT_EQ(ns(OperationKind::multiply, 8), 449 * 27);
  EXPECT_EQ(ns(OperationKind::add, 16), 2187);
  EXPECT_EQ(ns(OperationKind::multiply, 16), 48411);
  EXPECT_EQ(ns(OperationKind::add, 32), 161 * 27);
  EXPECT_EQ(ns(OperationKind::multiply, 32), 7169 * 27);
  EXPECT_EQ(ns(OperationKind::shift, 16), 16 * 27);
  EXPECT_EQ(ns(OperationKind::copy_row, 16), 27);
  const Commands hbm2 = simdram(51000, 47000);
  const auto spread = [&](OperationKind kind) {
    return static_cast<double>(entry(Preset::simdram, hbm2, kind, 16).latency_ps) /
           static_cast<double>(entry(Preset::optipim, commands, kind, 16).latency_ps);
  };
  EXPECT_NEAR(spread(OperationKind::add), 6451.0 / 2187, 1e-9);
  EXPECT_NEAR(spread(OperationKind::multiply), 136605.0 / 48411, 1e-9);
}
TEST(OperationTable, ChargesTwoActivationsForAnOperationOfOptiPim) {
  Commands commands;
  commands.activation_energy_pj = 1;
  EXPECT_DOUBLE_EQ(entry(Preset::optipim, commands, OperationKind::add, 8).energy_pj, 2 * 41);
}
TEST(OperationTable, SaysWhereEveryNumberComesFrom) {
  for (const Preset preset : {Preset::simdram, Preset::bitsimd, Preset::nor, Preset::optipim}) {
    const auto table = operation_table(preset, {});
    EXPECT_EQ(table.size(), std::size_t{4 * kMaxOperandBits});
    for (const OperationCost& cost : table) {
      EXPECT_FALSE(cost.provenance.empty());
    }
  }
}

}  // namespace
}  // namespace imbrex::dram_pim
