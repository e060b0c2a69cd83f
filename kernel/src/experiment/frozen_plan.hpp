// An experiment with every point resolved, as one file in its folder: what a cluster runs, and what
// goes on after somebody has edited the recipe.
#pragma once

#include "experiment/plan_points.hpp"
#include "result/result_list.hpp"

#include <filesystem>
#include <string>

namespace imbrex::experiment {

inline constexpr const char* kFrozenName = result::kFrozenFile;

// Paths of the plans are written relative to `folder`, where the file will lie.
std::string frozen_text(const ExperimentPlan& plan, const std::filesystem::path& folder);

// Reads FOLDER/frozen.json. Errors: InputError (no such file, damaged, or a plan that resolves to
// something else than it did: a workload has changed, a plugin knows other parameters).
ExperimentPlan read_frozen(const std::filesystem::path& folder, const plugin::Registry& registry);

// Where the plugins of its recipes are, needed before there is a registry: the first plan as a
// recipe. Errors: InputError.
std::string first_frozen_recipe(const std::filesystem::path& folder);

}  // namespace imbrex::experiment
