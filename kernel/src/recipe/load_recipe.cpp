#include "recipe/load_recipe.hpp"

#include "recipe/bases.hpp"
#include "recipe/merge.hpp"
#include "recipe/profiles.hpp"

#include <utility>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

// Digests are written next to paths relative to *their* file; merging needs keys that mean the same
// everywhere.
void make_file_keys_absolute(RecipeValue& root) {
  RecipeValue* const files = root.find("files");
  if (files == nullptr) {
    return;
  }
  for (RecipeValue& entry : files->children) {
    entry.key = absolute_path(entry, entry.key).string();
  }
}

void take_profiles_of(RecipeValue& root, LoadedRecipe& recipe, Diagnostics& diagnostics) {
  for (Profile& profile : take_profiles(root, diagnostics)) {
    make_file_keys_absolute(profile.content);
    recipe.profiles.push_back(std::move(profile));
  }
}

// Told at once: every other key of it would be one that no recipe has.
void refuse_experiment(const Document& document) {
  if (const DocumentNode key = document.root().find("experiment")) {
    Diagnostics diagnostics;
    diagnostics.error(document, key.key_position(),
                      "this file describes an experiment, not a recipe; 'imbrex sweep' runs it");
    diagnostics.throw_if_any();
  }
}

LoadedRecipe load(const fs::path& path, Document document) {
  LoadedRecipe recipe;
  recipe.path = path;
  refuse_experiment(document);
  std::vector<FileLayer> layers =
      read_layers(path, std::make_shared<const Document>(std::move(document)), recipe.documents);
  Diagnostics diagnostics;
  for (FileLayer& layer : layers) {
    make_file_keys_absolute(layer.root);
    take_profiles_of(layer.root, recipe, diagnostics);
    Merge(recipe.root, recipe.file_layers++, false, recipe.notes)
        .lay_on_root(std::move(layer.root));
  }
  diagnostics.throw_if_any();
  return recipe;
}

}  // namespace

fs::path absolute_path(const RecipeValue& value, std::string_view text) {
  const std::string_view file_name = value.document->file_name();
  const fs::path folder =
      file_name == kOverridesName ? fs::path() : fs::path(file_name).parent_path();
  // The folder is made canonical, so that one file has one name; the last part is kept even when it
  // is a link, because readers look for companion files beside the name they were given.
  const fs::path path = fs::absolute(folder / text).lexically_normal();
  std::error_code error;
  const fs::path parent = fs::weakly_canonical(path.parent_path(), error);
  return error ? path : parent / path.filename();
}

LoadedRecipe load_recipe(const fs::path& path) {
  return load(path, Document::parse_file(path.string()));
}

LoadedRecipe load_recipe_text(std::string_view text, const fs::path& path) {
  return load(path, Document::parse_text(text, path.string()));
}

}  // namespace imbrex::recipe
