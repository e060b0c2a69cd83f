// imbrex.partition.optimal on arrays: segments of layers that share the array.
#include "array_kit.hpp"
#include "pipeorgan_kit.hpp"
#include "temporary_folder.hpp"

#include <imbrex/toolkit/segments/segment_depth.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <random>

namespace imbrex::pipeorgan_test {
namespace {

using Network = std::shared_ptr<const Workload>;

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
    const segments::LayerSequence sequence = segments::layer_sequence(*network, mapped);
    segments::DepthLimits limits;
    limits.words_per_weight = 0.5;
    limits.resident_weight_words = segments::kUnboundedWords;
    limits.most_layers = 4;
    limits.share_units = 4;
    const Sums greedy = sums_of(system, segments::greedy_segments(sequence, limits));
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
    EXPECT_NE(std::string(error.what()).find("memories = \"segments\""), std::string::npos)
        << error.what();
  }
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
  plugin::HostServices services{plugin::HostOptions{}};
  const run::RunOutcome outcome = run::run_plan(
      recipe::resolve({recipe, {"workload.file=" + xrbench(GetParam())}}, test::registry()),
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
