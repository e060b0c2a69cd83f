// What searches share: the layer graph of the language; start layers, candidates and bookkeeping of
// imbrex/toolkit/search.
#include "search_system.hpp"
#include "toml_workload.hpp"

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::chain_of;
using test::FakeEvaluator;
using test::residual;
using test::SearchSystem;

TEST(LayerGraph, FindsNeighboursThroughMovementOperators) {
  const SearchSystem system(residual());
  const LayerGraph graph = layer_graph(system.design, system.cost);
  ASSERT_EQ(graph.layers.size(), 4u);
  using Sets = std::vector<std::vector<std::size_t>>;
  EXPECT_EQ(graph.producers, (Sets{{}, {0}, {1}, {0, 2}}));
  EXPECT_EQ(graph.consumers, (Sets{{1, 3}, {2}, {3}, {}}));
}

TEST(LayerGraph, HasNoEdgesBetweenSegments) {
  SearchSystem system(chain_of(3));
  LayerGraph graph = layer_graph(system.design, system.cost);
  system.design.placement(graph.layers[2]).segment = 1;
  graph = layer_graph(system.design, system.cost);
  EXPECT_EQ(graph.producers, (std::vector<std::vector<std::size_t>>{{}, {0}, {}}));
}

// Table of specification fast-overlapim section 5.2, ties by its last line.
TEST(StartLayer, IsTheOneOfTheSpecification) {
  const auto is_weighted = [](const Workload& workload) {
    std::vector<OperatorId> layers;
    for (std::size_t i = 0; i < workload.operators().size(); ++i) {
      if (workload.operators()[i].weight_elements() > 0) {
        layers.push_back(operator_id(i));
      }
    }
    return layers;
  };
  // VGG-16: conv1_2 of the tie at the output, fc6, conv4_2 of the six-way tie at the MACs.
  const Workload vgg =
      imbrex_test::read_toml(IMBREX_SOURCE_DIR "/configs/workloads/vgg16-full.toml");
  LayerGraph graph{is_weighted(vgg), {}, {}};
  ASSERT_EQ(graph.layers.size(), 16u);
  EXPECT_EQ(search::start_layer(graph, vgg, search::StartLayer::largest_output), 1u);
  EXPECT_EQ(search::start_layer(graph, vgg, search::StartLayer::largest_overall), 13u);
  EXPECT_EQ(search::start_layer(graph, vgg, search::StartLayer::largest_macs), 8u);
  const Workload resnet =
      imbrex_test::read_toml(IMBREX_SOURCE_DIR "/configs/workloads/resnet18.toml");
  graph.layers = is_weighted(resnet);
  ASSERT_EQ(graph.layers.size(), 20u);  // this description ends before the classifier
  EXPECT_EQ(search::start_layer(graph, resnet, search::StartLayer::largest_output), 0u);
  EXPECT_EQ(search::start_layer(graph, resnet, search::StartLayer::largest_macs), 0u);
  // The first 512 -> 512 convolution of the last stage.
  const std::size_t overall =
      search::start_layer(graph, resnet, search::StartLayer::largest_overall);
  const LoopBounds& bounds = resnet.at(graph.layers[overall]).bounds;
  EXPECT_EQ(bounds[Dim::K], 512);
  EXPECT_EQ(bounds[Dim::C], 512);
  for (std::size_t i = 0; i < overall; ++i) {
    EXPECT_FALSE(resnet.at(graph.layers[i]).bounds[Dim::C] == 512) << i;
  }
}

class CandidatesTest : public ::testing::Test {
 protected:
  search::LayerCandidates sample(std::size_t count, std::int64_t budget = 0) {
    evaluator = system.fresh_evaluator();
    search::SearchRun run(system.design, *evaluator, &system.host, budget);
    return search::sample_candidates(run, operator_id(0), {count}, system.host.random(0));
  }
  SearchSystem system{chain_of(1)};
  std::unique_ptr<FakeEvaluator> evaluator;
};

TEST_F(CandidatesTest, AreTheWholeSpaceWhenItIsSmall) {
  const search::LayerCandidates candidates = sample(13);
  EXPECT_TRUE(candidates.complete);
  EXPECT_TRUE(candidates.has_start);
  std::vector<Mapping> expected = test::all_mappings(system, operator_id(0));
  EXPECT_EQ(candidates.mappings, expected);
}

TEST_F(CandidatesTest, AreDistinctFeasibleAndInTheSpace) {
  const search::LayerCandidates candidates = sample(6);
  EXPECT_FALSE(candidates.complete);
  ASSERT_EQ(candidates.size(), 7u);
  const mapspace::MapSpace space(system.cost.map_space(operator_id(0), {}));
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    EXPECT_TRUE(space.contains(candidates.mappings[i]));
    const LayerCost cost = system.cost.cost_of(operator_id(0), candidates.mappings[i]);
    EXPECT_EQ(cost.verdict, Verdict::feasible);
    EXPECT_EQ(cost.latency_ps, candidates.latency_ps[i]);
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(candidates.mappings[i], candidates.mappings[j]);
    }
  }
}

TEST_F(CandidatesTest, OfASmallerCountAreAPrefix) {
  const search::LayerCandidates few = sample(3);
  const search::LayerCandidates more = sample(7);
  ASSERT_LT(few.size(), more.size());
  EXPECT_TRUE(std::equal(few.mappings.begin(), few.mappings.end(), more.mappings.begin()));
}

TEST_F(CandidatesTest, KeepTheBudgetAndAreStillOne) {
  EXPECT_EQ(sample(13, 1).size(), 1u);  // the start itself is always judged
  EXPECT_LE(evaluator->evaluations(), 2);
}

TEST_F(CandidatesTest, AreTheCanonicalMappingWithoutASpace) {
  system.cost.one_way = true;
  const search::LayerCandidates candidates = sample(100);
  EXPECT_FALSE(candidates.has_space);
  EXPECT_EQ(candidates.size(), 1u);
}

TEST_F(CandidatesTest, NameTheConstraintThatLeavesNone) {
  system.cost.constraints = {{Dim::K, 0, 3, 3, "recipe.toml:7:1: fixed K"}};
  try {
    sample(4);
    FAIL() << "no error";
  } catch (const InfeasibleError& error) {
    EXPECT_NE(std::string(error.what()).find("recipe.toml:7:1: fixed K"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("'c0'"), std::string::npos) << error.what();
  }
}

TEST(SearchRun, CountsWhatIsLeftOfTheBudget) {
  SearchSystem system(chain_of(2));
  FakeEvaluator evaluator(system.cost, system.chip.architecture, system.analyzer, &system.host);
  search::SearchRun run(system.design, evaluator, &system.host, 10);
  EXPECT_EQ(run.room(100), 10u);
  const std::vector<Mapping> mappings(4, system.cost.canonical_mapping(operator_id(0), {}, {}));
  std::vector<LayerCost> costs(4);
  run.score_layer(operator_id(0), mappings, costs);
  EXPECT_EQ(run.room(100), 6u);
  EXPECT_EQ(run.room(2), 2u);
}

TEST(SearchRun, NeverLosesTheBestDesign) {
  SearchSystem system(chain_of(2), 3);
  FakeEvaluator evaluator(system.cost, system.chip.architecture, system.analyzer, &system.host);
  search::SearchRun run(system.design, evaluator, nullptr, 0);
  const std::vector<Mapping> all = test::all_mappings(system, operator_id(0));
  std::vector<double> objectives(all.size());
  run.score_variants(system.design, operator_id(0), all, objectives);
  Design result(system.workload);
  run.finish(result);
  const double best = *std::min_element(objectives.begin(), objectives.end());
  EXPECT_EQ(static_cast<double>(system.makespan(result)), best);
  EXPECT_EQ(evaluator.reals.at("best_objective"), best);
  EXPECT_EQ(evaluator.reals.at("initial_objective"), objectives.front());
  for (std::size_t i = 0; i < all.size(); ++i) {
    Design variant = system.design;
    variant.mapping(operator_id(0)) = all[i];
    EXPECT_EQ(static_cast<double>(system.makespan(variant)), objectives[i]);
  }
}

TEST(SearchRun, RefusesToFinishWithoutAFeasibleDesign) {
  SearchSystem system(chain_of(1));
  system.cost.refuse_one_in = 1;
  const mapspace::MapSpace space(system.cost.map_space(operator_id(0), {}));
  Mapping refused = space.at(space.size() - 1);
  ASSERT_GT(refused.count, 0);
  system.design.mapping(operator_id(0)) = refused;
  FakeEvaluator evaluator(system.cost, system.chip.architecture, system.analyzer, &system.host);
  search::SearchRun run(system.design, evaluator, nullptr, 0);
  EXPECT_THROW(run.finish(system.design), InfeasibleError);
}

TEST(SearchRun, WritesCountsBeyond64Bits) {
  EXPECT_EQ(mapspace::decimal(0), "0");
  EXPECT_EQ(
      mapspace::decimal(static_cast<mapspace::MapSpace::Index>(10'000'000'000) * 10'000'000'000),
      "100000000000000000000");
}

}  // namespace
}  // namespace imbrex
