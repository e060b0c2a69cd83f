// imbrex.architecture.dram-pim as a component.
#include "dram_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::DramSystem;
using test::one_convolution;
using test::thrown;

const std::shared_ptr<const Workload>& small() {
  static const auto workload = one_convolution(4, 8, 4, 3);
  return workload;
}

OperationCost operation(const DramSystem& system, OperationKind kind, int bits) {
  for (const OperationCost& cost : system.architecture().operations) {
    if (cost.operation == kind && cost.bits == bits) {
      return cost;
    }
  }
  return {};
}

TEST(DramPim, IsOneHbm2StackByDefault) {
  const DramSystem system(small());
  const Architecture& a = system.architecture();
  EXPECT_EQ(a.resources[0].count, 128);
  EXPECT_EQ(a.grid.rows, 8);
  EXPECT_EQ(a.grid.columns, 16);
  EXPECT_EQ(a.units[0].kind, UnitKind::bit_serial_bank);
  EXPECT_EQ(a.units[0].rows, 32768);
  EXPECT_EQ(a.units[0].columns, 8192);
  // 128 bit x 2 Gb/s = 256 bit/ns per channel; a bank bursts half as often.
  EXPECT_DOUBLE_EQ(a.levels[0].read_bits_per_ps, 0.256);
  EXPECT_DOUBLE_EQ(a.levels[1].read_bits_per_ps, 0.128);
  EXPECT_EQ(a.levels[0].capacity_bits, std::int64_t{128} * 32768 * 8192);
  EXPECT_EQ(a.levels[0].access_ps, 28000);
}
TEST(DramPim, TakesItsTimesFromTheTiming) {
  const DramSystem system(small());
  EXPECT_EQ(operation(system, OperationKind::copy_row, 8).latency_ps, 51000);
  // 49 AAP of 51 ns, 16 AP of 47 ns.
  EXPECT_EQ(operation(system, OperationKind::add, 8).latency_ps, 49 * 51000 + 16 * 47000);
}
TEST(DramPim, ActivatesTwiceInFullWhenActivationsDoNotOverlap) {
  const DramSystem system(small(), {{"overlapped_activation", std::int64_t{0}}});
  EXPECT_EQ(operation(system, OperationKind::copy_row, 8).latency_ps, 80000);
}
TEST(DramPim, OffersOtherTables) {
  const DramSystem nor(small(), {{"preset", std::string("nor")}});
  EXPECT_EQ(operation(nor, OperationKind::add, 16).latency_ps, 193 * 1100);
  // 16 reads of tRCD + tRP, 8 writes of tRCD + tWR + tRP, 25 logic steps of tCCD_S.
  const DramSystem bitsimd(small(), {{"preset", std::string("bitsimd")}});
  EXPECT_EQ(operation(bitsimd, OperationKind::add, 8).latency_ps,
            16 * 28000 + 8 * 44000 + 25 * 2000);
}
TEST(DramPim, RefusesHalfAnOverride) {
  const std::string message = thrown<InputError>([] {
    DramSystem(small(), {{"override_bits", std::vector<std::int64_t>{8}}});
  });
  EXPECT_NE(message.find("go together"), std::string::npos) << message;
  EXPECT_NE(message.find("1, 0 and 0 entries"), std::string::npos) << message;
}
TEST(DramPim, FitsUpToItsLastBankAndBit) {
  const DramSystem system(small(), {{"stacks", std::int64_t{2}}});
  const std::int64_t bits = std::int64_t{256} * 32768 * 8192;
  EXPECT_EQ(system.model().fits({true, 256, bits}), Verdict::feasible);
  EXPECT_EQ(system.model().fits({true, 257, bits}), Verdict::infeasible);
  EXPECT_EQ(system.model().fits({true, 256, bits + 1}), Verdict::infeasible);
}
TEST(DramPim, StatesProvenanceEverywhere) {
  const DramSystem system(small());
  for (const StorageLevel& level : system.architecture().levels) {
    EXPECT_FALSE(level.provenance.empty()) << level.name;
  }
  EXPECT_FALSE(system.architecture().units[0].provenance.empty());
}

}  // namespace
}  // namespace imbrex
