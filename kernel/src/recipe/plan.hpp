// A recipe after resolution: every component known, every parameter checked and filled, the chain
// of stages proven to fit. Immutable; printable as a recipe that resolves to itself.
#pragma once

#include "plugin/registry.hpp"
#include "recipe/component_lookup.hpp"
#include "recipe/edit.hpp"

#include <imbrex/plugin/document.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::recipe {

struct PlannedComponent {
  plugin::ConfigHandle config;
  std::string where;  // for messages: "stage 2 (imbrex.overlap.clsa-cim)"
  std::string_view id() const noexcept { return config.component().id; }
};

struct PlannedBaseline {
  PlannedComponent architecture;
  PlannedComponent cost;
  std::vector<PlannedComponent> stages;
};

struct ResolvedPlan {
  std::string name;
  std::uint64_t seed = 0;
  std::string objective = "latency";
  PlannedComponent workload;
  PlannedComponent architecture;
  PlannedComponent cost;
  std::vector<PlannedComponent> stages;
  std::optional<PlannedBaseline> baseline;
  std::vector<PlannedComponent> reports;
  std::vector<std::filesystem::path> plugin_paths;  // [plugins] paths
  std::map<std::string, std::string> plugin_pins;   // plugin id -> "sha256:..."
  std::map<std::string, std::string>
      file_sha256;  // absolute path of every Path parameter -> digest

  // The plan as a recipe; file paths are written relative to `folder`, with their SHA-256 in
  // [files]. `carried`: absolute path -> how a file is called from `folder`, where a copy of it
  // lies.
  std::string to_toml(const std::filesystem::path& folder,
                      const std::map<std::string, std::string>& carried = {}) const;
  // Digest of the plan with every path replaced by the SHA-256 of the file's content, without
  // [plugins] and [files]: equal for equal experiments wherever they lie.
  std::string sha256() const;
};

// Where a recipe is and what the command line changes in it (sdk/docs/recipes.md).
struct RecipeSource {
  std::filesystem::path path;
  Edits edits;
};

// A folder stands for the plan.toml in it: a result can be run again. Errors: InputError when it
// has none.
std::filesystem::path recipe_file(const std::filesystem::path& path);

// Reads the recipe, follows `extends`, applies edits, checks everything, hashes the files it
// names. Errors: InputError; a file that is not TOML stops at once, after that every diagnostic is
// reported together. Thread-safe.
ResolvedPlan resolve(const RecipeSource& source, const plugin::Registry& registry);
ResolvedPlan resolve(const RecipeSource& source, const ComponentLookup& lookup);

}  // namespace imbrex::recipe
