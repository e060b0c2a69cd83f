// What one job is, a baseline takes from what it is compared with, unless it says otherwise.
#include "fake_components.hpp"
#include "recipe/plan.hpp"
#include "small_recipe.hpp"
#include "temporary_folder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Granularity;

class BaselineShape : public testing::Test {
 protected:
  BaselineShape() { folder_.write("network.toml", "content"); }

  recipe::ResolvedPlan plan(std::string_view main_keys, std::string_view baseline_stages) {
    const std::string text = std::string(test::kSmallRecipe) + std::string(main_keys) +
                             "\n[baseline]\nstages = [" + std::string(baseline_stages) + "]\n";
    return recipe::resolve({folder_.write("recipe.toml", text), {}}, lookup_);
  }
  static const test::SetsConfig& last_of(const recipe::ResolvedPlan& plan) {
    return *static_cast<const test::SetsConfig*>(plan.baseline->stages.back().config.get());
  }

  test::TemporaryFolder folder_;
  test::FakeLookup lookup_;
};

TEST_F(BaselineShape, IsThatOfTheMainChain) {
  const auto resolved = plan("granularity = \"block\"\nblock = [2, 3]\nrows = 5",
                             "{ use = \"imbrex.overlap.clsa-cim\" }");
  EXPECT_EQ(last_of(resolved).granularity, Granularity::block);
  EXPECT_EQ(last_of(resolved).block, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(last_of(resolved).rows, 5);
}

TEST_F(BaselineShape, IsTheDefaultOfTheMainChainWhereThatSaysNothing) {
  EXPECT_EQ(last_of(plan("", "{ use = \"imbrex.overlap.clsa-cim\" }")).granularity,
            Granularity::row);
}

TEST_F(BaselineShape, IsItsOwnWhereItSaysSo) {
  const auto resolved = plan("granularity = \"pixel\"\nrows = 7",
                             "{ use = \"imbrex.overlap.clsa-cim\", granularity = \"layer\" }");
  EXPECT_EQ(last_of(resolved).granularity, Granularity::layer);
  EXPECT_EQ(last_of(resolved).rows, 7);  // which it does not say
}

TEST_F(BaselineShape, LeavesAnalyzersWithoutSuchParametersAlone) {
  const auto resolved =
      plan("granularity = \"pixel\"", "{ use = \"imbrex.overlap.layer-by-layer\" }");
  EXPECT_EQ(resolved.baseline->stages.size(), 1u);
}

TEST_F(BaselineShape, IsNotLookedForInAMainChainWithAMistake) {
  EXPECT_THROW(plan("granularity = \"pixl\"", "{ use = \"imbrex.overlap.clsa-cim\" }"), InputError);
  EXPECT_THROW(plan("[[stage]]\nuse = \"imbrex.no.such\"", "{ use = \"imbrex.overlap.clsa-cim\" }"),
               InputError);
}

}  // namespace
}  // namespace imbrex
