// imbrex.partition.optimal on arrays: segments of layers that share the array.
#include "array_kit.hpp"
#include "pipeorgan_kit.hpp"
#include "run/simulation_check.hpp"
#include "temporary_folder.hpp"

#include <imbrex/pipeline_depth.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <random>

namespace imbrex::pipeorgan_test {
namespace {

using Network = std::shared_ptr<const Workload>;

ConvolutionParams conv(std::int64_t channels, std::int64_t kernel = 1, std::int64_t stride = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  params.window.stride = {stride, stride};
  return params;
}

std::string numbered(std::string_view before, std::int64_t number, std::string_view after = "") {
  return std::string(before).append(std::to_string(number)).append(after);
}

// 1 x 1 convolutions of 16 channels on 4 rows of 8 pixels: each has 8 192 multiply-accumulates, 256
// weights, 512 words of input and as many of output.
Network equal_layers(int count) {
  WorkloadBuilder builder("equal");
  TensorId data = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  for (int i = 0; i < count; ++i) {
    data = builder.convolution(numbered("c", i), data, conv(16));
  }
  builder.output(data);
  return std::make_shared<const Workload>(builder.finish());
}

// Chains with skips, pools and breaks.
Network random_network(std::mt19937& random, int layers) {
  WorkloadBuilder builder("random");
  const std::int64_t channels = 1 << (2 + random() % 4);
  const Shape shape{4, {1, channels, 8, 8, 1, 1}};
  const TensorId image = builder.input("x", shape);
  std::vector<TensorId> made = {image};
  for (int i = 0; i < layers; ++i) {
    const std::string name = numbered("c", i);
    TensorId data = random() % 8 == 0 ? image : made.back();
    if (random() % 4 == 0) {
      const TensorId operands[] = {data, made[random() % made.size()]};
      data = builder.elementwise(name + "_add", operands);
    }
    ConvolutionParams params = conv(channels, random() % 3 == 0 ? 3 : 1);
    if (params.window.kernel[0] == 3) {
      params.window.pad_begin = params.window.pad_end = {1, 1};
    }
    made.push_back(builder.convolution(name, data, params));
  }
  builder.output(made.back());
  return std::make_shared<const Workload>(builder.finish());
}

std::string text(const std::vector<double>& numbers) {
  std::string out;
  for (const double number : numbers) {
    out.append(out.empty() ? "[" : ", ").append(std::to_string(number));
  }
  return out.append("]");
}

// A memory that is sometimes the bottleneck and sometimes not.
std::vector<std::string> random_array(std::mt19937& random) {
  const double external = std::pow(2.0, static_cast<double>(random() % 7) - 3);
  const std::string rates = text({external, 2 * external, 0});
  return {"architecture.level_read_words_per_cycle=" + rates,
          "architecture.level_write_words_per_cycle=" + rates,
          numbered("architecture.level_words=[0, ", 1 << (9 + random() % 6), ", 512]")};
}

struct Sums {
  double time = 0;
  double energy = 0;
};

// Of one way to cut; infinite when a segment is infeasible.
Sums sums_of(const ArraySystem& system, const std::vector<std::int32_t>& ends) {
  Sums sums;
  std::int32_t begin = 0;
  for (const std::int32_t end : ends) {
    const SegmentCost cost = system.cost_of(begin, end);
    if (cost.verdict != Verdict::feasible) {
      return {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    }
    sums.time += static_cast<double>(cost.latency_ps);
    sums.energy += cost.energy_pj;
    begin = end;
  }
  return sums;
}

double goal(const Sums& sums, Objective objective) {
  return objective == Objective::edp ? sums.time * sums.energy
                                     : (objective == Objective::energy ? sums.energy : sums.time);
}

double least_of_all_cuts(const ArraySystem& system, Objective objective) {
  double least = std::numeric_limits<double>::infinity();
  const std::int32_t layers = system.layers();
  for (std::uint32_t cuts = 0; cuts < 1u << (layers - 1); ++cuts) {
    std::vector<std::int32_t> ends;
    for (std::int32_t i = 1; i < layers; ++i) {
      if ((cuts >> (i - 1) & 1u) != 0) {
        ends.push_back(i);
      }
    }
    ends.push_back(layers);
    least = std::min(least, goal(sums_of(system, ends), objective));
  }
  return least;
}

TEST(OptimalOnArrays, IsTheBestOfAllCuts) {
  int pipelined = 0;  // results that are not simply layer by layer, or everything together
  int cut = 0;
  for (unsigned seed = 0; seed < 24; ++seed) {
    std::mt19937 random(seed);
    const Network network = random_network(random, static_cast<int>(2 + random() % 6));
    const ArraySystem system(network, random_array(random));
    for (const Objective objective :
         {Objective::latency, Objective::throughput, Objective::energy, Objective::edp}) {
      const Partitioned found(system, network, objective);
      const Sums sums{static_cast<double>(found.integers.at("estimated_batch_ps")),
                      found.reals.at("estimated_batch_energy_pj")};
      pipelined += found.integers.at("segments") < system.layers() ? 1 : 0;
      cut += found.integers.at("segments") > 1 ? 1 : 0;
      const double best = least_of_all_cuts(system, objective);
      EXPECT_NEAR(goal(sums, objective), best, 1e-9 * best)
          << "seed " << seed << " objective " << static_cast<int>(objective);
    }
  }
  EXPECT_GT(pipelined, 20);
  EXPECT_GT(cut, 20);
}

TEST(OptimalOnArrays, SharesTheArrayWhereMemoryIsSlow) {
  const Network network = equal_layers(2);
  // 512 in, 512 out and 2 * 256 weights at a word per cycle; with two segments twice 1 280 words.
  const std::vector<std::string> slow = {
      "architecture.level_read_words_per_cycle=[1.0, 0.0, 0.0]",
      "architecture.level_write_words_per_cycle=[1.0, 0.0, 0.0]"};
  const ArraySystem system(network, slow);
  EXPECT_EQ(system.cost_of(0, 2).latency_ps, 1'536'000);
  EXPECT_EQ(system.cost_of(0, 1).latency_ps, 1'280'000);
  const Partitioned found(system, network);
  EXPECT_EQ(found.integers.at("segments"), 1);
  EXPECT_EQ(found.integers.at("estimated_batch_ps"), 1'536'000);
  for (const char* layer : {"c0", "c1"}) {
    for (std::size_t i = 0; i < network->operators().size(); ++i) {
      if (network->operators()[i].name == layer) {
        EXPECT_EQ(found.design.placement(operator_id(i)).units, 8);
        EXPECT_EQ(found.design.placement(operator_id(i)).first_unit, layer[1] == '0' ? 0 : 8);
      }
    }
  }
}

TEST(OptimalOnArrays, EstimatesWhatTheBusiestOfComputeMemoryAndBufferTakes) {
  const Network network = equal_layers(3);
  // Four intervals: 256 cycles each on two columns, 512 on one. The first layer has two columns.
  EXPECT_EQ(ArraySystem(network).cost_of(0, 3).latency_ps, (256 + 4 * 512 + 512) * 1000);
  EXPECT_EQ(ArraySystem(network).cost_of(0, 2).latency_ps, (4 * 256 + 256) * 1000);
  EXPECT_EQ(ArraySystem(network).cost_of(1, 2).latency_ps, 512'000);
  // The buffer passes on the same 1 792 words.
  const ArraySystem buffer(network, {"architecture.level_read_words_per_cycle=[0.0, 0.25, 0.0]",
                                     "architecture.level_write_words_per_cycle=[0.0, 0.25, 0.0]"});
  EXPECT_EQ(buffer.cost_of(0, 3).latency_ps, 4 * 1792 * 1000);
}

TEST(OptimalOnArrays, CountsMultiplicationsAndMemoriesAsEnergy) {
  // 1 pJ per multiply-accumulate; each word 200 outside, and 6 in and 6 out of the buffer.
  const ArraySystem system(equal_layers(2));
  EXPECT_DOUBLE_EQ(system.cost_of(0, 2).energy_pj, 2 * 8192 + 1536 * (200 + 6 + 6));
  EXPECT_DOUBLE_EQ(system.cost_of(0, 1).energy_pj, 8192 + 1280 * (200 + 6 + 6));
}

TEST(OptimalOnArrays, MakesEveryLayerAColumnAtLeast) {
  const Network network = equal_layers(6);
  const ArraySystem system(network);
  const UnitSequence units = system.units();
  EXPECT_EQ(units.capacity, 16);
  ASSERT_EQ(units.units.size(), 6U);
  for (const WeightUnit& unit : units.units) {
    EXPECT_EQ(unit.size, 4);
    EXPECT_EQ(unit.channels, (Interval{0, 16}));
  }
  EXPECT_EQ(largest_ends(units), (std::vector<std::int32_t>{4, 5, 6, 6, 6, 6}));
  EXPECT_EQ(system.cost_of(0, 4).verdict, Verdict::feasible);
  EXPECT_EQ(system.cost_of(0, 5).verdict, Verdict::infeasible);
}

TEST(OptimalOnArrays, LeavesLayersApartThatDoNotHandOver) {
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

TEST(OptimalOnArrays, LeavesLayersOfOnePositionApart) {
  WorkloadBuilder builder("dense");
  const TensorId image = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  const TensorId pooled = builder.global_pool("pool", builder.convolution("conv", image, conv(16)));
  builder.output(builder.convolution("dense", pooled, conv(8)));
  const ArraySystem system(std::make_shared<const Workload>(builder.finish()));
  EXPECT_EQ(system.cost_of(0, 2).verdict, Verdict::infeasible);
  EXPECT_EQ(system.cost_of(1, 2).verdict, Verdict::feasible);
}

TEST(OptimalOnArrays, LeavesLayersApartThatTheBufferCannotHold) {
  // Two layers: 512 weights, and twice a row of 8 * 16 words.
  const Network network = equal_layers(2);
  const auto verdict = [&](int words) {
    return ArraySystem(network, {numbered("architecture.level_words=[0, ", words, ", 512]")})
        .cost_of(0, 2)
        .verdict;
  };
  EXPECT_EQ(verdict(768), Verdict::feasible);
  EXPECT_EQ(verdict(767), Verdict::infeasible);
}

TEST(OptimalOnArrays, KeepsRowsForWindowsInTheBuffer) {
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

TEST(OptimalOnArrays, SharesEverySegmentOutWhole) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    const Network network = random_network(random, 7);
    const ArraySystem system(network, random_array(random));
    const Partitioned found(system, network);
    std::map<std::int32_t, std::int64_t> owned;
    for (const WeightUnit& unit : system.units().units) {
      const Placement& placement = found.design.placement(unit.op);
      EXPECT_GE(placement.units, 4) << "seed " << seed;
      EXPECT_EQ(placement.first_unit, owned[placement.segment]) << "seed " << seed;
      owned[placement.segment] += placement.units;
    }
    for (const auto& [segment, units] : owned) {
      EXPECT_EQ(units, 16) << "seed " << seed << " segment " << segment;
    }
  }
}

TEST(OptimalOnArrays, IsNeverWorseThanTheGreedyDepths) {
  for (unsigned seed = 0; seed < 24; ++seed) {
    std::mt19937 random(seed);
    const Network network = random_network(random, 12);
    const ArraySystem system(network, random_array(random));
    std::vector<OperatorId> mapped;
    for (const WeightUnit& unit : system.units().units) {
      mapped.push_back(unit.op);
    }
    const PipelineProblem problem = pipeline_problem(*network, mapped);
    DepthLimits limits;
    limits.words_per_weight = 0.5;
    limits.resident_weight_words = kUnboundedWords;
    limits.most_layers = 4;
    limits.share_units = 4;
    const Sums greedy = sums_of(system, greedy_segments(problem.layers, problem.skips, limits));
    const Partitioned found(system, network);
    EXPECT_LE(static_cast<double>(found.integers.at("estimated_batch_ps")), greedy.time)
        << "seed " << seed;
  }
}

TEST(OptimalOnArrays, NeedsMemoriesPerSegment) {
  const Network network = equal_layers(2);
  const ArraySystem system(network, {"cost.memories=layers"});
  try {
    const Partitioned found(system, network);
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("imbrex.cost.loop-nest with memories = \"segments\""),
              std::string::npos)
        << error.what();
  }
}

TEST(OptimalOnArrays, SaysWhenNothingMultiplies) {
  WorkloadBuilder builder("pools");
  builder.output(builder.activation("relu", builder.input("x", {4, {1, 3, 2, 2, 1, 1}})));
  const auto pools = std::make_shared<const Workload>(builder.finish());
  const ArraySystem system(equal_layers(1));
  try {
    decompose(*pools, system.machine().architecture());
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "workload 'pools' has no operator with multiply-accumulates to cut into segments");
  }
}

// Even loops on an array whose links cost nothing: nothing is left out of the estimate.
TEST(OptimalOnArrays, EstimatesWhatIsAnalysedWhereLoopsDivide) {
  const test::TemporaryFolder folder;
  const std::string network = std::string(folder.path()) + "/two.toml";
  std::ofstream(network) << "imbrex_workload = 1\ninput.image = { shape = [1, 16, 4, 8] }\n"
                            "[network]\nlayers = [{ op = \"conv\", filters = 16, repeat = 2 }]\n";
  const RunOutcome outcome =
      run(network, {"architecture.rows=4", "architecture.columns=4", "architecture.macs_per_pe=1",
                    "architecture.level_instances=[1, 1, 16]", "architecture.hop_cycles=0.0",
                    "architecture.link_words_per_cycle=0.0", "stage.1.share_unit=1",
                    "stage.1.undo_slower=false", "stage.1.orders=positions",
                    "architecture.level_read_words_per_cycle=[0.0, 0.0, 0.0]",
                    "architecture.level_write_words_per_cycle=[0.0, 0.0, 0.0]"});
  HostServices services{HostOptions{}};
  const SimulationCheck check =
      check_by_simulation(outcome, *test::registry().find("imbrex.overlap.simulator"), services);
  ASSERT_EQ(check.segments.size(), 1U);
  const SegmentAgreement& whole = check.segments[0];
  EXPECT_EQ(whole.estimate_ps, (4 * 256 + 256) * 1000);
  EXPECT_EQ(whole.estimate_ps, whole.analysed.end_ps - whole.analysed.start_ps);
  EXPECT_EQ(whole.estimate_ps, check.simulated_makespan_ps);
}

class OptimalLaidOut : public testing::TestWithParam<const char*> {};

// What the estimates call feasible, the next stage can lay out.
TEST_P(OptimalLaidOut, KeepsTheSegmentsThatWereChosen) {
  const test::TemporaryFolder folder;
  const std::string recipe = std::string(folder.path()) + "/recipe.toml";
  std::ofstream(recipe) << "imbrex = 1\n"
                           "extends = \"" IMBREX_SOURCE_DIR
                           "/configs/recipes/ritnet-pipeorgan.toml\"\n"
                           "[[stage]]\nuse = \"imbrex.partition.optimal\"\n"
                           "[[stage]]\nuse = \"imbrex.partition.pipeorgan\"\n"
                           "depth = \"given\"\nundo_slower = false\n"
                           "[[stage]]\nuse = \"imbrex.overlap.pipeorgan\"\n";
  HostServices services{HostOptions{}};
  const RunOutcome outcome =
      run_plan(resolve({recipe, {"workload.file=" + xrbench(GetParam())}}, test::registry()),
               test::registry(), services);
  const auto chosen = fact<std::int64_t>(outcome, "segments");
  ASSERT_EQ(static_cast<std::int64_t>(outcome.result.segments.size()), chosen);
  std::string ends;
  std::size_t layers = 0;
  for (const SegmentResult& segment : outcome.result.segments) {
    layers += segment.operators.size();
    ends += (ends.empty() ? "" : " ");
    ends += std::to_string(layers);
    EXPECT_EQ(segment.floor_plan.has_value(), segment.operators.size() > 1);
  }
  EXPECT_EQ(ends, fact<std::string>(outcome, "ends"));
  EXPECT_LT(chosen, static_cast<std::int64_t>(layers)) << "something is pipelined";
}

INSTANTIATE_TEST_SUITE_P(Xrbench, OptimalLaidOut,
                         testing::Values("ritnet", "res8-narrow", "fbnet-c-depthwise"));

}  // namespace
}  // namespace imbrex::pipeorgan_test
