// One recipe, read once, and any number of variants of it: what a sweep resolves thousands of.
#pragma once

#include "recipe/file_digests.hpp"
#include "recipe/load_recipe.hpp"
#include "recipe/plan.hpp"
#include "recipe/recipe_head.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

// Immutable but for the digests of files that variants name, which are computed once. Copies share
// everything. Thread-safe.
class ParsedRecipe {
 public:
  // Errors: InputError (see load_recipe).
  static ParsedRecipe of_file(const std::filesystem::path& path);
  static ParsedRecipe of_text(std::string_view text, const std::filesystem::path& path);

  const LoadedRecipe& loaded() const noexcept { return *loaded_; }
  FileDigests& digests() const noexcept { return *digests_; }

 private:
  explicit ParsedRecipe(LoadedRecipe loaded);

  std::shared_ptr<const LoadedRecipe> loaded_;
  std::shared_ptr<FileDigests> digests_;
};

// [plugins] of the recipe with these edits, needed before there is a registry to resolve it with.
// Errors: InputError.
RecipePlugins recipe_plugins(const ParsedRecipe& recipe, const Edits& edits);

// The recipe with these edits: a plan, or what is wrong with them.
struct Variant {
  std::optional<ResolvedPlan> plan;
  std::string errors;  // empty when there is a plan
  // What was decided for the user, and what the files ask for in vain; also beside errors. Texts
  // like those of diagnostics, several lines each.
  Notes notes;
};

// Applies `edits` to a copy of the recipe and resolves it. Reads no file but those that are named
// and were not read before (or have changed since). Complexity: the recipe's size and the edits'.
// Thread-safe. Errors: none but the failures of the machine; bad input is in the variant.
Variant resolve_variant(const ParsedRecipe& recipe, const Edits& edits,
                        const ComponentLookup& lookup);
Variant resolve_variant(const ParsedRecipe& recipe, const Edits& edits,
                        const plugin::Registry& registry);

// Per edit without which the plan is the same, a note when it sets what holds anyway, a warning
// when another edit decides the same key or takes its table away. `plan`: of all edits together.
// Looks at the first hundred. Complexity: resolves one variant per edit.
Notes vain_edits(const ParsedRecipe& recipe, const Edits& edits, const ResolvedPlan& plan,
                 const ComponentLookup& lookup);
Notes vain_edits(const ParsedRecipe& recipe, const Edits& edits, const ResolvedPlan& plan,
                 const plugin::Registry& registry);

}  // namespace imbrex::recipe
