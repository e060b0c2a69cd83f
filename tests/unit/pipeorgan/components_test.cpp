// imbrex.partition.pipeorgan and imbrex.overlap.pipeorgan on networks of XR-bench.
#include "pipeorgan_kit.hpp"

#include <map>

namespace imbrex::pipeorgan_test {
namespace {

class OneLanguage : public testing::TestWithParam<const char*> {};

// Without links and memories, all analyzers time the same stages.
TEST_P(OneLanguage, AnalyzersAgreeOnPipelinedSegments) {
  const RunOutcome outcome = run(xrbench(GetParam()));
  const std::int64_t makespan_ps =
      analyze(outcome, "imbrex.overlap.pipeorgan", kUnlimited).makespan_ps;
  EXPECT_GT(makespan_ps, 0);
  for (const char* other : {"imbrex.overlap.clsa-cim", "imbrex.overlap.fast-overlapim",
                            "imbrex.overlap.pairwise", "imbrex.overlap.simulator"}) {
    EXPECT_EQ(analyze(outcome, other).makespan_ps, makespan_ps) << other;
  }
}

INSTANTIATE_TEST_SUITE_P(Xrbench, OneLanguage,
                         testing::Values("ritnet", "res8-narrow", "fbnet-c-depthwise"));

TEST(PipeOrganPartition, HasTheDepthsOfTheSpecification) {
  EXPECT_EQ(fact<std::string>(run(xrbench("ritnet")), "depths"), "1:15 5:1 10:1 12:1");
  EXPECT_EQ(fact<std::string>(run(xrbench("fbnet-c-depthwise")), "depths"), "1:39 2:1 3:3 13:1");
}

TEST(PipeOrganPartition, DealsTheWholeArrayToEverySegment) {
  const RunOutcome outcome = run(xrbench("ritnet"));
  std::map<std::int32_t, std::int64_t> units;
  for (const OperatorResult& result : outcome.result.operators) {
    const Placement& placement = outcome.design->placement(result.id);
    EXPECT_GE(placement.units, 1);
    units[placement.segment] += placement.units;
  }
  EXPECT_EQ(units.size(), 18U);
  for (const auto& [segment, total] : units) {
    EXPECT_EQ(total, 1024) << segment;
  }
}

TEST(PipeOrganPartition, DrawsTheFloorplanOfEverySegmentItPipelines) {
  const RunOutcome outcome =
      run(xrbench("ritnet"), {"stage.1.layout=blocked-1d", "stage.2.layout=blocked-1d"});
  EXPECT_EQ(fact<std::string>(outcome, "segment_1_layout"), "blocked-1d");
  // Work 9 : 1 : 9 : 1 : 9 on 32 columns. At 9 : 1 : 9 : 1 : 9 all are equally busy; the three
  // columns left go to the first stages.
  EXPECT_EQ(fact<std::string>(outcome, "segment_1_floorplan"),
            "00000000001122222222223444444444 x32");
}

TEST(PipeOrganPartition, GivesEveryLayerTheArrayWhenNotPipelining) {
  const RunOutcome outcome = run(xrbench("ritnet"), {"stage.1.depth=one"});
  EXPECT_EQ(fact<std::string>(outcome, "depths"), "1:42");
  EXPECT_EQ(fact<std::int64_t>(outcome, "external_words"),
            fact<std::int64_t>(outcome, "external_words_layer_by_layer"));
}

TEST(PipeOrganPartition, FindsFewerWordsWhenExact) {
  for (const char* network : {"ritnet", "res8-narrow", "midas-v21-depthwise"}) {
    const RunOutcome greedy = run(xrbench(network));
    const RunOutcome exact = run(xrbench(network), {"stage.1.depth=exact"});
    EXPECT_LE(fact<std::int64_t>(exact, "external_words"),
              fact<std::int64_t>(greedy, "external_words"))
        << network;
  }
}

// At a crawl nothing but the external memory counts: the analyzer's words are the partitioner's.
TEST(PipeOrganOverlap, ChargesTheWordsThatThePartitionerCounts) {
  for (const char* network : {"ritnet", "res8-narrow", "fbnet-c-depthwise"}) {
    const RunOutcome outcome = run(xrbench(network));
    EXPECT_EQ(analyze(outcome, "imbrex.overlap.pipeorgan", {{"dram_words_per_cycle", 1.0 / 1024}})
                  .makespan_ps,
              fact<std::int64_t>(outcome, "external_words") * 1024 * 1000)
        << network;
  }
}

TEST(PipeOrganOverlap, NeverGetsSlowerWithMoreBandwidth) {
  const RunOutcome outcome =
      run(xrbench("ritnet"), {"stage.1.topology=mesh", "stage.1.layout=blocked-1d",
                              "stage.2.topology=mesh", "stage.2.layout=blocked-1d"});
  for (const char* rate :
       {"link_words_per_cycle", "buffer_words_per_cycle", "dram_words_per_cycle"}) {
    std::int64_t before_ps = std::numeric_limits<std::int64_t>::max();
    for (const double words : {0.03125, 0.25, 1.0, 8.0, 64.0, 1024.0}) {
      const std::int64_t makespan_ps = analyze(outcome, "imbrex.overlap.pipeorgan",
                                               {{"topology", std::string("mesh")},
                                                {"layout", std::string("blocked-1d")},
                                                {rate, words}})
                                           .makespan_ps;
      EXPECT_LE(makespan_ps, before_ps) << rate << " " << words;
      before_ps = makespan_ps;
    }
    EXPECT_LT(before_ps, std::numeric_limits<std::int64_t>::max());
  }
}

TEST(PipeOrganOverlap, IsNeverEarlierThanTheSimulatorAndSaysWhenItIsABound) {
  const RunOutcome outcome = run(xrbench("ritnet"));
  EXPECT_EQ(outcome.result.exactness, Exactness::conservative);
  EXPECT_GE(analyze(outcome, "imbrex.overlap.pipeorgan").makespan_ps,
            analyze(outcome, "imbrex.overlap.simulator").makespan_ps);
  const auto unlimited =
      make_instance<OverlapAnalyzer>(test::configure("imbrex.overlap.pipeorgan", kUnlimited),
                                     outcome.machine->context(test::host()));
  EXPECT_EQ(unlimited->exactness(), Exactness::exact);
}

TEST(PipeOrganOverlap, SaysSoWhenTheLayoutIsNotThePartitioners) {
  const RunOutcome outcome =
      run(xrbench("ritnet"), {"stage.1.layout=blocked-1d", "stage.2.layout=blocked-1d"});
  try {
    analyze(outcome, "imbrex.overlap.pipeorgan", {{"layout", std::string("folded-stripes")}});
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("imbrex.partition.pipeorgan"), std::string::npos);
  }
}

TEST(PipeOrganOverlap, CountsWordsOnlyOnArraysOfElements) {
  const test::ClsaSystem system(test::load_workload("tinyyolov4"));
  EXPECT_THROW(
      make_instance<OverlapAnalyzer>(test::configure("imbrex.overlap.pipeorgan"), system.context()),
      InputError);
  EXPECT_NO_THROW(make_instance<OverlapAnalyzer>(
      test::configure("imbrex.overlap.pipeorgan", kUnlimited), system.context()));
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
