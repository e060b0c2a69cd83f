// Networks that take a run no time, and plans of the shipped recipes on them.
#pragma once

#include "harness.hpp"
#include "recipe/parsed_recipe.hpp"

#include <array>
#include <optional>

namespace imbrex::fuzz {

// A chain with a branch, a window, a pool and a product: one of each way to read an input.
inline constexpr std::string_view kSmallNetwork = R"(imbrex_workload = 1
description = "small"
input.image = { shape = [1, 3, 8, 8] }
defaults.conv = { kernel = 3, pad = 1 }
[network]
layers = [
  { op = "conv", filters = 4, name = "first", activation = "relu" },
  { op = "conv", filters = 4, name = "second" },
  { op = "add", input = ["first", "second"] },
  { op = "max_pool", kernel = 2, stride = 2 },
  { op = "dense", units = 4, name = "product" },
]
)";
inline constexpr const char* kNetworkFile = "small.toml";

inline bool write_small_networks(const test::TemporaryFolder& folder) {
  folder.write(kNetworkFile, kSmallNetwork);
  return true;
}

// What decides how long a search takes.
inline constexpr std::array<std::string_view, 6> kEfforts = {
    "samples", "iterations", "candidates", "population", "generations", "budget"};

// The recipe with the small network in `folder` and little to search; nothing when it cannot be
// had, as for a recipe that names no reader of such a file.
inline std::optional<recipe::ResolvedPlan> small_plan(const std::filesystem::path& recipe,
                                                      const std::filesystem::path& folder) {
  const auto parsed = recipe::ParsedRecipe::of_file(recipe);
  recipe::Edits edits = {"workload.file=" + recipe::Edit((folder / kNetworkFile).string()).text};
  auto variant = recipe::resolve_variant(parsed, edits, registry());
  if (!variant.plan) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < variant.plan->stages.size(); ++i) {
    for (const ParamSpec& spec : variant.plan->stages[i].config.component().params) {
      if (std::find(kEfforts.begin(), kEfforts.end(), spec.name) != kEfforts.end()) {
        edits.emplace_back("stage." + std::to_string(i + 1) + "." + std::string(spec.name) + "=8");
      }
    }
  }
  return recipe::resolve_variant(parsed, edits, registry()).plan;
}

}  // namespace imbrex::fuzz
