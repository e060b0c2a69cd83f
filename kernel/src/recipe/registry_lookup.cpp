// Where a recipe meets the registry: which libraries it wants loaded, and resolution against what
// was.
#include "recipe/load_recipe.hpp"
#include "recipe/parsed_recipe.hpp"
#include "recipe/recipe_head.hpp"

namespace imbrex::recipe {
namespace {

class RegistryLookup final : public ComponentLookup {
 public:
  explicit RegistryLookup(const plugin::Registry& registry) : registry_(registry) {}
  const Component* find(std::string_view id) const override { return registry_.find(id); }
  std::string not_found_message(std::string_view id) const override {
    return registry_.not_found_message(id);
  }
  std::string load_failures_message() const override { return registry_.load_failures_message(); }
  std::span<const Component* const> components() const override { return registry_.components(); }

 private:
  const plugin::Registry& registry_;
};

}  // namespace

std::filesystem::path recipe_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return path;
  }
  if (!std::filesystem::exists(path / "plan.toml", ignored)) {
    throw InputError("'" + path.string() + "' is a folder without a plan.toml");
  }
  return path / "plan.toml";
}

RecipePlugins recipe_plugins(const ParsedRecipe& recipe, const Edits& edits) {
  LoadedRecipe loaded = recipe.loaded();
  apply_edits(loaded, edits);
  Diagnostics diagnostics;
  RecipePlugins plugins = read_plugins(loaded.root, diagnostics);
  diagnostics.throw_if_any();
  return plugins;
}

ResolvedPlan resolve(const RecipeSource& source, const plugin::Registry& registry) {
  return resolve(source, RegistryLookup(registry));
}

Variant resolve_variant(const ParsedRecipe& recipe, const Edits& edits,
                        const plugin::Registry& registry) {
  return resolve_variant(recipe, edits, RegistryLookup(registry));
}

Notes vain_edits(const ParsedRecipe& recipe, const Edits& edits, const ResolvedPlan& plan,
                 const plugin::Registry& registry) {
  return vain_edits(recipe, edits, plan, RegistryLookup(registry));
}

}  // namespace imbrex::recipe
