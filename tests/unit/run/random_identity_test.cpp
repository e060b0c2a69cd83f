// Random streams belong to the component and not to its place in the recipe. `test.search.scorer`
// reports a sum over all its candidates' scores, so equal statistics mean equal draws.
#include "run/occurrence.hpp"
#include "run_fixture.hpp"

#include <set>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

class RandomStreams : public test::RunFixture {
 protected:
  // The facts of the n-th stage that runs the scorer.
  static std::vector<Fact> scorer_facts(const run::RunOutcome& outcome, std::size_t nth = 0) {
    for (const StageResult& stage : outcome.result.stages) {
      if (stage.use == "test.search.scorer" && nth-- == 0) {
        return stage.facts;
      }
    }
    ADD_FAILURE() << "no such stage";
    return {};
  }
  static std::string scorer(int candidates = 50) {
    return stage("test.search.scorer", "candidates = " + std::to_string(candidates) + "\n");
  }
  static std::string analyzer() { return stage("imbrex.overlap.clsa-cim"); }
};

TEST_F(RandomStreams, StayWhenAnotherStageIsInserted) {
  const auto alone = scorer_facts(run(chain_recipe(12, scorer() + analyzer())));
  EXPECT_FALSE(alone.empty());
  const std::string copies = stage("test.partition.copies", "copies = 2\n");
  EXPECT_EQ(alone, scorer_facts(run(chain_recipe(12, copies + scorer() + analyzer()))));
  EXPECT_EQ(alone, scorer_facts(run(chain_recipe(12, analyzer() + scorer() + analyzer()))));
  EXPECT_EQ(alone, scorer_facts(run(chain_recipe(12, scorer() + analyzer() + analyzer()))));
}

TEST_F(RandomStreams, DifferForTheSecondStageOfTheSameId) {
  const run::RunOutcome two = run(chain_recipe(12, scorer() + scorer() + analyzer()));
  EXPECT_EQ(scorer_facts(two, 0), scorer_facts(run(chain_recipe(12, scorer() + analyzer()))));
  EXPECT_NE(scorer_facts(two, 0), scorer_facts(two, 1));
}

TEST_F(RandomStreams, AreThoseOfTheMainChainInTheBaseline) {
  const std::string baseline =
      "[baseline]\nstages = [{ use = \"imbrex.overlap.layer-by-layer\" }, "
      "{ use = \"test.search.scorer\", candidates = 1 }, { use = \"imbrex.overlap.clsa-cim\" }]\n";
  const std::string recipe = chain_recipe(40, scorer(1) + analyzer(), baseline);
  std::set<std::int64_t> makespans;
  for (int seed = 1; seed <= 20; ++seed) {
    std::string seeded = recipe;
    seeded.replace(seeded.find("seed = 5"), 8, "seed = " + std::to_string(seed));
    const run::RunOutcome outcome = run(seeded);
    EXPECT_EQ(outcome.result.speedup, 1.0) << "seed " << seed;
    makespans.insert(outcome.design->timeline()->makespan_ps);
  }
  EXPECT_GT(makespans.size(), 1u) << "draws that make no difference would prove nothing";
}

TEST_F(RandomStreams, DependOnTheSeed) {
  std::string other = chain_recipe(12, scorer() + analyzer());
  const auto facts = scorer_facts(run(other));
  other.replace(other.find("seed = 5"), 8, "seed = 6");
  EXPECT_NE(facts, scorer_facts(run(other)));
}

TEST_F(RandomStreams, OccurrenceCountsOnlyTheSameIdBefore) {
  run(chain_recipe(12, scorer() + analyzer() + scorer() + analyzer() + analyzer()));
  std::vector<std::uint32_t> counted;
  for (std::size_t i = 0; i < plan().stages.size(); ++i) {
    counted.push_back(run::occurrence(plan().stages, i));
  }
  EXPECT_EQ(counted, (std::vector<std::uint32_t>{0, 0, 1, 1, 2}));
}

}  // namespace
}  // namespace imbrex
