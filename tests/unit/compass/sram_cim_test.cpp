// imbrex.architecture.sram-cim (specification compass sections 1 and 12).
#include "compass_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

plugin::Instance<ArchitectureModel> chip(const Settings& settings,
                                         const Workload* workload = nullptr) {
  return make<ArchitectureModel>("imbrex.architecture.sram-cim", settings, {workload});
}

TEST(SramCim, PresetsAreTheTablesChips) {
  const std::tuple<const char*, std::int64_t, std::int64_t, double> table[] = {
      {"compass-s", 144, 9, 1.125}, {"compass-m", 256, 16, 2.0}, {"compass-l", 576, 16, 4.5}};
  for (const auto& [preset, crossbars, per_core, mib] : table) {
    const auto model = chip({{"preset", std::string(preset)}});
    const Architecture& view = model->view();
    EXPECT_EQ(view.resources.front().count, crossbars) << preset;
    EXPECT_EQ(view.resources.front().per_tile, per_core) << preset;
    EXPECT_EQ(view.grid.columns, crossbars / per_core) << preset;
    const ComputeUnit& unit = view.units.front();
    EXPECT_EQ(static_cast<double>(unit.rows * unit.columns * crossbars) / 8 / (1 << 20), mib);
  }
}

TEST(SramCim, DefaultsAreTheFittedConstants) {
  const auto model = chip({{"preset", std::string("compass-s")}});
  const Architecture& view = model->view();
  EXPECT_EQ(view.units.front().operation_ps, 120'000);
  EXPECT_EQ(view.units.front().columns_per_weight, 4);
  EXPECT_DOUBLE_EQ(view.replacement.weight_bits_per_ps, 6.7 * 8 / 1000);
  EXPECT_EQ(view.replacement.write_ps, 1'550'000);
  EXPECT_DOUBLE_EQ(view.replacement.data_ps_per_bit * 4, 36);
  EXPECT_DOUBLE_EQ(view.replacement.bus_ps_per_bit * 4, 82);
  EXPECT_DOUBLE_EQ(view.replacement.weight_energy_pj_per_bit * 8, 36);
  EXPECT_DOUBLE_EQ(view.units.front().write_energy_pj, 12000);
  EXPECT_DOUBLE_EQ(view.units.front().operation_energy_pj, 650);
}

TEST(SramCim, SaysWhereItsNumbersComeFrom) {
  const auto model = chip({{"preset", std::string("compass-l")}});
  EXPECT_FALSE(model->view().units.front().provenance.empty());
  EXPECT_FALSE(model->view().replacement.provenance.empty());
  ASSERT_FALSE(model->view().levels.empty());
  for (const StorageLevel& level : model->view().levels) {
    EXPECT_FALSE(level.provenance.empty()) << level.name;
  }
  for (const ParamSpec& param : registry().find("imbrex.architecture.sram-cim")->params) {
    bool told = false;
    for (const char* source : {"COMPASS", "fitted", "published", "paper", "preset"}) {
      told = told || param.doc.find(source) != std::string_view::npos;
    }
    EXPECT_TRUE(told) << param.name;
  }
}

TEST(SramCim, WiderWeightsTakeMoreColumns) {
  const auto model =
      chip({{"preset", std::string("compass-s")}, {"weight_bits", 7}, {"bits_per_cell", 2}});
  EXPECT_EQ(model->view().units.front().columns_per_weight, 4);
}

TEST(SramCim, FitsWhatItsCrossbarsHold) {
  const auto model = chip({{"cores", 2}, {"crossbars_per_core", 3}});
  EXPECT_EQ(model->fits({true, 6, 0}), Verdict::feasible);
  EXPECT_EQ(model->fits({true, 7, 0}), Verdict::infeasible);
}

TEST(SramCim, RefusesAChipWithoutSize) {
  EXPECT_EQ(thrown<InputError>([] {
              chip({{"cores", 16}});
            }),
            "imbrex.architecture.sram-cim: the chip has no size: give preset, or both cores and "
            "crossbars_per_core (now cores = 16, "
            "crossbars_per_core = 0), e.g. --set architecture.preset=compass-s");
}

TEST(SramCim, RefusesContradictingSizes) {
  EXPECT_EQ(thrown<InputError>([] {
              chip({{"preset", std::string("compass-m")}, {"crossbars_per_core", 9}});
            }),
            "imbrex.architecture.sram-cim: preset = \"compass-m\" fixes 16 cores of 16 crossbars, "
            "but cores = 0 and "
            "crossbars_per_core = 9 are given as well; give only one");
}

TEST(SramCim, RefusesWeightsWiderThanItsColumns) {
  WorkloadBuilder builder("wide");
  ConvolutionParams params;
  params.output_channels = 2;
  builder.convolution("conv1", builder.input("x", {4, {1, 1, 1, 1, 1, 1}}), params);
  const Workload workload = builder.finish();
  EXPECT_EQ(thrown<InputError>([&] {
              chip({{"preset", std::string("compass-s")}}, &workload);
            }),
            "imbrex.architecture.sram-cim: weights of 'conv1' have 8 bits, but the crossbars are "
            "arranged for weight_bits = 4; read the workload with fewer bits, or --set "
            "architecture.weight_bits=8");
}

}  // namespace
}  // namespace imbrex::test
