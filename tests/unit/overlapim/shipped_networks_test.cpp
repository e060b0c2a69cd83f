// Oracles O4, O6 and O10 of specification fast-overlapim (section 8) on the networks that ship,
// mapped onto DRAM-PIM by a search; all exact analyzers agree there (design, section 2a).
#include "ablation_runs.hpp"
#include "deal_kit.hpp"
#include "test_name.hpp"

#include <imbrex/values/loop_nest.hpp>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// The larger ones that ship have more layers than one stack has banks.
constexpr const char* kNetworks[] = {"resnet18",      "resnet18-full", "resnet50",
                                     "resnet50-full", "resnet101",     "vgg16",
                                     "vgg16-full",    "vgg19",         "tinyyolov3",
                                     "tinyyolov4",    "squeezenet1.1", "bert-base-encoder"};

// Six sampled mappings per layer next to the canonical one; one layer after the other.
run::RunOutcome mapped(const std::string& network) {
  return run_ablation("fast-overlapim/best-original", network, {"stage.2.samples=6"});
}

class ShippedNetwork : public ::testing::TestWithParam<const char*> {};

// O6 and O10; and the exact analyzers agree on searched mappings.
void expect_order_of_makespans(const run::RunOutcome& outcome) {
  const std::int64_t sequential_ps = makespan_ps(outcome, "imbrex.overlap.layer-by-layer");
  const std::int64_t overlap_ps = makespan_ps(outcome, "imbrex.overlap.fast-overlapim");
  const Design dealt = dealt_anew(*outcome.design, outcome.machine->view(), {});
  const std::int64_t dealt_ps = makespan_ps(outcome, "imbrex.overlap.fast-overlapim", dealt);
  const std::int64_t transformed_ps = std::min(dealt_ps, overlap_ps);
  EXPECT_EQ(makespan_ps(outcome, "imbrex.overlap.clsa-cim", dealt), dealt_ps);
  EXPECT_LT(overlap_ps, sequential_ps) << "nothing overlapped";
  std::int64_t longest_ps = 0;
  for (const OperatorTimes& times : outcome.design->timeline()->operators) {
    longest_ps = std::max(longest_ps, times.longest_server_ps);
  }
  EXPECT_GE(transformed_ps, longest_ps) << "speed-up above sum / max";
  EXPECT_EQ(makespan_ps(outcome, "imbrex.overlap.clsa-cim"), overlap_ps);
}

// Iterations that the loops over a dimension make.
std::int64_t covered_by(const LoopNest& nest, Dim dim) {
  std::int64_t covered = nest.job_extent(dim);
  for (const LoopDigit& digit : nest.digits()) {
    covered *= digit.dim == dim ? digit.bound : 1;
  }
  return covered;
}

// The jobs of a nest part the iteration space: volumes add up to all multiply-accumulates, and with
// exact factors every output tile is worked on once per combination of reduction loops (O4).
void expect_partition(const Operator& op, const Mapping& mapping) {
  const LoopNest nest(op.bounds, mapping);
  std::int64_t volume = 0;
  std::unordered_map<std::int64_t, std::int64_t> visits;  // by lowest output coordinate
  for (std::int64_t step = 0; step < nest.steps(); ++step) {
    for (std::int64_t server = 0; server < nest.servers(); ++server) {
      const DimBox box = nest.box(step, server);
      std::int64_t product = 1;
      std::int64_t corner = 0;
      for (const Dim dim : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q, Dim::C, Dim::R, Dim::S}) {
        product *= box[dim].empty() ? 0 : (box[dim].end - box[dim].begin);
        if (dim != Dim::C && dim != Dim::R && dim != Dim::S) {
          corner = corner * op.bounds[dim] + box[dim].begin;
        }
      }
      volume += product;
      ++visits[corner];
    }
  }
  std::int64_t points = 1;
  std::int64_t reductions = 1;
  bool exact = true;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const Dim dim = static_cast<Dim>(d);
    points *= op.bounds[dim];
    exact = exact && covered_by(nest, dim) == op.bounds[dim];
  }
  for (const LoopDigit& digit : nest.digits()) {
    if (digit.dim == Dim::C || digit.dim == Dim::R || digit.dim == Dim::S) {
      reductions *= digit.bound;
    }
  }
  ASSERT_EQ(volume, points) << op.name;
  if (exact) {
    for (const auto& [corner, count] : visits) {
      ASSERT_EQ(count, reductions) << op.name << " tile " << corner;
    }
  }
}

void expect_partition_of_every_layer(const run::RunOutcome& outcome) {
  int layers = 0;
  const CostModel& cost = outcome.machine->cost();
  for (std::size_t i = 0; i < outcome.workload->operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (!cost.demand(op).mappable) {
      continue;
    }
    const auto& mapping = outcome.design->mapping(op);
    ASSERT_NO_FATAL_FAILURE(expect_partition(
        outcome.workload->at(op),
        mapping ? *mapping : cost.canonical_mapping(op, outcome.design->placement(op), {})));
    ++layers;
  }
  EXPECT_GT(layers, 5);
}

// One test per network, because finding the design is most of the work.
TEST_P(ShippedNetwork, KeepsTheOracles) {
  const run::RunOutcome outcome = mapped(GetParam());
  expect_order_of_makespans(outcome);
  expect_partition_of_every_layer(outcome);
}

std::string name_of(const ::testing::TestParamInfo<const char*>& info) {
  return as_test_name(info.param);
}
INSTANTIATE_TEST_SUITE_P(Networks, ShippedNetwork, ::testing::ValuesIn(kNetworks), name_of);

class ShippedConfiguration : public ::testing::TestWithParam<const char*> {};

// Every configuration adds to what smaller ones did, in one and the same run (section 6).
TEST_P(ShippedConfiguration, NeverEndsWorseThanTheOnesItExtends) {
  const std::vector<std::string> few = {"stage.2.samples=8"};
  std::vector<std::string> searched = few;
  searched.emplace_back("stage.4.candidates=8");
  std::vector<std::string> twice = searched;
  twice.emplace_back("stage.6.candidates=8");
  const auto latency_ps = [&](const char* recipe, const std::vector<std::string>& overrides) {
    return run_ablation("fast-overlapim/" + std::string(recipe), GetParam(), overrides)
        .design->timeline()
        ->makespan_ps;
  };
  const std::int64_t original = latency_ps("best-original", few);
  const std::int64_t original_overlap = latency_ps("best-original-overlap", few);
  const std::int64_t best_overlap = latency_ps("best-overlap", searched);
  const std::int64_t original_transform = latency_ps("original-transform", few);
  const std::int64_t overlap_transform = latency_ps("overlap-transform", searched);
  const std::int64_t best_transform = latency_ps("best-transform", twice);
  EXPECT_LE(original_overlap, original);
  EXPECT_LE(best_overlap, original_overlap);
  EXPECT_LE(original_transform, original_overlap);
  EXPECT_LE(overlap_transform, best_overlap);
  EXPECT_LE(best_transform, overlap_transform);
}
INSTANTIATE_TEST_SUITE_P(Networks, ShippedConfiguration, ::testing::Values("resnet18"), name_of);

// Draws are stable in their prefix, so more candidates are a superset. Never worse where the search
// is exact for its own objective: layers on their own, and the optimal chain under its model. A
// greedy order is not: the layer that ends first may serve its consumers worse.
TEST(MoreCandidates, AreNeverWorseWhereTheSearchIsExact) {
  std::int64_t sum_ps = std::numeric_limits<std::int64_t>::max();
  double chain_ps = std::numeric_limits<double>::infinity();
  for (const char* count : {"1", "4", "12"}) {
    const std::string number = count;
    const run::RunOutcome original =
        run_ablation("fast-overlapim/best-original", "resnet18", {"stage.2.samples=" + number});
    EXPECT_LE(original.design->timeline()->makespan_ps, sum_ps) << count;
    sum_ps = original.design->timeline()->makespan_ps;
    const run::RunOutcome chain =
        run_ablation("fast-overlapim/optimal-chain", "vgg16-full",
                     {"stage.2.candidates=" + number, "stage.2.compare=false"});
    const auto& facts = chain.result.stages[1].facts;
    const auto model = std::find_if(facts.begin(), facts.end(), [](const Fact& fact) {
      return fact.first == "chain_model_ps";
    });
    ASSERT_NE(model, facts.end());
    const auto value = static_cast<double>(std::get<std::int64_t>(model->second));
    EXPECT_LE(value, chain_ps) << count;
    chain_ps = value;
  }
}

// The greedy orders are compared with the optimum of their own candidates: none is below it.
TEST(OptimalChain, IsNeverBeatenUnderItsModelOnShippedNetworks) {
  for (const char* network : {"resnet18", "resnet50-full", "vgg16-full"}) {
    const run::RunOutcome outcome =
        run_ablation("fast-overlapim/optimal-chain", network, {"stage.2.candidates=16"});
    int orders = 0;
    for (const auto& [name, value] : outcome.result.stages[1].facts) {
      if (name.ends_with("_over_optimum")) {
        EXPECT_GE(std::get<double>(value), 1.0) << network << ' ' << name;
        ++orders;
      }
    }
    EXPECT_EQ(orders, 5) << network;
  }
}

// OverlaPIM's comparison as the judge of a search: the same choice, the same timeline.
TEST(SearchWithPairwise, FindsTheSameDesign) {
  const run::RunOutcome fast =
      run_ablation("fast-overlapim/search-time", "resnet18", {"stage.2.candidates=2", "seed=7"});
  const run::RunOutcome compared =
      run_ablation("fast-overlapim/search-time", "resnet18",
                   {"stage.2.candidates=2", "seed=7", "stage.3.use=imbrex.overlap.pairwise"});
  EXPECT_EQ(fast.design->timeline()->makespan_ps, compared.design->timeline()->makespan_ps);
  for (std::size_t i = 0; i < fast.workload->operators().size(); ++i) {
    EXPECT_EQ(fast.design->mapping(operator_id(i)), compared.design->mapping(operator_id(i))) << i;
  }
}

// Every data space of every layer with every other: 12 544 pixels at most on these three. The other
// four of specification clsa-cim take seconds to minutes and agree as well.
TEST(PairwiseAtPixels, EqualsClsaCimOnResNets) {
  for (const char* network : {"resnet50", "resnet101", "resnet152"}) {
    const run::RunOutcome outcome = run_ablation("clsa-cim/xinf-pixel", network);
    EXPECT_EQ(makespan_ps(outcome, "imbrex.overlap.pairwise", *outcome.design,
                          {{"granularity", "pixel"}}),
              outcome.design->timeline()->makespan_ps)
        << network;
  }
}

}  // namespace
}  // namespace imbrex::test
