// What imbrex.cost.loop-nest estimates for layers that share an array, and which of them may.
#include "array_kit.hpp"
#include "pipeorgan_kit.hpp"
#include "run/simulation_check.hpp"
#include "temporary_folder.hpp"

#include <fstream>

namespace imbrex::pipeorgan_test {
namespace {

TEST(SegmentEstimate, EstimatesWhatTheBusiestOfComputeMemoryAndBufferTakes) {
  const auto network = equal_layers(3);
  // Four intervals: 256 cycles each on two columns, 512 on one. The first layer has two columns.
  EXPECT_EQ(ArraySystem(network).cost_of(0, 3).latency_ps, (256 + 4 * 512 + 512) * 1000);
  EXPECT_EQ(ArraySystem(network).cost_of(0, 2).latency_ps, (4 * 256 + 256) * 1000);
  EXPECT_EQ(ArraySystem(network).cost_of(1, 2).latency_ps, 512'000);
  // The buffer passes on the same 1 792 words.
  const ArraySystem buffer(network, {"architecture.level_read_words_per_cycle=[0.0, 0.25, 0.0]",
                                     "architecture.level_write_words_per_cycle=[0.0, 0.25, 0.0]"});
  EXPECT_EQ(buffer.cost_of(0, 3).latency_ps, 4 * 1792 * 1000);
}

TEST(SegmentEstimate, CountsMultiplicationsAndMemoriesAsEnergy) {
  // 1 pJ per multiply-accumulate; each word 200 outside, and 6 in and 6 out of the buffer.
  const ArraySystem system(equal_layers(2));
  EXPECT_DOUBLE_EQ(system.cost_of(0, 2).energy_pj, 2 * 8192 + 1536 * (200 + 6 + 6));
  EXPECT_DOUBLE_EQ(system.cost_of(0, 1).energy_pj, 8192 + 1280 * (200 + 6 + 6));
}

TEST(SegmentEstimate, MakesEveryLayerAColumnAtLeast) {
  const auto network = equal_layers(6);
  const ArraySystem system(network);
  const UnitSequence units = system.units();
  EXPECT_EQ(units.capacity, 16);
  ASSERT_EQ(units.units.size(), 6U);
  for (const WeightUnit& unit : units.units) {
    EXPECT_EQ(unit.size, 4);
    EXPECT_EQ(unit.channels, (Interval{0, 16}));
  }
  EXPECT_EQ(segments::largest_ends(units), (std::vector<std::int32_t>{4, 5, 6, 6, 6, 6}));
  EXPECT_EQ(system.cost_of(0, 4).verdict, Verdict::feasible);
  EXPECT_EQ(system.cost_of(0, 5).verdict, Verdict::infeasible);
}

TEST(SegmentEstimate, LeavesLayersApartThatDoNotHandOver) {
  WorkloadBuilder builder("branches");
  const TensorId image = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  const TensorId left = builder.convolution("left", image, conv(16));
  const TensorId right = builder.convolution("right", image, conv(16));
  const TensorId both[] = {left, right};
  builder.output(builder.convolution("last", builder.elementwise("add", both), conv(16)));
  const ArraySystem system(std::make_shared<const Workload>(builder.finish()));
  EXPECT_EQ(system.cost_of(0, 2).verdict, Verdict::infeasible);
  EXPECT_EQ(system.cost_of(0, 3).verdict, Verdict::infeasible);
  EXPECT_EQ(system.cost_of(1, 3).verdict, Verdict::feasible);
}

TEST(SegmentEstimate, LeavesLayersOfOnePositionApart) {
  WorkloadBuilder builder("dense");
  const TensorId image = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  const TensorId pooled = builder.global_pool("pool", builder.convolution("conv", image, conv(16)));
  builder.output(builder.convolution("dense", pooled, conv(8)));
  const ArraySystem system(std::make_shared<const Workload>(builder.finish()));
  EXPECT_EQ(system.cost_of(0, 2).verdict, Verdict::infeasible);
  EXPECT_EQ(system.cost_of(1, 2).verdict, Verdict::feasible);
}

TEST(SegmentEstimate, LeavesLayersApartThatTheBufferCannotHold) {
  // Two layers: 512 weights, and twice a row of 8 * 16 words.
  const auto network = equal_layers(2);
  const auto verdict = [&](int words) {
    return ArraySystem(network, {numbered("architecture.level_words=[0, ", words, ", 512]")})
        .cost_of(0, 2)
        .verdict;
  };
  EXPECT_EQ(verdict(768), Verdict::feasible);
  EXPECT_EQ(verdict(767), Verdict::infeasible);
}

TEST(SegmentEstimate, KeepsRowsForWindowsInTheBuffer) {
  WorkloadBuilder builder("window");
  const TensorId image = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  ConvolutionParams window = conv(16, 3);
  window.window.pad_begin = window.window.pad_end = {1, 1};
  builder.output(builder.convolution("b", builder.convolution("a", image, conv(16)), window));
  const auto network = std::make_shared<const Workload>(builder.finish());
  const auto verdict = [&](int words) {
    return ArraySystem(network, {numbered("architecture.level_words=[0, ", words, ", 512]")})
        .cost_of(0, 2)
        .verdict;
  };
  // 256 + 2 304 weights, two rows of 128 words handed over, two kept.
  EXPECT_EQ(verdict(256 + 2304 + 4 * 128), Verdict::feasible);
  EXPECT_EQ(verdict(256 + 2304 + 4 * 128 - 1), Verdict::infeasible);
}

TEST(SegmentEstimate, SaysWhenNothingMultiplies) {
  WorkloadBuilder builder("pools");
  builder.output(builder.activation("relu", builder.input("x", {4, {1, 3, 2, 2, 1, 1}})));
  const auto pools = std::make_shared<const Workload>(builder.finish());
  const ArraySystem system(equal_layers(1));
  try {
    segments::decompose(*pools, system.machine().architecture());
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "workload 'pools' has no operator with multiply-accumulates to cut into segments");
  }
}

// Even loops on an array whose links cost nothing: nothing is left out of the estimate.
TEST(SegmentEstimate, EstimatesWhatIsAnalysedWhereLoopsDivide) {
  const test::TemporaryFolder folder;
  const std::string network = std::string(folder.path()) + "/two.toml";
  std::ofstream(network) << "imbrex_workload = 1\ninput.image = { shape = [1, 16, 4, 8] }\n"
                            "[network]\nlayers = [{ op = \"conv\", filters = 16, repeat = 2 }]\n";
  const run::RunOutcome outcome =
      run(network, {"architecture.rows=4", "architecture.columns=4", "architecture.macs_per_pe=1",
                    "architecture.level_instances=[1, 1, 16]", "architecture.hop_cycles=0.0",
                    "architecture.link_words_per_cycle=0.0", "stage.1.share_unit=1",
                    "stage.1.undo_slower=false", "stage.1.orders=positions",
                    "architecture.level_read_words_per_cycle=[0.0, 0.0, 0.0]",
                    "architecture.level_write_words_per_cycle=[0.0, 0.0, 0.0]"});
  plugin::HostServices services{plugin::HostOptions{}};
  const run::SimulationCheck check = run::check_by_simulation(
      outcome, *test::registry().find("imbrex.overlap.simulator"), services);
  ASSERT_EQ(check.segments.size(), 1U);
  const run::SegmentAgreement& whole = check.segments[0];
  EXPECT_EQ(whole.estimate_ps, (4 * 256 + 256) * 1000);
  EXPECT_EQ(whole.estimate_ps, whole.analysed.end_ps - whole.analysed.start_ps);
  EXPECT_EQ(whole.estimate_ps, check.simulated_makespan_ps);
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
