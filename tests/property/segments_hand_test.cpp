// Two layers, two samples, two segments, by hand: the numbers of each step stand next to it.
#include "analyzers.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <memory>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

// Two samples of one position: layer a takes 10 ps per sample, layer b 20.
struct TwoSegments {
  TwoSegments() {
    WorkloadBuilder builder("two");
    ConvolutionParams params;
    params.output_channels = 1;
    const TensorId a =
        builder.convolution("a", builder.input("in", {4, {2, 1, 1, 1, 1, 1}}), params);
    builder.convolution("b", a, params);
    builder.samples(2);
    workload = std::make_shared<const Workload>(builder.finish());
    cost = std::make_unique<test::FakeCostModel>(*workload);
    cost->clocks = {{operator_id(0), {0, 10}}, {operator_id(1), {0, 20}}};
    design = std::make_unique<Design>(workload);
    design->placement(operator_id(1)).segment = 1;
    // Weights 8 ps to load and 2 to write; data at 1 ps per bit.
    SegmentOverhead overhead;
    overhead.weight_load_ps = 8;
    overhead.weight_write_ps = 2;
    overhead.data_ps = 6;
    overhead.load_bits = 4;
    overhead.store_bits = 2;
    cost->overheads = {overhead, overhead};
    cost->overheads[1].data_ps = 4;
    cost->overheads[1].load_bits = 2;
    architecture.replacement.data_ps_per_bit = 1;
  }

  Analysis run(std::string_view id, const std::string& segments = "") const {
    AnalyzerOptions options;
    options.segments = segments;
    return analyze(id, options, *design, architecture, *cost);
  }

  std::shared_ptr<const Workload> workload;
  std::unique_ptr<test::FakeCostModel> cost;
  std::unique_ptr<Design> design;
  Architecture architecture;
};

using Times = std::vector<std::array<std::int64_t, 3>>;  // start, work start, end

Times times_of(const Analysis& analysis) {
  Times times;
  for (const SegmentTimes& one : analysis.segments) {
    times.push_back({one.start_ps, one.work_start_ps, one.end_ps});
  }
  return times;
}

Times jobs_of(const Analysis& analysis) {
  Times times;
  for (const TimedJob& job : analysis.jobs) {
    times.push_back({static_cast<std::int64_t>(job.id), job.start_ps, job.end_ps});
  }
  return times;
}

TEST(TwoSegmentsByHand, RunOneAfterTheOtherWithBarriers) {
  // 0 load 8 write 10 a a 30 data 36 | load 44 write 46 b b 86 data 90
  const TwoSegments system;
  for (const char* id :
       {"imbrex.overlap.clsa-cim", "imbrex.overlap.pairwise", "imbrex.overlap.fast-overlapim",
        "imbrex.overlap.layer-by-layer", "imbrex.overlap.simulator"}) {
    const Analysis analysis = system.run(id);
    EXPECT_EQ(analysis.result.makespan_ps, 90) << id;
    EXPECT_EQ(times_of(analysis), (Times{{0, 10, 36}, {36, 46, 90}})) << id;
    EXPECT_EQ(jobs_of(analysis), (Times{{0, 10, 20}, {0, 20, 30}, {1, 46, 66}, {1, 66, 86}})) << id;
  }
}

TEST(TwoSegmentsByHand, KeepTheMemoryBusyOnResourcesWhenTheySpreadOverOneCore) {
  // Weights a 0-8, written 10; samples loaded 10-12-14; a 12-22-32, stored 22-23 and 32-33.
  // The core is free at 32, the memory at 33: weights b 33-41, written 43; samples loaded 43-44-45;
  // b 44-64-84, stored 64-65 and 84-85.
  const TwoSegments system;
  const Analysis analysis = system.run("imbrex.overlap.simulator", "resources");
  EXPECT_EQ(analysis.result.makespan_ps, 85);
  EXPECT_EQ(times_of(analysis), (Times{{0, 12, 33}, {33, 44, 85}}));
  EXPECT_EQ(jobs_of(analysis), (Times{{0, 12, 22}, {0, 22, 32}, {1, 44, 64}, {1, 64, 84}}));
}

TEST(TwoSegmentsByHand, LoadTheNextWeightsAtOnceWhenTheyGoToAnotherCore) {
  // Weights a 0-8, b 8-16; the first sample's data waits for the memory until 16: 16-18-20.
  // a 18-28-38, stored 28-29 and 38-39; b's samples loaded 29-30 and 39-40; b 30-50-70, stored
  // 50-51 and 70-71.
  TwoSegments system;
  system.design->placement(operator_id(1)).first_unit = 1;
  const Analysis analysis = system.run("imbrex.overlap.simulator", "resources");
  EXPECT_EQ(analysis.result.makespan_ps, 71);
  EXPECT_EQ(times_of(analysis), (Times{{0, 18, 39}, {8, 30, 71}}));
  EXPECT_EQ(jobs_of(analysis), (Times{{0, 18, 28}, {0, 28, 38}, {1, 30, 50}, {1, 50, 70}}));
}

// 0 load 8 write 10; a until 30, but words beside it until 35, data 41 | load 49 write 51; b until
// 91, other words until 76 and 60, data 95.
TEST(TwoSegmentsByHand, WaitForWordsThatMoveBesideTheJobs) {
  TwoSegments system;
  system.cost->overheads[0].external_ps = 25;
  system.cost->overheads[0].buffer_ps = 12;
  system.cost->overheads[1].external_ps = 25;
  system.cost->overheads[1].buffer_ps = 9;
  for (const char* id :
       {"imbrex.overlap.clsa-cim", "imbrex.overlap.pairwise", "imbrex.overlap.fast-overlapim",
        "imbrex.overlap.layer-by-layer", "imbrex.overlap.pipeorgan", "imbrex.overlap.simulator"}) {
    const Analysis analysis = system.run(id);
    EXPECT_EQ(analysis.result.makespan_ps, 95) << id;
    EXPECT_EQ(times_of(analysis), (Times{{0, 10, 41}, {41, 51, 95}})) << id;
  }
}

TEST(TwoSegmentsByHand, ShareTheMemoryWithWordsThatMoveBesideTheJobs) {
  // Both layers in one segment: weights a 0-4, b 4-8, written 6 and 10. The first sample is loaded
  // 8-10, its 25 ps beside take the memory 10-35; the second one is loaded 35-37, its 25 ps are
  // 37-62. a 10-20 and 37-47, b 20-40 and 47-67; stored 62-63, when the memory is free, and 67-68.
  TwoSegments system;
  system.design->placement(operator_id(1)).segment = 0;
  system.cost->overheads.resize(1);
  system.cost->overheads[0].external_ps = 50;
  const Analysis analysis = system.run("imbrex.overlap.simulator", "resources");
  EXPECT_EQ(jobs_of(analysis), (Times{{0, 10, 20}, {0, 37, 47}, {1, 20, 40}, {1, 47, 67}}));
  EXPECT_EQ(times_of(analysis), (Times{{0, 10, 68}}));
  EXPECT_EQ(analysis.result.makespan_ps, 68);
}

TEST(TwoSegmentsByHand, ServeOneSampleAtATimeThroughTheBuffer) {
  // As above without words to the memory, but 30 ps per sample through the buffer: samples loaded
  // 8-10 and 10-12, through the buffer 10-40 and 40-70. a 10-20-30, b 20-40-60; stored 40-41 and
  // 70-71.
  TwoSegments system;
  system.design->placement(operator_id(1)).segment = 0;
  system.cost->overheads.resize(1);
  system.cost->overheads[0].buffer_ps = 60;
  const Analysis analysis = system.run("imbrex.overlap.simulator", "resources");
  EXPECT_EQ(jobs_of(analysis), (Times{{0, 10, 20}, {0, 20, 30}, {1, 20, 40}, {1, 40, 60}}));
  EXPECT_EQ(analysis.result.makespan_ps, 71);
}

TEST(TwoSegmentsByHand, CoverTheWholeBatchWithOneJobWhenAskedTo) {
  // 0 load 8 write 10 a 30 data 36 | load 44 write 46 b 86 data 90, one job each.
  const TwoSegments system;
  AnalyzerOptions options;
  options.shape.samples = 0;
  const Analysis analysis = analyze("imbrex.overlap.clsa-cim", options, *system.design,
                                    system.architecture, *system.cost);
  EXPECT_EQ(jobs_of(analysis), (Times{{0, 10, 30}, {1, 46, 86}}));
}

TEST(TwoSegmentsByHand, PipelineTheSamplesWhenTheyAreOneSegment) {
  // a 0-10-20; b 10-30-50.
  TwoSegments system;
  system.design->placement(operator_id(1)).segment = 0;
  system.cost->overheads.clear();
  for (const char* id : {"imbrex.overlap.clsa-cim", "imbrex.overlap.pairwise",
                         "imbrex.overlap.fast-overlapim", "imbrex.overlap.simulator"}) {
    const Analysis analysis = system.run(id);
    EXPECT_EQ(jobs_of(analysis), (Times{{0, 0, 10}, {0, 10, 20}, {1, 10, 30}, {1, 30, 50}})) << id;
    EXPECT_TRUE(analysis.segments.empty()) << id;
  }
}

TEST(TwoSegmentsByHand, SamplesGoOnDealingToCopiesWhereTheLastOneStopped) {
  // Two copies of a: both samples at once. b follows.
  TwoSegments system;
  system.design->placement(operator_id(1)).segment = 0;
  system.design->placement(operator_id(0)).copies = 2;
  system.cost->overheads.clear();
  EXPECT_EQ(jobs_of(system.run("imbrex.overlap.simulator")),
            (Times{{0, 0, 10}, {0, 0, 10}, {1, 10, 30}, {1, 30, 50}}));
}

}  // namespace
}  // namespace imbrex::property
