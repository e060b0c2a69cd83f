// imbrex.architecture.tiled-cim
#include "crossbar_kit.hpp"

#include <set>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Chip;
using test::example_chain;
using test::thrown;

TEST(TiledCim, HoldsExactlyTheNetworkByDefault) {
  const Chip chip(example_chain());
  const Architecture& a = chip.architecture();
  ASSERT_EQ(a.resources.size(), 1u);
  EXPECT_EQ(a.resources[0].name, "PE");
  EXPECT_EQ(a.resources[0].count, 7);  // specification section 11.2
  EXPECT_EQ(a.units[0].kind, UnitKind::crossbar);
  EXPECT_EQ(a.units[0].rows, 256);
  EXPECT_EQ(a.units[0].columns, 256);
  EXPECT_EQ(a.units[0].columns_per_weight, 1);
  EXPECT_EQ(a.units[0].operation_ps, 1'400'000);
  EXPECT_EQ(a.movement.link_hop_ps, 0);
  EXPECT_EQ(a.movement.buffer_access_ps, 0);
  EXPECT_EQ(a.movement.vector_operation_ps, 0);
}

TEST(TiledCim, AddsExtraPesOrTakesAnAbsoluteNumber) {
  const auto count = [](const test::Settings& settings) {
    return Chip(example_chain(), settings).architecture().resources[0].count;
  };
  EXPECT_EQ(count({{"extra_pes", 32}}), 39);
  EXPECT_EQ(count({{"pes", 100}}), 100);
  EXPECT_EQ(count({{"pes", 3}}), 3);  // too few: the run's capacity check says so
  EXPECT_EQ(count({{"pes", 100}, {"extra_pes", 0}}), 100);
}

TEST(TiledCim, RefusesBothWaysOfSizingAtOnce) {
  const std::string message = thrown<InputError>([] {
    Chip(example_chain(), {{"pes", 100}, {"extra_pes", 4}});
  });
  EXPECT_NE(
      message.find("pes and extra_pes are both given: pes = 100 fixes the chip, extra_pes = 4"),
      std::string::npos)
      << message;
}

TEST(TiledCim, CountsColumnsOfSlicedAndDifferentialWeights) {
  // A: 64 columns become 64 * 4 * 2 = 512 = 2 crossbars; B: 300 * 8 = 2400 = 10 column tiles x 3.
  const Chip chip(example_chain(), {{"weight_slices", 4}, {"differential_columns", true}});
  EXPECT_EQ(chip.architecture().units[0].columns_per_weight, 8);
  EXPECT_EQ(chip.architecture().resources[0].count, 2 + 30);
}

TEST(TiledCim, CountsCrossbarsOfItsOwnSize) {
  // 128 x 64: A: ceil(144/128) * 1 = 2; B: ceil(576/128) * ceil(300/64) = 5 * 5.
  const Chip chip(example_chain(), {{"rows", 128}, {"cols", 64}});
  EXPECT_EQ(chip.architecture().resources[0].count, 27);
}

TEST(TiledCim, LaysTilesOutAsSquareAsPossible) {
  const auto grid = [](const test::Settings& settings) {
    const TileGridShape shape = Chip(example_chain(), settings).architecture().grid;
    return std::pair(shape.rows, shape.columns);
  };
  EXPECT_EQ(grid({}), std::pair(std::int64_t{3}, std::int64_t{3}));  // 7 tiles
  EXPECT_EQ(grid({{"pes", 6}}), std::pair(std::int64_t{2}, std::int64_t{3}));
  EXPECT_EQ(grid({{"pes_per_tile", 4}}), std::pair(std::int64_t{1}, std::int64_t{2}));
  EXPECT_EQ(grid({{"tile_rows", 2}}), std::pair(std::int64_t{2}, std::int64_t{4}));
  EXPECT_EQ(grid({{"tile_cols", 7}}), std::pair(std::int64_t{1}, std::int64_t{7}));
}

TEST(TiledCim, RefusesAGridThatIsTooSmall) {
  const std::string message = thrown<InputError>([] {
    Chip(example_chain(), {{"tile_rows", 2}, {"tile_cols", 3}});
  });
  EXPECT_NE(message.find("2 x 3 tiles with 1 PEs each holds 6 PEs, but the chip has 7"),
            std::string::npos)
      << message;
}

TEST(TiledCim, ConvertsNanosecondsToPicoseconds) {
  const Chip chip(example_chain(), {{"mvm_latency_ns", 0.25},
                                    {"gpeu_ns_per_position", 1.5},
                                    {"link_hop_ns", 2.0},
                                    {"link_bits_per_ns", 500.0},
                                    {"buffer_access_ns", 3.0}});
  const Architecture& a = chip.architecture();
  EXPECT_EQ(a.units[0].operation_ps, 250);
  EXPECT_EQ(a.movement.vector_operation_ps, 1500);
  EXPECT_EQ(a.movement.link_hop_ps, 2000);
  EXPECT_EQ(a.movement.buffer_access_ps, 3000);
  EXPECT_DOUBLE_EQ(a.movement.link_bits_per_ps, 0.5);
}

TEST(TiledCim, FitsUpToItsNumberOfPes) {
  const Chip chip(example_chain());
  EXPECT_EQ(chip.model().fits({true, 7, 0}), Verdict::feasible);
  EXPECT_EQ(chip.model().fits({true, 8, 0}), Verdict::infeasible);
}

TEST(TiledCim, SaysWhereEveryDefaultComesFrom) {
  const std::set<std::string_view> sourced = {"rows", "cols", "mvm_latency_ns", "weight_slices",
                                              "link_hop_ns"};
  std::size_t found = 0;
  for (const ParamSpec& spec : test::registry().find("imbrex.architecture.tiled-cim")->params) {
    if (sourced.contains(spec.name)) {
      ++found;
      EXPECT_NE(spec.doc.find("Default"), std::string_view::npos) << spec.name;
    }
  }
  EXPECT_EQ(found, sourced.size());
  const Chip chip(example_chain());
  ASSERT_FALSE(chip.architecture().units.empty());
  for (const ComputeUnit& unit : chip.architecture().units) {
    EXPECT_FALSE(unit.provenance.empty());
  }
}

}  // namespace
}  // namespace imbrex
