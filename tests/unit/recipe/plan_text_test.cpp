// A plan written as a recipe resolves to itself.
#include "fake_components.hpp"
#include "recipe/plan.hpp"
#include "small_recipe.hpp"
#include "temporary_folder.hpp"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::kSmallRecipe;

class PlanText : public testing::Test {
 protected:
  PlanText() { folder_.write("network.toml", "content"); }

  recipe::ResolvedPlan resolve_text(std::string_view name, std::string_view text) {
    return recipe::resolve({folder_.write(name, text), {}}, lookup_);
  }

  test::TemporaryFolder folder_;
  test::FakeLookup lookup_;
};

TEST_F(PlanText, EchoesEveryDefaultInDeclarationOrder) {
  EXPECT_EQ(resolve_text("recipe.toml", kSmallRecipe).to_toml(folder_.path() / "results/small"),
            R"(imbrex = 1
name = "small"
seed = 42
objective = "latency"

[workload]
use = "imbrex.workload.toml"
file = "../../network.toml"
weights = ""
bind = { }

[architecture]
use = "imbrex.architecture.tiled-cim"
rows = 256
extra_pes = 0
clock_ghz = 1.0

[cost]
use = "imbrex.cost.crossbar"

[[stage]]
use = "imbrex.overlap.clsa-cim"
granularity = "row"
rows = 2
block = [4, 4]

[files]
"../../network.toml" = "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
)");
}

TEST_F(PlanText, ResolvesToItselfFromAnotherFolder) {
  const recipe::ResolvedPlan plan = resolve_text("recipe.toml", kSmallRecipe);
  const std::string text = plan.to_toml(folder_.path() / "results/small");
  const recipe::ResolvedPlan again = resolve_text("results/small/plan.toml", text);
  EXPECT_EQ(again.sha256(), plan.sha256());
  EXPECT_EQ(again.to_toml(folder_.path() / "results/small"), text);
}

// It takes the place of whatever is there, a link to elsewhere included.
TEST_F(PlanText, AsksNothingOfWhatLiesAtItsFuturePlace) {
  const recipe::ResolvedPlan plan = resolve_text("recipe.toml", kSmallRecipe);
  const std::string text = plan.to_toml(folder_.path() / "results/small");
  folder_.write("deep/er/still/file", "");
  folder_.write("results/file", "");
  std::filesystem::create_directory_symlink(folder_.path() / "deep/er/still",
                                            folder_.path() / "results/small");
  EXPECT_EQ(plan.to_toml(folder_.path() / "results/small"), text);
  EXPECT_EQ(plan.to_toml(folder_.path() / "results/small/"), text);
}

TEST_F(PlanText, HasTheSameDigestWhereverTheFilesLie) {
  const recipe::ResolvedPlan plan = resolve_text("recipe.toml", kSmallRecipe);
  folder_.write("deep/er/network.toml", "content");
  EXPECT_EQ(resolve_text("deep/er/recipe.toml", kSmallRecipe).sha256(), plan.sha256());
}

TEST_F(PlanText, HasAnotherDigestWhenAFileOrAParameterDiffers) {
  const std::string before = resolve_text("recipe.toml", kSmallRecipe).sha256();
  EXPECT_NE(resolve_text("recipe.toml", std::string(kSmallRecipe) + "rows = 3\n").sha256(), before);
  folder_.write("network.toml", "other content");
  EXPECT_NE(resolve_text("recipe.toml", kSmallRecipe).sha256(), before);
}

TEST_F(PlanText, IgnoresWherePluginsLieInItsDigest) {
  const recipe::ResolvedPlan plan = resolve_text("recipe.toml", kSmallRecipe);
  const recipe::ResolvedPlan same =
      resolve_text("recipe.toml", std::string(kSmallRecipe) + "[plugins]\npaths = [\".\"]\n");
  EXPECT_EQ(same.sha256(), plan.sha256());
  EXPECT_NE(same.to_toml(folder_.path()), plan.to_toml(folder_.path()));
}

TEST_F(PlanText, NoticesAFileThatChangedSinceItWasWritten) {
  const std::string text = resolve_text("recipe.toml", kSmallRecipe).to_toml(folder_.path());
  folder_.write("network.toml", "changed");
  try {
    resolve_text("plan.toml", text);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("the file 'network.toml' has changed"),
              std::string::npos);
  }
}

TEST_F(PlanText, DoesNotCompareFilesThatAnOverrideReplaced) {
  const std::string text = resolve_text("recipe.toml", kSmallRecipe).to_toml(folder_.path());
  folder_.write("network.toml", "changed");
  const std::string other = folder_.write("other.toml", "x").string();
  EXPECT_NO_THROW(
      recipe::resolve({folder_.write("plan.toml", text), {"workload.file=" + other}}, lookup_));
}

std::string hostile_text(std::mt19937_64& random) {
  constexpr std::string_view alphabet = "a\"\\'#=[]{}.,\n\t\r\x01\x7f \xC3";
  std::string result;
  for (auto left = random() % 12; left > 0; --left) {
    const char c = alphabet[random() % alphabet.size()];
    result += c;
    result += c == '\xC3' ? "\xA9" : "";
  }
  return result;
}

// Random values of every type, hostile texts among them.
TEST_F(PlanText, RoundTripsRandomPlans) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const auto text = [&] { return hostile_text(random); };
  const auto real = [&] { return std::ldexp(static_cast<double>(random() >> 11), -53); };
  for (int i = 0; i < 200; ++i) {
    recipe::ResolvedPlan plan =
        resolve_text("recipe.toml",
                     std::string(kSmallRecipe)
                             .insert(kSmallRecipe.find("[[stage]]"),
                                     "[[stage]]\nuse = \"imbrex.search.anneal\"\n") +
                         "[baseline]\nstages = [{ use = \"imbrex.overlap.clsa-cim\" }]\n"
                         "architecture = { rows = 7 }\n[[report]]\nuse = \"imbrex.report.csv\"\n");
    plan.seed = random() >> 1;
    auto& anneal = *static_cast<test::AnnealConfig*>(plan.stages[0].config.get());
    anneal.iterations = 1 + static_cast<std::int64_t>(random() >> 1) / 2;
    anneal.temperature = i == 0 ? -0.0 : 100 * real();
    anneal.restart = random() % 2 == 0;
    anneal.note = text();
    anneal.schedule.assign(random() % 4, real());
    anneal.labels.assign(random() % 4, text());
    auto& workload = *static_cast<test::WorkloadConfig*>(plan.workload.config.get());
    workload.bind.assign(
        1, {std::string("k").append(text()), static_cast<std::int64_t>(random() % 4096)});
    const std::string written = plan.to_toml(folder_.path());
    const recipe::ResolvedPlan again = resolve_text("plan.toml", written);
    ASSERT_EQ(again.to_toml(folder_.path()), written);
    ASSERT_EQ(again.sha256(), plan.sha256());
    const auto& read = *static_cast<const test::AnnealConfig*>(again.stages[0].config.get());
    ASSERT_EQ(read.temperature, anneal.temperature);
    ASSERT_EQ(read.note, anneal.note);
    ASSERT_EQ(read.labels, anneal.labels);
  }
}

}  // namespace
}  // namespace imbrex
