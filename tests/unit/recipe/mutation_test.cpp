// Whatever a recipe holds, reading it ends in a plan or in an InputError.
#include "fake_components.hpp"
#include "recipe/plan.hpp"
#include "temporary_folder.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::string_view kRecipe = R"(imbrex = 1
name = "small"
seed = 42
objective = "edp"
[workload]
use = "imbrex.workload.toml"
file = "network.toml"
bind = { "batch size" = 1, training = false }
[architecture]
use = "imbrex.architecture.tiled-cim"
clock_ghz = 1.5
[cost]
use = "imbrex.cost.crossbar"
[[stage]]
use = "imbrex.search.anneal"
schedule = [0.5, 1]
labels = ["a", 'b']
[[stage]]
use = "imbrex.overlap.clsa-cim"
granularity = "row"
[baseline]
stages = [{ use = "imbrex.overlap.layer-by-layer" }]
architecture = { extra_pes = 0 }
[[report]]
use = "imbrex.report.csv"
[plugins]
paths = ["."]
[profile.small]
seed = 1
architecture = { clock_ghz = { unset = true }, rows = 64 }
[profile.other]
architecture = { use = "imbrex.architecture.pe-array" }
[files]
"network.toml" = "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
)";

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (auto left = 1 + random_() % 4; left > 0 && !text.empty(); --left) {
      const std::size_t at = random_() % text.size();
      const std::size_t length = 1 + random_() % 20;
      switch (random_() % 5) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text[at] = static_cast<char>(random_());
          break;
        case 2:
          text.insert(at, word());
          break;
        case 3:
          text.insert(random_() % text.size(), text.substr(at, length));
          break;
        default:
          swap_lines(text);
          break;
      }
    }
    return text;
  }

  std::string word() {
    static const std::vector<std::string> words = {"extends = \"recipe.toml\"\n",
                                                   "[[stage]]\n",
                                                   "[",
                                                   "]]",
                                                   "{",
                                                   "= 1e400",
                                                   "nan",
                                                   "-inf",
                                                   "9223372036854775807",
                                                   "'''",
                                                   "\"\\u0000\"",
                                                   "\n",
                                                   ".",
                                                   ".1.",
                                                   "=",
                                                   "use = 5\n",
                                                   "\xF0\x9F\x98\x80",
                                                   "[stage.x]\n",
                                                   "{ unset = true }",
                                                   "extends = [\"recipe.toml\"]\n",
                                                   "[profile.small]\n",
                                                   "1979-05-27",
                                                   "\"\"",
                                                   "stage.1.use=",
                                                   "99999999999"};
    return words[random_() % words.size()];
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  void swap_lines(std::string& text) {
    const std::size_t begin = text.find('\n', random_() % text.size());
    const std::size_t end = begin == std::string::npos ? begin : text.find('\n', begin + 1);
    if (end != std::string::npos) {
      text = text.substr(begin + 1, end - begin) + text.substr(0, begin + 1) + text.substr(end + 1);
    }
  }

  std::mt19937_64 random_;
};

// As a command line would have it, from one text.
recipe::Edit edit_of(std::string text) {
  using Kind = recipe::Edit::Kind;
  const Kind kind = text.starts_with("-")   ? Kind::unset
                    : text.starts_with("@") ? Kind::profile
                                            : Kind::set;
  return {kind, kind == Kind::set ? std::move(text) : text.substr(1)};
}

// True when it resolves, false when it is refused with a message; anything else fails the test.
bool is_accepted(const recipe::RecipeSource& source, const recipe::ComponentLookup& lookup) {
  try {
    recipe::resolve(source, lookup).to_toml(source.path.parent_path());
    return true;
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("error: "), std::string::npos) << error.what();
    return false;
  }
}

TEST(Mutation, OfARecipeEndsInAPlanOrAMessage) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Mutator mutator(seed);
  const test::TemporaryFolder folder;
  const test::FakeLookup lookup;
  folder.write("network.toml", "content");
  ASSERT_TRUE(is_accepted({folder.write("recipe.toml", kRecipe), {}}, lookup));
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = mutator.mutate(std::string(kRecipe));
    SCOPED_TRACE(text);
    refused += is_accepted({folder.write("recipe.toml", text), {}}, lookup) ? 0 : 1;
  }
  EXPECT_GT(refused, 150);  // the mutations do hit what matters
}

TEST(Mutation, OfOverridesEndsInAPlanOrAMessage) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Mutator mutator(seed);
  const test::TemporaryFolder folder;
  const test::FakeLookup lookup;
  folder.write("network.toml", "content");
  const auto recipe = folder.write("recipe.toml", kRecipe);
  const std::vector<std::string> overrides = {"stage.2.granularity=pixel",
                                              "imbrex.overlap.clsa-cim.block=[1, 2]",
                                              "seed=7",
                                              "baseline.stages.1.use=imbrex.overlap.clsa-cim",
                                              "workload.bind.\"batch size\"=2",
                                              "-architecture.clock_ghz",
                                              "-stage.1",
                                              "-baseline",
                                              "@small",
                                              "@other",
                                              "architecture.use=imbrex.architecture.pe-array"};
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = mutator.mutate(overrides[mutator.below(overrides.size())]);
    SCOPED_TRACE(text);
    const recipe::Edit other = edit_of(overrides[mutator.below(overrides.size())]);
    refused += is_accepted({recipe, {edit_of(text), other}}, lookup) ? 0 : 1;
  }
  EXPECT_GT(refused, 150);
}

}  // namespace
}  // namespace imbrex
