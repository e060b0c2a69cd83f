// A network larger than its chip, cut inside a layer. Layer A takes one PE, layer B six: three for
// its channels [0, 256), three for [256, 300). Four PEs hold A and the first part of B. Cycles as
// in specification clsa-cim section 11.2 (24 when A and B overlap, 16 for B alone), 1.4 us each.
#include "result/result_json.hpp"
#include "run/objective.hpp"
#include "run/simulation_check.hpp"
#include "run/stage_evaluator.hpp"
#include "run_fixture.hpp"

#include <imbrex/plugin/error.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

class SegmentsRun : public test::RunFixture {
 protected:
  static std::string recipe(const std::string& stages, const std::string& costs = "") {
    return "imbrex = 1\nname = \"segments\"\nseed = 5\n"
           "[workload]\nuse = \"test.workload.chain\"\n"
           "[architecture]\nuse = \"imbrex.architecture.tiled-cim\"\npes = 4\n" +
           costs + "[cost]\nuse = \"imbrex.cost.crossbar\"\n" + stages;
  }
  static std::string cut_and_overlap() {
    return stage("imbrex.partition.greedy") + stage("imbrex.overlap.clsa-cim");
  }
  // One bit per ns, 100 ns to write, 1 ns per bit of data.
  static std::string replacement() {
    return "weight_bits_per_ns = 1.0\nweight_write_ns = 100.0\ndata_ns_per_bit = 1.0\n"
           "weight_energy_pj_per_bit = 2.0\ndata_energy_pj_per_bit = 3.0\n";
  }
};

// Weights: A 16*9*64, B 576*256 and 576*44, eight bits each.
constexpr std::int64_t kWeightBits[] = {(9216 + 147456) * 8, 25344 * 8};
// The image enters; A's activations are needed again; both parts of the result leave.
constexpr std::int64_t kLoadBits[] = {256 * 8, 64 * 16 * 8};
constexpr std::int64_t kStoreBits[] = {(64 + 256) * 16 * 8, 44 * 16 * 8};

TEST_F(SegmentsRun, FailsWithoutAPartitioner) {
  try {
    run(recipe(stage("imbrex.overlap.clsa-cim")));
    FAIL() << "seven PEs cannot fit on four";
  } catch (const InfeasibleError& error) {
    EXPECT_NE(std::string(error.what()).find("needs 7 PEs, the chip has 4"), std::string::npos)
        << error.what();
  }
}

// Nobody is to blame for a network that does not fit before anything is decided.
TEST_F(SegmentsRun, BlamesNoStageForANetworkThatIsTooLargeAnyhow) {
  try {
    run(recipe(stage("test.partition.copies", "copies = 2\n") + stage("imbrex.overlap.clsa-cim")));
    FAIL() << "eight PEs cannot fit on four";
  } catch (const InfeasibleError& error) {
    EXPECT_TRUE(std::string_view(error.what())
                    .starts_with("stage 2 (imbrex.overlap.clsa-cim): the network needs 8 PEs, the "
                                 "chip has 4"))
        << error.what();
    EXPECT_NE(std::string_view(error.what()).find("--set stage.1.use=imbrex.partition."),
              std::string_view::npos)
        << error.what();
  }
}

TEST_F(SegmentsRun, RunsOneSegmentAfterTheOtherWhenReplacementIsFree) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap()));
  EXPECT_EQ(number(outcome.result.metrics, "latency_ps"), (24 + 16) * 1'400'000);
  EXPECT_EQ(number(outcome.result.metrics, "segments"), 2);
  ASSERT_EQ(outcome.result.segments.size(), 2u);
  EXPECT_EQ(outcome.result.segments[1].times.start_ps, 24 * 1'400'000);
}

TEST_F(SegmentsRun, ChargesWeightsAndDataAroundTheJobs) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  ASSERT_EQ(outcome.result.segments.size(), 2u);
  std::int64_t now_ps = 0;
  const std::int64_t work_ps[] = {24 * 1'400'000, 16 * 1'400'000};
  for (std::size_t s = 0; s < 2; ++s) {
    const SegmentResult& segment = outcome.result.segments[s];
    EXPECT_EQ(segment.times.start_ps, now_ps);
    EXPECT_EQ(segment.times.work_start_ps, now_ps + kWeightBits[s] * 1000 + 100'000);
    now_ps = segment.times.work_start_ps + work_ps[s] + (kLoadBits[s] + kStoreBits[s]) * 1000;
    EXPECT_EQ(segment.times.end_ps, now_ps);
    EXPECT_EQ(segment.overhead.load_bits, kLoadBits[s]);
    EXPECT_EQ(segment.overhead.store_bits, kStoreBits[s]);
  }
  EXPECT_EQ(number(outcome.result.metrics, "latency_ps"), static_cast<double>(now_ps));
  EXPECT_DOUBLE_EQ(number(outcome.result.metrics, "throughput_per_s"),
                   1e12 / static_cast<double>(now_ps));
}

TEST_F(SegmentsRun, CountsBitsAndEnergyOfTheReplacement) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  const Metrics& metrics = outcome.result.metrics;
  const std::int64_t weights = kWeightBits[0] + kWeightBits[1];
  const std::int64_t data = kLoadBits[0] + kLoadBits[1] + kStoreBits[0] + kStoreBits[1];
  EXPECT_EQ(number(metrics, "weight_write_bits"), static_cast<double>(weights));
  EXPECT_EQ(number(metrics, "data_load_bits"), static_cast<double>(kLoadBits[0] + kLoadBits[1]));
  EXPECT_EQ(number(metrics, "data_store_bits"), static_cast<double>(kStoreBits[0] + kStoreBits[1]));
  EXPECT_DOUBLE_EQ(number(metrics, "energy_pj"),
                   2.0 * static_cast<double>(weights) + 3.0 * static_cast<double>(data));
}

TEST_F(SegmentsRun, DescribesTheNetworkAsItWasReadAndTheOperatorsAsTheyRan) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap()));
  EXPECT_EQ(outcome.result.workload_operators, 3);
  EXPECT_EQ(outcome.workload->operators().size(), 3u);
  std::vector<std::string> names;
  for (const OperatorResult& op : outcome.result.operators) {
    names.push_back(op.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"A", "B[0:256]", "B[256:300]"}));
  EXPECT_EQ(&outcome.machine->workload(), &outcome.design->workload());
  EXPECT_EQ(outcome.machine->architecture().resources.front().count, 4);
}

TEST_F(SegmentsRun, KeepsTheSizeOfAChipThatSizedItselfFromTheNetwork) {
  // With seven PEs everything is one segment, and nothing is split.
  const std::string text = chain_recipe(0, cut_and_overlap());
  const run::RunOutcome outcome = run(text);
  EXPECT_EQ(number(outcome.result.metrics, "latency_ps"), 24 * 1'400'000);
  EXPECT_EQ(number(outcome.result.metrics, "units_total"), 7);
  EXPECT_TRUE(outcome.result.segments.empty());
  EXPECT_EQ(outcome.result.metrics.find("segments"), nullptr);
}

TEST_F(SegmentsRun, WritesSegmentsIntoTheResult) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  const auto json = nlohmann::json::parse(result::result_json(outcome.result, *outcome.design));
  ASSERT_EQ(json["segments"].size(), 2u);
  const auto& second = json["segments"][1];
  EXPECT_EQ(second["segment"], 1);
  EXPECT_EQ(second["weight_load_ps"], kWeightBits[1] * 1000);
  EXPECT_EQ(second["weight_write_ps"], 100'000);
  EXPECT_EQ(second["data_ps"], (kLoadBits[1] + kStoreBits[1]) * 1000);
  EXPECT_EQ(second["units"], 3);
  EXPECT_EQ(second["operators"], nlohmann::json::array({"B[256:300]"}));
}

TEST_F(SegmentsRun, LaterStagesSeeTheSplitNetwork) {
  // Weight duplication runs on the slices; nothing fits twice, so nothing changes.
  const run::RunOutcome outcome =
      run(recipe(stage("imbrex.partition.greedy") + stage("imbrex.partition.weight-duplication") +
                 stage("imbrex.overlap.clsa-cim")));
  EXPECT_EQ(outcome.result.operators.size(), 3u);
  EXPECT_EQ(number(outcome.result.metrics, "latency_ps"), 40 * 1'400'000);
}

TEST_F(SegmentsRun, IsConfirmedBySimulationSegmentBySegment) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  const Component& simulator = *registry().find("imbrex.overlap.simulator");
  const run::SimulationCheck check = run::check_by_simulation(outcome, simulator, services());
  EXPECT_TRUE(check.agrees);
  ASSERT_EQ(check.segments.size(), 2u);
  for (const run::SegmentAgreement& one : check.segments) {
    EXPECT_EQ(one.analysed.end_ps, one.simulated.end_ps);
    ASSERT_TRUE(one.on_resources.has_value());
    EXPECT_GT(one.estimate_ps, 0);
  }
  // The second segment is one layer: nothing in it overlaps, and the estimate is exact.
  const run::SegmentAgreement& second = check.segments[1];
  EXPECT_EQ(second.estimate_ps, second.simulated.end_ps - second.simulated.start_ps);
  ASSERT_TRUE(check.makespan_on_resources_ps.has_value());
  EXPECT_LT(*check.makespan_on_resources_ps, check.simulated_makespan_ps);
}

TEST_F(SegmentsRun, FollowsTheCriticalPathFromSegmentToSegment) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  std::vector<std::string> path;
  for (const CriticalStep& step : outcome.result.critical_path) {
    path.push_back(outcome.design->workload().at(step.op).name);
  }
  EXPECT_EQ(path, (std::vector<std::string>{"A", "B[0:256]", "B[256:300]"}));
}

TEST_F(SegmentsRun, AsksForSmallRunsWhenWeightsAreReplacedDuringEach) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap(), replacement()));
  const std::int64_t makespan_ps = outcome.design->timeline()->makespan_ps;
  const auto value = [&](Objective objective) {
    return run::objective_value(objective, *outcome.design, *outcome.machine, outcome.request,
                                makespan_ps);
  };
  const double energy = number(outcome.result.metrics, "energy_pj");
  EXPECT_DOUBLE_EQ(value(Objective::throughput), static_cast<double>(makespan_ps));
  EXPECT_DOUBLE_EQ(value(Objective::energy), energy);
  EXPECT_DOUBLE_EQ(value(Objective::edp), energy * static_cast<double>(makespan_ps) * 1e-12);
  EXPECT_DOUBLE_EQ(number(outcome.result.metrics, "edp_js"),
                   energy * 1e-12 * static_cast<double>(makespan_ps) * 1e-12);
}

TEST_F(SegmentsRun, CountsTheEnergyOfDataBetweenOperators) {
  // Seven PEs, one per tile, on a grid of three columns: A on tile 0, B on tiles 1 to 6, of which
  // tile 5 (row 1, column 2) is farthest: three hops for 64 * 16 activations of eight bits.
  const std::string text = chain_recipe(0, stage("imbrex.overlap.clsa-cim"));
  const std::string key = "extra_pes = 0\n";
  std::string with_energy = text;
  with_energy.insert(text.find(key) + key.size(), "link_energy_pj_per_bit_hop = 0.5\n");
  EXPECT_EQ(run(text).result.metrics.find("energy_pj"), nullptr);
  EXPECT_DOUBLE_EQ(number(run(with_energy).result.metrics, "energy_pj"), 0.5 * 3 * 64 * 16 * 8);
}

TEST_F(SegmentsRun, RefusesToScoreADesignOfAnotherWorkload) {
  const run::RunOutcome outcome = run(recipe(cut_and_overlap()));
  Host& host = services().host_for("test", 1, 0);
  const Context context = outcome.machine->context(host);
  const auto analyzer =
      plugin::make_instance<OverlapAnalyzer>(plan().stages.back().config, context);
  run::StageEvaluator evaluator(*outcome.machine, *analyzer, Objective::latency, host);
  const Design foreign(outcome.workload);  // of the network as it was read
  const Design* const one = &foreign;
  Score score;
  EXPECT_THROW(evaluator.score({&one, 1}, {&score, 1}), Error);
}

}  // namespace
}  // namespace imbrex
