// imbrex.overlap.pipeorgan, which takes the busiest link as a rate, against the simulator, which
// sends packets over all of them: specification pipeorgan, sections 6.6, 7.1 and 11.
#include "pipeorgan_kit.hpp"
#include "run/simulation_check.hpp"

#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <map>

namespace imbrex::pipeorgan_test {
namespace {

struct Detailed {
  OverlapResult result;
  test::Detail detail;
  std::map<std::int32_t, std::int64_t> segment_ps;  // from the start of a segment to its end
};

Detailed analyze_in_detail(const run::RunOutcome& outcome, std::string_view analyzer,
                           const Settings& settings = {}) {
  const auto instance = plugin::make_instance<OverlapAnalyzer>(
      test::configure(analyzer, settings), outcome.machine->context(test::host()));
  const Design* const design = outcome.design.get();
  Detailed out;
  instance->analyze(instance->request(), {&design, 1}, {&out.result, 1}, &out.detail);
  EXPECT_EQ(out.result.verdict, Verdict::feasible) << analyzer;
  for (const SegmentTimes& times : out.detail.segments) {
    out.segment_ps[times.segment] = times.end_ps - times.start_ps;
  }
  return out;
}

// What the recurrence leaves out: that a hand-over starts when its interval has been computed. A
// burst drains in less than twice what the busiest of its links passes on in an interval, whoever
// sends it, and the hops (section 6.3); bursts of a chain of stages one behind the other. A
// hand-over through the buffer is two of them.
double fill_ps(const run::RunOutcome& outcome, const FloorPlan& plan, const test::Detail& detail) {
  const Architecture& architecture = outcome.machine->architecture();
  const Topology topology = topology_of(architecture);
  const LinkLoads all = link_loads(topology, plan);
  double sum = 0;
  for (const HandOver& hand_over : plan.hand_overs) {
    FlowSet flows;
    add_flows(plan, hand_over, flows);
    const LinkLoads own = route_flows(topology, flows);
    double words = 0;
    for (std::size_t link = 0; link < own.load.size(); ++link) {
      words = own.load[link] > 0 ? std::max(words, all.load[link]) : words;
    }
    const auto jobs = static_cast<double>(
        std::count_if(detail.jobs.begin(), detail.jobs.end(),
                      [&](const TimedJob& job) { return job.id == hand_over.producer; }));
    const double legs = hand_over.pattern == FlowPattern::global_buffer ? 2 : 1;
    sum += 2 * legs *
           (words / architecture.links.words_per_ps / jobs +
            static_cast<double>(architecture.links.hop_ps * own.most_hops));
  }
  return sum;
}

struct Case {
  const char* network;
  const char* topology;
  const char* layout;
};

class SimulatedPipeline : public testing::TestWithParam<Case> {
 protected:
  SimulatedPipeline()
      : outcome_(
            run(xrbench(GetParam().network),
                {std::string("architecture.topology=") + GetParam().topology,
                 std::string("stage.1.layout=") + GetParam().layout, "stage.1.undo_slower=false"})),
        analysed_(analyze_in_detail(outcome_, "imbrex.overlap.pipeorgan")),
        simulated_(analyze_in_detail(outcome_, "imbrex.overlap.simulator")),
        without_(analyze_in_detail(outcome_, "imbrex.overlap.simulator", kNoLinks)) {}

  run::RunOutcome outcome_;
  Detailed analysed_;
  Detailed simulated_;
  Detailed without_;
};

TEST_P(SimulatedPipeline, DiffersFromTheRecurrenceByTheFillOfItsStages) {
  const ElementLinks& links = outcome_.machine->architecture().links;
  const Topology topology = topology_of(outcome_.machine->architecture());
  ASSERT_FALSE(outcome_.design->floor_plans().empty());
  for (const auto& [segment, ps] : simulated_.segment_ps) {
    const FloorPlan* const plan = floor_plan_of(outcome_.design->floor_plans(), segment);
    if (plan == nullptr) {
      EXPECT_EQ(ps, analysed_.segment_ps.at(segment)) << segment;
      continue;
    }
    const auto analysed_ps = static_cast<double>(analysed_.segment_ps.at(segment));
    EXPECT_LE(std::abs(static_cast<double>(ps) - analysed_ps),
              fill_ps(outcome_, *plan, simulated_.detail))
        << segment;
    EXPECT_GE(ps, without_.segment_ps.at(segment)) << segment;
    const double busiest_ps = link_loads(topology, *plan).max_load / links.words_per_ps;
    EXPECT_GE(static_cast<double>(ps), busiest_ps * (1 - 1e-9)) << segment;
  }
}

INSTANTIATE_TEST_SUITE_P(Xrbench, SimulatedPipeline,
                         testing::Values(Case{"ritnet", "amp", "auto"},
                                         Case{"ritnet", "mesh", "auto"},
                                         Case{"res8-narrow", "torus", "blocked-1d"},
                                         Case{"fbnet-c-depthwise", "amp", "auto"},
                                         Case{"fbnet-c-depthwise", "mesh", "blocked-1d"}));

class CheckedLinks : public testing::Test {
 protected:
  static run::SimulationCheck check(const std::string& analyzer, const char* links = "true") {
    static plugin::HostServices services{plugin::HostOptions{}};
    const run::RunOutcome outcome =
        run(xrbench("fbnet-c-depthwise"),
            {"stage.2.use=" + analyzer, std::string("stage.2.links=") + links});
    return run::check_by_simulation(outcome, *test::registry().find("imbrex.overlap.simulator"),
                                    services);
  }
};

// The recipe says so, and the check says what that leaves out.
TEST_F(CheckedLinks, AreLeftOutWhereTheRecipeLeavesThemOutAndMeasured) {
  const run::SimulationCheck without = check("imbrex.overlap.clsa-cim", "false");
  EXPECT_TRUE(without.agrees);
  // Both read whole neighbourhoods through the network's resizes; they agree to the picosecond.
  EXPECT_EQ(without.rule.exactness, Exactness::conservative);
  EXPECT_EQ(without.makespan_ps, without.simulated_makespan_ps);
  ASSERT_TRUE(without.makespan_with_links_ps.has_value());
  EXPECT_GT(*without.makespan_with_links_ps, without.simulated_makespan_ps);
}

TEST_F(CheckedLinks, AreNeverSwitchedOffForTheSimulatorAlone) {
  const run::SimulationCheck without = check("imbrex.overlap.clsa-cim", "false");
  const run::SimulationCheck itself = check("imbrex.overlap.simulator");
  EXPECT_TRUE(itself.agrees);
  EXPECT_EQ(itself.rule.exactness, Exactness::conservative);  // of the resizes, not of the links
  EXPECT_EQ(itself.makespan_ps, *without.makespan_with_links_ps);
  for (const char* analyzer : {"imbrex.overlap.clsa-cim", "imbrex.overlap.pipeorgan"}) {
    const run::SimulationCheck estimate = check(analyzer);
    EXPECT_EQ(estimate.rule.exactness, Exactness::estimate) << analyzer;
    EXPECT_FALSE(estimate.makespan_with_links_ps.has_value()) << analyzer;
    EXPECT_EQ(estimate.simulated_makespan_ps, itself.makespan_ps) << analyzer;
  }
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
