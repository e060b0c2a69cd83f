// imbrex.partition.pipeorgan and imbrex.overlap.pipeorgan on networks of XR-bench.
#include "pipeorgan_kit.hpp"

#include <map>

namespace imbrex::pipeorgan_test {
namespace {

class OneLanguage : public testing::TestWithParam<const char*> {};

// All analyzers time the same stages, and memories beside them alike; links as rates are in the
// graph, so they are the same for all that do not serve packets themselves.
TEST_P(OneLanguage, AnalyzersAgreeOnPipelinedSegments) {
  for (const char* links : {"true", "false"}) {
    const bool rates = std::string_view(links) == "true";
    const Settings settings = rates ? Settings{} : kNoLinks;
    const run::RunOutcome outcome =
        run(xrbench(GetParam()), {std::string("stage.2.links=") + links});
    const std::int64_t makespan_ps =
        analyze(outcome, "imbrex.overlap.pipeorgan", settings).makespan_ps;
    EXPECT_GT(makespan_ps, 0);
    EXPECT_EQ(makespan_ps, outcome.design->timeline()->makespan_ps);
    for (const char* other :
         {"imbrex.overlap.clsa-cim", "imbrex.overlap.fast-overlapim", "imbrex.overlap.pairwise"}) {
      EXPECT_EQ(analyze(outcome, other, settings).makespan_ps, makespan_ps) << other << links;
    }
    if (!rates) {
      EXPECT_EQ(analyze(outcome, "imbrex.overlap.simulator", settings).makespan_ps, makespan_ps);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Xrbench, OneLanguage,
                         testing::Values("ritnet", "res8-narrow", "fbnet-c-depthwise"));

TEST(PipeOrganPartition, HasTheDepthsOfTheSpecification) {
  EXPECT_EQ(fact<std::string>(run(xrbench("ritnet"), {"stage.1.undo_slower=false"}), "depths"),
            "1:15 5:1 10:1 12:1");
  EXPECT_EQ(
      fact<std::string>(run(xrbench("fbnet-c-depthwise"), {"stage.1.undo_slower=false"}), "depths"),
      "1:39 2:1 3:3 13:1");
}

TEST(PipeOrganPartition, DealsTheWholeArrayToEverySegment) {
  const run::RunOutcome outcome = run(xrbench("ritnet"));
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

TEST(PipeOrganPartition, KeepsToTheLayoutAskedFor) {
  const run::RunOutcome outcome =
      run(xrbench("ritnet"), {"stage.1.layout=blocked-1d", "stage.1.undo_slower=false"});
  ASSERT_EQ(outcome.design->floor_plans().size(), 3U);
  for (const FloorPlan& plan : outcome.design->floor_plans()) {
    EXPECT_EQ(plan.layout.kind, LayoutKind::blocked_1d);
    EXPECT_EQ(plan.layout.shares().size(), plan.stages.size());
    EXPECT_GE(plan.hand_overs.size() + 1, plan.stages.size());
  }
}

TEST(PipeOrganPartition, NeverTakesLongerThanItsLayersOneByOne) {
  for (const char* network : {"ritnet", "res8-narrow"}) {
    const run::RunOutcome pipelined = run(xrbench(network));
    const run::RunOutcome single = run(xrbench(network), {"stage.1.depth=one"});
    EXPECT_LE(fact<std::int64_t>(pipelined, "estimate_ps"),
              fact<std::int64_t>(single, "estimate_ps"))
        << network;
  }
}

TEST(PipeOrganPartition, GivesEveryLayerTheArrayWhenNotPipelining) {
  const run::RunOutcome outcome = run(xrbench("ritnet"), {"stage.1.depth=one"});
  EXPECT_EQ(fact<std::string>(outcome, "depths"), "1:42");
  EXPECT_EQ(fact<std::int64_t>(outcome, "external_words"),
            fact<std::int64_t>(outcome, "external_words_layer_by_layer"));
}

TEST(PipeOrganPartition, FindsFewerWordsWhenExact) {
  for (const char* network : {"ritnet", "res8-narrow", "midas-v21-depthwise"}) {
    const std::string as_cut = "stage.1.undo_slower=false";
    const run::RunOutcome greedy = run(xrbench(network), {as_cut});
    const run::RunOutcome exact = run(xrbench(network), {"stage.1.depth=exact", as_cut});
    EXPECT_LE(fact<std::int64_t>(exact, "external_words"),
              fact<std::int64_t>(greedy, "external_words"))
        << network;
  }
}

// Words that the partitioner counts are those that the cost model charges.
TEST(PipeOrganPartition, CountsTheWordsThatAreCharged) {
  for (const char* network : {"ritnet", "res8-narrow", "fbnet-c-depthwise", "hand-graph-cnn"}) {
    for (const char* retained : {"0", "65536"}) {
      const run::RunOutcome outcome = run(
          xrbench(network),
          {std::string("architecture.retained_words=") + retained, "stage.1.undo_slower=false"});
      std::int64_t bits = 0;
      for (const SegmentResult& segment : outcome.result.segments) {
        const SegmentOverhead& o = segment.overhead;
        bits += o.weight_bits + o.load_bits + o.store_bits;
      }
      EXPECT_EQ(bits, fact<std::int64_t>(outcome, "external_words") * 8)
          << network << " " << retained;
    }
  }
}

// The design of `outcome` on a machine with another rate of one kind, the others unbounded.
std::int64_t analyze_on(const run::RunOutcome& outcome, const std::string& kind, double words) {
  const auto rate = [&](const char* name) { return std::to_string(kind == name ? words : 0.0); };
  const std::string levels = rates(rate("external"), rate("buffer"));
  const run::RunOutcome other =
      run(xrbench("ritnet"),
          {"architecture.topology=mesh", "stage.1.depth=one", "architecture.hop_cycles=0.0",
           "architecture.link_words_per_cycle=" + rate("link"),
           "architecture.level_read_words_per_cycle=" + levels,
           "architecture.level_write_words_per_cycle=" + levels});
  return analyze(outcome, "imbrex.overlap.pipeorgan", {}, other.machine.get()).makespan_ps;
}

// Of a fixed plan, specification section 11 item 13: what grows is the machine, not the design.
TEST(PipeOrganOverlap, NeverGetsSlowerWithMoreBandwidth) {
  const run::RunOutcome outcome =
      run(xrbench("ritnet"),
          {"architecture.topology=mesh", "stage.1.layout=blocked-1d", "stage.1.undo_slower=false"});
  for (const char* rate : {"link", "buffer", "external"}) {
    std::int64_t before_ps = std::numeric_limits<std::int64_t>::max();
    std::int64_t slowest_ps = 0;
    for (const double words : {0.03125, 0.25, 1.0, 8.0, 64.0, 1024.0}) {
      const std::int64_t makespan_ps = analyze_on(outcome, rate, words);
      EXPECT_LE(makespan_ps, before_ps) << rate << " " << words;
      before_ps = makespan_ps;
      slowest_ps = std::max(slowest_ps, makespan_ps);
    }
    EXPECT_LT(before_ps, slowest_ps) << rate;
  }
}

TEST(PipeOrganOverlap, SaysWhenItIsAnEstimate) {
  EXPECT_EQ(run(xrbench("res8-narrow")).result.exactness, Exactness::estimate);
  // A resize stands for the skipped rows of the network; regions of its input are larger than
  // needs.
  const run::RunOutcome without = run(xrbench("res8-narrow"), {"stage.2.links=false"});
  EXPECT_EQ(without.result.exactness, Exactness::conservative);
  EXPECT_EQ(without.result.exactness_reasons, std::vector<std::string>{"resize resize1"});
}

TEST(PipeOrganOverlap, NeedsNoLinksOnOtherArchitectures) {
  const test::ClsaSystem system(test::load_workload("tinyyolov4"));
  EXPECT_NO_THROW(plugin::make_instance<OverlapAnalyzer>(
      test::configure("imbrex.overlap.pipeorgan"), system.context()));
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
