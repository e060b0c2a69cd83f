#include "run/simulation_check.hpp"

#include "run_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

class SimulationCheck : public test::RunFixture {
 protected:
  run::SimulationCheck check(const std::string& stages) {
    const run::RunOutcome outcome = run(chain_recipe(1, stages));
    return run::check_by_simulation(outcome, *registry().find("imbrex.overlap.simulator"),
                                    services());
  }
};

TEST_F(SimulationCheck, AgreesJobByJobForEveryGranularity) {
  for (const std::string granularity :
       {"granularity = \"row\"\n", "granularity = \"rows\"\nrows = 3\n",
        "granularity = \"block\"\nblock = [2, 3]\n", "granularity = \"pixel\"\n",
        "granularity = \"layer\"\n"}) {
    const auto result =
        check(stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim", granularity));
    EXPECT_TRUE(result.agrees) << granularity;
    EXPECT_EQ(result.makespan_ps, result.simulated_makespan_ps) << granularity;
    ASSERT_EQ(result.operators.size(), 2u);
    EXPECT_EQ(result.operators[0].differing_jobs, 0) << granularity;
  }
}

TEST_F(SimulationCheck, NamesTheOperatorsThatDiffer) {
  // Layer by layer is later than necessary: B's rows all are, A's are not.
  const auto result = check(stage("test.overlap.lossy"));
  EXPECT_FALSE(result.agrees);
  ASSERT_EQ(result.operators.size(), 2u);
  EXPECT_TRUE(result.operators[0].agrees);
  EXPECT_EQ(result.operators[1].name, "B");
  EXPECT_EQ(result.operators[1].differing_jobs, 4);
}

TEST_F(SimulationCheck, RefusesAComponentThatIsNoAnalyzer) {
  const run::RunOutcome outcome = run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  EXPECT_THROW(
      run::check_by_simulation(outcome, *registry().find("imbrex.cost.crossbar"), services()),
      InputError);
}

}  // namespace
}  // namespace imbrex
