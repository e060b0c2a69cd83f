// Strategies against brute force and against one another.
#include "search_system.hpp"

#include <imbrex/toolkit/search/greedy_walk.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::all_mappings;
using test::brute_force;
using test::chain_of;
using test::residual;
using test::SearchSystem;
using test::Settings;

TEST(VisitingOrder, GoesForwardBackwardAndOutwards) {
  using search::Order;
  using Positions = std::vector<std::size_t>;
  EXPECT_EQ(search::visiting_order(Order::forward, 4, 2), (Positions{0, 1, 2, 3}));
  EXPECT_EQ(search::visiting_order(Order::backward, 4, 2), (Positions{3, 2, 1, 0}));
  EXPECT_EQ(search::visiting_order(Order::middle_out, 4, 2), (Positions{2, 3, 1, 0}));
  EXPECT_EQ(search::visiting_order(Order::middle_out, 3, 0), (Positions{0, 1, 2}));
}

TEST(Exhaustive, FindsTheBestDesign) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SearchSystem system(chain_of(1 + seed % 3), seed);
    const std::int64_t optimum = brute_force(system);
    EXPECT_EQ(system.search("exhaustive", {{"scope", "design"}}), optimum) << "seed " << seed;
  }
}

TEST(Exhaustive, FindsTheFastestMappingOfEachLayer) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SearchSystem system(chain_of(3), seed);
    system.search("exhaustive", {});
    std::int64_t sum = 0;
    for (const OperatorId op : layer_graph(system.design, system.cost).layers) {
      std::int64_t fastest = INT64_MAX;
      for (const Mapping& mapping : all_mappings(system, op)) {
        fastest = std::min(fastest, system.cost.cost_of(op, mapping).latency_ps);
      }
      sum += fastest;
    }
    EXPECT_EQ(system.evaluator->integers.at("best_original_sum_ps"), sum) << "seed " << seed;
  }
}

TEST(Exhaustive, RefusesSpacesBeyondItsLimitAndSaysHowLarge) {
  SearchSystem system(chain_of(3));
  try {
    system.search("exhaustive", {{"limit", 12}});
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'c0' has 13 mappings"), std::string::npos)
        << error.what();
  }
  try {
    system.search("exhaustive", {{"limit", 168}, {"scope", "design"}});
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'c1', already combine to 169 designs"),
              std::string::npos)
        << error.what();
  }
  system.search("exhaustive", {{"limit", 2197}, {"scope", "design"}});
}

TEST(RandomSearch, OnlyGetsBetterWithMoreSamples) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::int64_t sum_before = INT64_MAX;
    std::int64_t design_before = INT64_MAX;
    for (const std::int64_t samples : {1, 2, 4, 8, 16, 64, 300}) {
      SearchSystem layers(chain_of(3), seed);
      layers.search("random", {{"samples", samples}});
      const std::int64_t sum = layers.evaluator->integers.at("best_original_sum_ps");
      EXPECT_LE(sum, sum_before) << "seed " << seed << " samples " << samples;
      sum_before = sum;
      SearchSystem designs(chain_of(3), seed);
      const std::int64_t makespan =
          designs.search("random", {{"samples", samples}, {"scope", "design"}});
      EXPECT_LE(makespan, design_before) << "seed " << seed << " samples " << samples;
      design_before = makespan;
    }
    // 16 samples and more are the whole space of 13.
    SearchSystem exact(chain_of(3), seed);
    exact.search("exhaustive", {});
    EXPECT_EQ(sum_before, exact.evaluator->integers.at("best_original_sum_ps"));
  }
}

// The obvious forward pass: fix the fastest, then whatever makes the prefix end first.
std::int64_t forward_by_hand(const SearchSystem& system) {
  const LayerGraph graph = layer_graph(system.design, system.cost);
  Mapping before;
  std::int64_t start = 0;
  std::int64_t end = 0;
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const OperatorId op = graph.layers[i];
    std::int64_t best = INT64_MAX;
    std::int64_t best_start = 0;
    Mapping chosen;
    for (const Mapping& mapping : all_mappings(system, op)) {
      const std::int64_t begin =
          i == 0 ? 0 : start + system.analyzer.offset_ps(graph.layers[i - 1], before, op, mapping);
      const std::int64_t finish = begin + system.cost.cost_of(op, mapping).latency_ps;
      if (finish < best) {
        best = finish;
        best_start = begin;
        chosen = mapping;
      }
    }
    before = chosen;
    start = best_start;
    end = std::max(end, best);
  }
  return end;
}

TEST(FastOverlapim, GoesForwardAsOneWouldByHand) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SearchSystem system(chain_of(4), seed);
    const std::int64_t by_hand = forward_by_hand(system);
    EXPECT_EQ(system.search("fast-overlapim", {{"candidates", 20}, {"look_ahead", false}}), by_hand)
        << "seed " << seed;
    EXPECT_EQ(system.evaluator->notes.at("scored"), "pairs");
  }
}

TEST(FastOverlapim, ChoosesTheFastestMappingsWhenItScoresOriginalLatency) {
  SearchSystem one(chain_of(3), 21);
  SearchSystem other(chain_of(3), 21);
  one.search("fast-overlapim", {{"candidates", 20}, {"score", "original"}});
  other.search("random", {{"samples", 20}});
  for (const OperatorId op : layer_graph(one.design, one.cost).layers) {
    EXPECT_EQ(one.design.mapping(op), other.design.mapping(op));
  }
}

TEST(FastOverlapim, NamesItsStartLayer) {
  SearchSystem system(chain_of(3), 21);
  system.search("fast-overlapim", {{"order", "middle-out"}});
  // All layers are alike, so 3/2 is closest to 1 and 2.
  EXPECT_EQ(system.evaluator->notes.at("start_layer"), "c1");
}

TEST(OptimalChain, EqualsEnumerationOnChains) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SearchSystem system(chain_of(2 + seed % 2), seed);
    const std::int64_t optimum = brute_force(system);
    EXPECT_EQ(system.search("optimal-chain", {{"candidates", 20}}), optimum) << "seed " << seed;
    EXPECT_EQ(system.evaluator->integers.at("chain_model_ps"), optimum) << "seed " << seed;
  }
}

TEST(OptimalChain, IsNeverBeatenByGreedyOrdersUnderItsModel) {
  bool beats_one = false;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SearchSystem system(seed % 3 == 0 ? residual() : chain_of(5), seed);
    system.search("optimal-chain", {{"candidates", 8}});
    for (const char* order : {"forward", "backward", "middle_out"}) {
      const double gap = system.evaluator->reals.at(std::string(order) + "_over_optimum");
      EXPECT_GE(gap, 1) << "seed " << seed << " " << order;
      beats_one = beats_one || gap > 1;
    }
  }
  EXPECT_TRUE(beats_one);
}

TEST(OptimalChain, NeverLosesWithMoreCandidates) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::int64_t before = INT64_MAX;
    for (const std::int64_t candidates : {1, 3, 6, 12, 20}) {
      SearchSystem system(chain_of(4), seed);
      system.search("optimal-chain", {{"candidates", candidates}});
      EXPECT_LE(system.evaluator->integers.at("chain_model_ps"), before) << "seed " << seed;
      before = system.evaluator->integers.at("chain_model_ps");
    }
  }
}

TEST(OptimalChain, TakesTheLongestPathOfAGraph) {
  SearchSystem system(residual(), 3);
  system.search("optimal-chain", {{"candidates", 20}});
  EXPECT_EQ(system.evaluator->integers.at("layers"), 4);
  EXPECT_EQ(system.evaluator->integers.at("chain_layers"), 4);  // c0, c1, c2, c3
}

TEST(OptimalChain, OrdersWholeDesignsWhenThereAreNoPairs) {
  SearchSystem system(chain_of(2), 3);
  system.analyzer.knows_pairs = false;
  system.search("optimal-chain", {{"candidates", 20}});
  EXPECT_EQ(system.evaluator->notes.at("scored"), "designs");
  EXPECT_FALSE(system.evaluator->integers.contains("chain_model_ps"));
}

// With enough steps a space of 13 x 13 designs holds no secrets.
TEST(Anneal, ReachesTheOptimumOfASmallSpace) {
  for (const char* judge : {"design", "pairs"}) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      SearchSystem system(chain_of(2), seed);
      const std::int64_t optimum = brute_force(system);
      EXPECT_EQ(
          system.search("anneal", {{"iterations", 4000}, {"temperature", 0.5}, {"judge", judge}}),
          optimum)
          << judge << " seed " << seed;
    }
  }
}

TEST(Anneal, FindsTheFastestMappingOfALayerThatIsAlone) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem system(chain_of(1), seed);
    const std::int64_t optimum = brute_force(system);
    EXPECT_EQ(
        system.search("anneal", {{"iterations", 500}, {"temperature", 0.5}, {"judge", "layers"}}),
        optimum)
        << "seed " << seed;
    EXPECT_EQ(system.evaluator->notes.at("scored"), "layers");
  }
}

TEST(Anneal, SeveralWalksShareTheSteps) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem one(chain_of(1), seed);
    SearchSystem four(chain_of(1), seed);
    const std::int64_t optimum = brute_force(one);
    one.search("anneal", {{"iterations", 400}, {"judge", "layers"}});
    EXPECT_EQ(
        four.search("anneal",
                    {{"iterations", 400}, {"temperature", 0.5}, {"walks", 4}, {"judge", "layers"}}),
        optimum)
        << "seed " << seed;
    EXPECT_EQ(one.evaluator->evaluations(), four.evaluator->evaluations());
  }
}

TEST(Anneal, JudgesPairsByTheEndOfTheNetwork) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem system(residual(), seed);
    const std::int64_t makespan =
        system.search("anneal", {{"iterations", 300}, {"judge", "pairs"}});
    // In this analyzer the no-stall model is the truth.
    EXPECT_EQ(system.evaluator->integers.at("no_stall_ps"), makespan);
  }
}

#ifdef IMBREX_TEST_GENETIC
TEST(Genetic, ReachesTheOptimumOfASmallSpace) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem system(chain_of(2), seed);
    const std::int64_t optimum = brute_force(system);
    EXPECT_EQ(
        system.search("genetic", {{"population", 60}, {"generations", 120}, {"mutation", 0.2}}),
        optimum)
        << "seed " << seed;
  }
}

TEST(Genetic, FindsTheFastestMappingOfALayerThatIsAlone) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem system(chain_of(1), seed);
    const std::int64_t optimum = brute_force(system);
    EXPECT_EQ(
        system.search(
            "genetic",
            {{"judge", "layers"}, {"candidates", 4}, {"population", 4}, {"generations", 100}}),
        optimum)
        << "seed " << seed;
    EXPECT_EQ(system.evaluator->integers.at("generations"), 100);
  }
}
#endif

TEST(Stages, OfALargerSpaceNeverEndWorse) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SearchSystem system(chain_of(4), seed);
    std::int64_t before = system.search("random", {{"samples", 4}});
    for (const std::int64_t candidates : {4, 8, 20}) {
      const std::int64_t after = system.search("fast-overlapim", {{"candidates", candidates}});
      EXPECT_LE(after, before) << "seed " << seed;
      before = after;
    }
    EXPECT_LE(system.search("optimal-chain", {{"candidates", 20}}), before);
  }
}

}  // namespace
}  // namespace imbrex
