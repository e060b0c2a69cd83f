// imbrex.overlap.layer-by-layer: T_lbl by hand (specification clsa-cim sections 4, 9.2, 10.2, 11).
#include "analyze_one.hpp"
#include "clsa_worked_examples.hpp"
#include "crossbar_kit.hpp"
#include "fakes/timeline_sink.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Chip;
using test::convolution;
using test::example_chain;
using test::image;
using test::Settings;

constexpr std::int64_t kMvm = 1'400'000;

OverlapResult analyze(const Chip& chip, const Settings& settings = {},
                      TimelineSink* sink = nullptr) {
  return test::analyze_one(*chip.analyzer("imbrex.overlap.layer-by-layer", settings), chip.design,
                           sink);
}

// Specification section 11.3: t = 64 + 16 + 16 + 16.
std::shared_ptr<const Workload> example_branches() {
  return std::make_shared<const Workload>(test::worked_branches());
}

TEST(LayerByLayer, AddsUpTheLayersAndNeverOverlapsBranches) {
  EXPECT_EQ(analyze(Chip(example_chain())).makespan_ps, 32 * kMvm);
  EXPECT_EQ(analyze(Chip(example_branches())).makespan_ps, 112 * kMvm);
}

TEST(LayerByLayer, SharesALayerByItsCopies) {
  // Section 11.3: A twice: 32 + 48 = 80.
  Chip chip(example_branches());
  chip.design.placement(chip.id("A")).copies = 2;
  EXPECT_EQ(analyze(chip).makespan_ps, 80 * kMvm);
  chip.design.placement(chip.id("A")).copies = 7;  // ceil(64 / 7) = 10 pixels
  EXPECT_EQ(analyze(chip).makespan_ps, 58 * kMvm);
  EXPECT_EQ(analyze(chip, {{"granularity", std::string("row")}}).makespan_ps, (16 + 48) * kMvm);
}

TEST(LayerByLayer, DoesNotDependOnGranularityWithOneCopy) {
  const Chip chip(example_branches());
  for (const char* granularity : {"row", "rows", "block", "pixel", "layer"}) {
    EXPECT_EQ(analyze(chip, {{"granularity", std::string(granularity)}}).makespan_ps, 112 * kMvm);
  }
}

TEST(LayerByLayer, ReportsEveryJobInOrder) {
  Chip chip(example_chain());
  chip.design.placement(chip.id("A")).copies = 3;
  test::Detail recorder;
  const OverlapResult result = analyze(chip, {{"granularity", std::string("row")}}, &recorder);
  EXPECT_EQ(result.makespan_ps, 24 * kMvm);  // rows 0 and 3 of A on copy 0, then 16 of B
  ASSERT_EQ(recorder.jobs.size(), 8u);
  const std::int64_t row = 4 * kMvm;
  const std::int64_t expected[][3] = {{0, 0, row}, {0, row, 2 * row}, {1, 0, row}, {2, 0, row}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(recorder.jobs[i].id, chip.id("A"));
    EXPECT_EQ(recorder.jobs[i].server, expected[i][0]);
    EXPECT_EQ(recorder.jobs[i].start_ps, expected[i][1]);
    EXPECT_EQ(recorder.jobs[i].end_ps, expected[i][2]);
  }
  for (std::size_t i = 4; i < 8; ++i) {
    EXPECT_EQ(recorder.jobs[i].id, chip.id("B"));
    EXPECT_EQ(recorder.jobs[i].start_ps, 2 * row + static_cast<std::int64_t>(i - 4) * row);
  }
  const std::vector<std::pair<std::string, std::int64_t>> statistics{{"operators", 2}, {"jobs", 8}};
  EXPECT_EQ(recorder.statistics, statistics);
}

TEST(LayerByLayer, WaitsForMovementAndTransfers) {
  // Chain A -> relu -> B: relu 7 ns after A, the buffer 5 ns, all tiles reachable without link
  // costs.
  const Chip chip(example_chain(), {{"gpeu_ns_per_position", 7.0}, {"buffer_access_ns", 5.0}});
  EXPECT_EQ(analyze(chip).makespan_ps, 32 * kMvm + 12'000);
}

TEST(LayerByLayer, HidesADelayBehindAnotherLayer) {
  // D waits for B and C; C runs after B, so only what follows C delays D: add, then the buffer. B's
  // and C's inputs come through the pool; C's have arrived long before it starts.
  const Chip chip(example_branches(), {{"gpeu_ns_per_position", 7.0}, {"buffer_access_ns", 5.0}});
  EXPECT_EQ(analyze(chip).makespan_ps, 112 * kMvm + (7'000 + 5'000) + (7'000 + 5'000));
}

TEST(LayerByLayer, EndsWhenTheNetworksOutputsExist) {
  WorkloadBuilder builder("tail");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 2, 2)), convolution(2, 1));
  builder.activation("end", a);
  const Chip chip(std::make_shared<const Workload>(builder.finish()),
                  {{"gpeu_ns_per_position", 9.0}});
  EXPECT_EQ(analyze(chip).makespan_ps, 4 * kMvm + 9'000);
}

TEST(LayerByLayer, GivesAValueForAnInfeasibleDesign) {
  Chip chip(example_chain());
  chip.design.mapping(chip.id("A")) = Mapping{};
  test::Detail recorder;
  EXPECT_EQ(analyze(chip, {}, &recorder).verdict, Verdict::infeasible);
  ASSERT_EQ(recorder.notes.size(), 1u);
  EXPECT_EQ(recorder.note_at("infeasible").find("operator 'A'"), 0u);
}

TEST(LayerByLayer, JudgesABatchDesignByDesign) {
  const Chip chip(example_chain());
  Design faster = chip.design;
  faster.placement(chip.id("A")).copies = 2;
  const auto analyzer = chip.analyzer("imbrex.overlap.layer-by-layer");
  const Design* designs[] = {&chip.design, &faster, &chip.design};
  OverlapResult results[3];
  analyzer->analyze(analyzer->request(), designs, results, nullptr);
  EXPECT_EQ(results[0].makespan_ps, 32 * kMvm);
  EXPECT_EQ(results[1].makespan_ps, 24 * kMvm);
  EXPECT_EQ(results[2].makespan_ps, 32 * kMvm);
}

}  // namespace
}  // namespace imbrex
