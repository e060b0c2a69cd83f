// Which files a recipe consists of.
#pragma once

#include "recipe/recipe_value.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace imbrex::recipe {

// One file, without its `extends`.
struct FileLayer {
  std::filesystem::path path;
  RecipeValue root;
};

using Documents = std::vector<std::shared_ptr<const Document>>;

// The recipe and all that it extends, in the order in which they are laid on one another: a base
// before what extends it, bases of one list in its order, and each file once, where it is first
// needed. So the last layer is the recipe. `document` is the recipe's; it and those of the bases
// are appended to `documents`. Errors: InputError.
std::vector<FileLayer> read_layers(const std::filesystem::path& path,
                                   std::shared_ptr<const Document> document, Documents& documents);

}  // namespace imbrex::recipe
