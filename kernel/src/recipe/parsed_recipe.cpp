#include "recipe/parsed_recipe.hpp"

#include <utility>

namespace imbrex::recipe {

ParsedRecipe::ParsedRecipe(LoadedRecipe loaded)
    : loaded_(std::make_shared<const LoadedRecipe>(std::move(loaded))),
      digests_(std::make_shared<FileDigests>()) {}

ParsedRecipe ParsedRecipe::of_file(const std::filesystem::path& path) {
  return ParsedRecipe(load_recipe(path));
}

ParsedRecipe ParsedRecipe::of_text(std::string_view text, const std::filesystem::path& path) {
  return ParsedRecipe(load_recipe_text(text, path));
}

}  // namespace imbrex::recipe
