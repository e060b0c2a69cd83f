// What all search strategies promise, on every one of them.
#include "search_system.hpp"
#include "test_name.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::brute_force;
using test::chain_of;
using test::residual;
using test::SearchSystem;
using test::Settings;

struct Strategy {
  const char* name;
  Settings settings;
};
void PrintTo(const Strategy& strategy, std::ostream* out) {
  *out << strategy.name;
}
const Strategy kStrategies[] = {
    {"random", {{"samples", 5}}},
    {"random", {{"samples", 40}, {"scope", "design"}}},
    {"exhaustive", {}},
    {"exhaustive", {{"scope", "design"}}},
    {"fast-overlapim", {{"candidates", 6}}},
    {"fast-overlapim", {{"candidates", 6}, {"order", "backward"}}},
    {"fast-overlapim", {{"candidates", 6}, {"order", "middle-out"}, {"score", "transform"}}},
    {"fast-overlapim", {{"candidates", 6}, {"score", "original"}}},
    {"optimal-chain", {{"candidates", 5}}},
    {"anneal", {{"iterations", 60}}},
    {"anneal", {{"iterations", 60}, {"judge", "pairs"}}},
    {"anneal", {{"iterations", 60}, {"judge", "layers"}}},
    {"anneal", {{"iterations", 60}, {"judge", "layers"}, {"walks", 3}}},
#ifdef IMBREX_TEST_GENETIC
    {"genetic", {{"population", 8}, {"generations", 6}}},
    {"genetic", {{"population", 8}, {"generations", 6}, {"judge", "layers"}, {"candidates", 8}}},
#endif
};

class EveryStrategy : public ::testing::TestWithParam<Strategy> {
 protected:
  std::int64_t search(SearchSystem& system, Settings more = {}) const {
    more.insert(more.begin(), GetParam().settings.begin(), GetParam().settings.end());
    return system.search(GetParam().name, more);
  }
};

TEST_P(EveryStrategy, IsNeverWorseThanItsStartNorBetterThanTheOptimum) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SearchSystem system(seed % 2 == 0 ? chain_of(3) : residual(), seed);
    const std::int64_t before = system.makespan(system.design);
    const std::int64_t after = search(system);
    EXPECT_LE(after, before);
    if (seed % 2 == 0) {
      EXPECT_GE(after, brute_force(system));
    }
    EXPECT_EQ(system.evaluator->reals.at("best_objective"), static_cast<double>(after));
    EXPECT_FALSE(system.evaluator->notes.at("convergence").empty());
  }
}

TEST_P(EveryStrategy, KeepsAnOptimalStart) {
  SearchSystem system(chain_of(2), 11);
  const std::int64_t optimum = brute_force(system);
  system.search("exhaustive", {{"scope", "design"}});
  ASSERT_EQ(system.makespan(system.design), optimum);
  EXPECT_EQ(search(system), optimum);
}

TEST_P(EveryStrategy, IsTheSameAtAnyNumberOfThreads) {
  const auto mappings = [&](int threads) {
    SearchSystem system(residual(), 5, threads);
    search(system);
    std::vector<std::optional<Mapping>> result;
    for (std::size_t i = 0; i < system.workload->operators().size(); ++i) {
      result.push_back(system.design.mapping(operator_id(i)));
    }
    return std::pair(result, system.evaluator->notes);
  };
  const auto one = mappings(1);
  EXPECT_EQ(mappings(2), one);
  EXPECT_EQ(mappings(4), one);
}

TEST_P(EveryStrategy, StopsWhenAsked) {
  SearchSystem system(chain_of(3), 2);
  plugin::HostServices::request_cancel();
  EXPECT_THROW(search(system), CancelledError);
  plugin::HostServices::clear_cancel();
}

TEST_P(EveryStrategy, KeepsItsBudget) {
  if (std::string_view(GetParam().name) == "optimal-chain") {
    SearchSystem system(chain_of(3), 4);
    EXPECT_THROW(search(system, {{"budget", 20}}), InfeasibleError);
    return;
  }
  for (const std::int64_t budget : {1, 7, 30}) {
    SearchSystem system(chain_of(3), 4);
    const std::int64_t before = system.makespan(system.design);
    EXPECT_LE(search(system, {{"budget", budget}}), before);
    // The start with its layers, and the final design, come on top.
    EXPECT_LE(system.evaluator->evaluations(), budget + 1 + 3 + 1) << budget;
  }
}

TEST_P(EveryStrategy, WorksWithAnalyzersThatKnowNoPairs) {
  SearchSystem system(residual(), 6);
  system.analyzer.knows_pairs = false;
  const std::int64_t before = system.makespan(system.design);
  EXPECT_LT(search(system), before);
}

TEST_P(EveryStrategy, LeavesHardwareAloneThatComputesOneWay) {
  SearchSystem system(chain_of(2), 7);
  system.cost.one_way = true;
  const std::int64_t before = system.makespan(system.design);
  EXPECT_EQ(search(system), before);
  for (std::size_t i = 0; i < system.workload->operators().size(); ++i) {
    EXPECT_FALSE(system.design.mapping(operator_id(i)).has_value());
  }
}

TEST_P(EveryStrategy, NamesTheConstraintThatEmptiesTheSpace) {
  SearchSystem system(chain_of(2), 8);
  system.cost.constraints = {{Dim::P, 0, 3, 3, "fixed P = 3"}};
  try {
    search(system);
    FAIL() << "no error";
  } catch (const InfeasibleError& error) {
    EXPECT_NE(std::string_view(error.what()).find("fixed P = 3"), std::string_view::npos)
        << error.what();
  }
}

TEST_P(EveryStrategy, SaysWhenNoMappingIsFeasible) {
  SearchSystem system(chain_of(1), 9);
  system.cost.refuse_one_in = 1;
  const mapspace::MapSpace space(system.cost.map_space(operator_id(0), {}));
  system.design.mapping(operator_id(0)) = space.at(space.size() - 1);
  EXPECT_THROW(search(system), InfeasibleError);
}

// Nothing is cheaper than free: the canonical mapping would win if it were allowed to compete.
TEST_P(EveryStrategy, DoesNotLetAStartOutsideTheMapSpaceCompete) {
  for (const bool given : {false, true}) {
    SearchSystem system(chain_of(2), 10);
    system.cost.canonical_outside = true;
    system.cost.canonical_is_free = true;
    if (given) {
      for (const OperatorId op : layer_graph(system.design, system.cost).layers) {
        system.design.mapping(op) = system.cost.canonical_mapping(op, {}, {});
      }
    }
    search(system);
    for (const OperatorId op : layer_graph(system.design, system.cost).layers) {
      ASSERT_TRUE(system.design.mapping(op).has_value());
      EXPECT_TRUE(
          mapspace::MapSpace(system.cost.map_space(op, {})).contains(*system.design.mapping(op)));
    }
    EXPECT_FALSE(system.evaluator->reals.contains("initial_objective"));
  }
}

// A constraint that leaves one mapping leaves one answer.
TEST_P(EveryStrategy, TakesTheOnlyMappingThatConstraintsLeave) {
  SearchSystem system(chain_of(2), 12);
  system.cost.refuse_one_in = 0;
  system.cost.constraints = {{Dim::P, 0, 4, 4, "P = 4"}, {Dim::K, 0, 1, 1, "K = 1"}};
  search(system);
  const std::vector<OperatorId> layers = layer_graph(system.design, system.cost).layers;
  ASSERT_EQ(layers.size(), 2u);
  for (const OperatorId op : layers) {
    const mapspace::MapSpace space(system.cost.map_space(op, {}));
    ASSERT_EQ(space.size(), 1u);
    EXPECT_EQ(system.design.mapping(op), space.at(0));
  }
}

TEST_P(EveryStrategy, IsNeverWorseThanItsStartInAnyObjective) {
  for (const Objective objective : {Objective::throughput, Objective::energy, Objective::edp}) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      SearchSystem system(seed % 2 == 0 ? chain_of(3) : residual(), seed);
      system.wanted = objective;
      search(system);
      const double before = system.objective(Design(system.workload));
      const double once = system.objective(system.design);
      EXPECT_LE(once, before) << "seed " << seed;
      EXPECT_EQ(system.evaluator->reals.at("best_objective"), once) << "seed " << seed;
      search(system);
      EXPECT_LE(system.objective(system.design), once) << "seed " << seed;
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<Strategy>& strategy) {
  return test::as_test_name(strategy.param.name + std::string("_") +
                            std::to_string(strategy.index));
}
INSTANTIATE_TEST_SUITE_P(All, EveryStrategy, ::testing::ValuesIn(kStrategies), test_name);

}  // namespace
}  // namespace imbrex
