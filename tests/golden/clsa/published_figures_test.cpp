// Speed-ups and utilisations of specification clsa-cim section 9.2, to the decimals given there,
// and the findings of section 10 that are numbers.
#include "clsa_figures.hpp"
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr double kHalfOfTheLastDecimal = 0.005 + 1e-9;

std::int64_t cycles(const ClsaSystem& system, const Design& design, const Settings& settings) {
  return makespan_cycles(*system.clsa(settings), design);
}

// Layer by layer; shared work counts as ceil(t / d) at pixel granularity.
std::int64_t layer_by_layer_cycles(const ClsaSystem& system, const Design& design) {
  const auto analyzer =
      system.analyzer("imbrex.overlap.layer-by-layer", {{"granularity", "pixel"}});
  return makespan_cycles(*analyzer, design);
}

class PublishedFigures : public testing::TestWithParam<ClsaFigures> {
 protected:
  ClsaSystem system(std::int64_t extra_pes) const { return ClsaSystem(workload_, extra_pes); }
  void expect_speedup(std::int64_t makespan, double expected, const char* what) const {
    const double speedup =
        static_cast<double>(GetParam().layer_by_layer_cycles) / static_cast<double>(makespan);
    EXPECT_NEAR(speedup, expected, kHalfOfTheLastDecimal) << what << ": " << makespan << " cycles";
  }
  void expect_overlapped(std::int64_t extra_pes, const Settings& settings, double speedup,
                         const char* what) const {
    const ClsaSystem chip = system(extra_pes);
    expect_speedup(cycles(chip, duplicated(chip), settings), speedup, what);
  }
  static Settings granularity(const char* name) {
    return {{"granularity", name}, {"block", std::vector<std::int64_t>{4, 4}}};
  }

  std::shared_ptr<const Workload> workload_ = build_network(GetParam().network);
};

INSTANTIATE_TEST_SUITE_P(Networks, PublishedFigures, testing::ValuesIn(kClsaFigures),
                         [](const auto& chosen) { return std::string(chosen.param.network); });

TEST_P(PublishedFigures, LayerByLayerBaselineIsExact) {
  const ClsaSystem chip = system(0);
  EXPECT_EQ(layer_by_layer_cycles(chip, chip.design()), GetParam().layer_by_layer_cycles);
}

TEST_P(PublishedFigures, OverlapAlone) {
  expect_overlapped(0, granularity("row"), GetParam().xinf_row, "row");
  expect_overlapped(0, granularity("block"), GetParam().xinf_block, "4x4");
  expect_overlapped(0, granularity("pixel"), GetParam().xinf_pixel, "pixel");
}

TEST_P(PublishedFigures, DuplicationAlone) {
  for (const auto& [extra, expected] :
       {std::pair{16, GetParam().wdup_16}, {32, GetParam().wdup_32}}) {
    const ClsaSystem chip = system(extra);
    expect_speedup(layer_by_layer_cycles(chip, duplicated(chip)), expected, "wdup");
  }
}

TEST_P(PublishedFigures, DuplicationAndOverlap) {
  expect_overlapped(4, granularity("row"), GetParam().row_4, "x = 4");
  expect_overlapped(8, granularity("row"), GetParam().row_8, "x = 8");
  expect_overlapped(16, granularity("row"), GetParam().row_16, "x = 16");
  expect_overlapped(32, granularity("row"), GetParam().row_32, "x = 32");
  expect_overlapped(32, granularity("block"), GetParam().block_32, "x = 32, 4x4");
  expect_overlapped(32, granularity("pixel"), GetParam().pixel_32, "x = 32, pixel");
}

TEST_P(PublishedFigures, MinimumSumDuplication) {
  const ClsaSystem chip = system(32);
  const Design design = duplicated(chip, "min-sum-dp");
  expect_speedup(cycles(chip, design, {}), GetParam().min_sum_row_32, "with overlap");
  expect_speedup(layer_by_layer_cycles(chip, design), GetParam().min_sum_wdup_32, "alone");
}

// Busy PE-cycles are counted job by job, so this also shows that copies repeat no work.
TEST_P(PublishedFigures, UtilisationAndTheIdentityOfSectionSeven) {
  const ClsaSystem baseline = system(0);
  const double baseline_ut = baseline.utilisation(GetParam().layer_by_layer_cycles);
  for (const auto& [extra, expected] : {std::pair{0, GetParam().xinf_row_ut},
                                        {16, GetParam().row_16_ut},
                                        {32, GetParam().row_32_ut}}) {
    const ClsaSystem chip = system(extra);
    Detail detail;
    const std::int64_t makespan = makespan_cycles(*chip.clsa({}), duplicated(chip), &detail);
    std::int64_t busy = 0;
    for (const TimedJob& job : detail.jobs) {
      busy += chip.cost().demand(job.id).units * (job.end_ps - job.start_ps) / kCyclePs;
    }
    const double ut = static_cast<double>(busy) / static_cast<double>(chip.pes() * makespan);
    EXPECT_NEAR(100 * ut, expected, kHalfOfTheLastDecimal) << extra << " extra PEs";
    const double speedup =
        static_cast<double>(GetParam().layer_by_layer_cycles) / static_cast<double>(makespan);
    const double by_identity = (ut / baseline_ut) * static_cast<double>(chip.pes()) /
                               static_cast<double>(chip.minimum_pes());
    EXPECT_NEAR(speedup, by_identity, 1e-9 * speedup);
  }
}

struct DealingRow {
  const char* network;
  double strip_w, rows_2, strip_h;
};

class DealingVariants : public testing::TestWithParam<DealingRow> {
 protected:
  double speedup(const char* dealing, const Settings& settings) const {
    const auto workload = build_network(GetParam().network);
    const ClsaSystem baseline(workload);
    const ClsaSystem chip(workload, 32);
    const Design design = duplicated(chip, "bottleneck-skip", dealing);
    return static_cast<double>(layer_by_layer_cycles(baseline, baseline.design())) /
           static_cast<double>(cycles(chip, design, settings));
  }
};

INSTANTIATE_TEST_SUITE_P(Networks, DealingVariants,
                         testing::Values(DealingRow{"tinyyolov3", 30.23, 29.37, 12.69},
                                         DealingRow{"tinyyolov4", 24.19, 20.43, 7.81},
                                         DealingRow{"resnet50", 22.00, 15.11, 10.33}),
                         [](const auto& chosen) { return std::string(chosen.param.network); });

TEST_P(DealingVariants, VerticalStripsStream) {
  EXPECT_NEAR(speedup("strip-w", {}), GetParam().strip_w, kHalfOfTheLastDecimal);
}
TEST_P(DealingVariants, VerticalStripsOfRowPairs) {
  EXPECT_NEAR(speedup("strip-w", {{"granularity", "rows"}, {"rows", std::int64_t{2}}}),
              GetParam().rows_2, kHalfOfTheLastDecimal);
}
TEST_P(DealingVariants, HorizontalStripsBreakStreaming) {
  EXPECT_NEAR(speedup("strip-h", {}), GetParam().strip_h, kHalfOfTheLastDecimal);
}

// Section 10, pitfalls 9 and 11.
TEST(TinyYoloV4, MakespanMovesOnlyWhenAllTiedLayersAreDoubled) {
  const auto workload = build_network("tinyyolov4");
  for (const auto& [extra, expected] :
       {std::pair{4, 12493}, {8, 12493}, {12, 12493}, {14, 10205}}) {
    const ClsaSystem chip(workload, extra);
    EXPECT_EQ(cycles(chip, duplicated(chip), {}), expected) << extra << " extra PEs";
  }
  const ClsaSystem chip(workload, 8);
  EXPECT_EQ(cycles(chip, duplicated(chip, "bottleneck-stop"), {}), 12493);
}

// Section 10, pitfall 2: branches overlap even when whole layers are the unit.
TEST(TinyYoloV4, LayerGranularityIsFasterThanLayerByLayerThroughItsBranches) {
  const ClsaSystem chip(build_network("tinyyolov4"));
  const std::int64_t whole = cycles(chip, chip.design(), {{"granularity", "layer"}});
  const std::int64_t layer_by_layer = clsa_figures("tinyyolov4").layer_by_layer_cycles;
  EXPECT_NEAR(static_cast<double>(layer_by_layer) / static_cast<double>(whole), 1.003, 0.0005);
}

}  // namespace
}  // namespace imbrex::test
