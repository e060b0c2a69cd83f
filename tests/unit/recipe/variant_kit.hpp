// A recipe and what makes variants of it.
#pragma once

#include "fake_components.hpp"
#include "recipe/parsed_recipe.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace imbrex::test {

using recipe::Edit;
using recipe::Edits;
using recipe::Variant;

inline constexpr std::string_view kVariedRecipe = R"(imbrex = 1
name = "first"
seed = 42

[workload]
use = "imbrex.workload.toml"
file = "network.toml"

[architecture]
use = "imbrex.architecture.tiled-cim"
rows = 128
extra_pes = 32

[cost]
use = "imbrex.cost.crossbar"

[[stage]]
use = "imbrex.search.anneal"
temperature = 7

[[stage]]
use = "imbrex.overlap.clsa-cim"
granularity = "pixel"

[baseline]
stages = [{ use = "imbrex.overlap.layer-by-layer" }]
architecture = { extra_pes = 0 }

[profile.small]
seed = 1
architecture = { rows = 16, extra_pes = { unset = true } }

[profile.fast]
architecture = { clock_ghz = 2 }
)";

inline Edit unset(std::string path) {
  return {Edit::Kind::unset, std::move(path)};
}

inline Edit profile(std::string name) {
  return {Edit::Kind::profile, std::move(name)};
}

inline const ArchitectureConfig& tiled(const recipe::PlannedComponent& component) {
  return *static_cast<const ArchitectureConfig*>(component.config.get());
}

class RecipeVariant : public testing::Test {
 protected:
  RecipeVariant() {
    folder_.write("network.toml", "content");
    folder_.write("other.toml", "content");
    folder_.write("base.toml", kVariedRecipe);
  }

  Variant variant(std::string_view text, const Edits& edits = {}) {
    return recipe::resolve_variant(
        recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", text)), edits, lookup_);
  }
  recipe::ResolvedPlan plan(std::string_view text, const Edits& edits = {}) {
    Variant one = variant(text, edits);
    EXPECT_TRUE(one.plan) << one.errors;
    return one.plan ? std::move(*one.plan) : recipe::ResolvedPlan();
  }
  std::string vain(std::string_view text, const Edits& edits) {
    const auto recipe = recipe::ParsedRecipe::of_file(folder_.write("recipe.toml", text));
    const Variant one = recipe::resolve_variant(recipe, edits, lookup_);
    EXPECT_TRUE(one.plan) << one.errors;
    return one.plan ? joined(recipe::vain_edits(recipe, edits, *one.plan, lookup_)) : one.errors;
  }
  static std::string joined(const recipe::Notes& notes) {
    std::string text;
    for (const std::string& note : notes) {
      text += note + "\n";
    }
    return text;
  }

  TemporaryFolder folder_;
  FakeLookup lookup_;
};

}  // namespace imbrex::test
