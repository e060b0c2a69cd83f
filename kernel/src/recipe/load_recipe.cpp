#include "recipe/load_recipe.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

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

const Document& parse(LoadedRecipe& recipe, const fs::path& path) {
  recipe.documents.push_back(std::make_unique<const Document>(Document::parse_file(path.string())));
  return *recipe.documents.back();
}

// The path of the base, or nothing. The key itself is taken out of the tree.
std::optional<fs::path> take_base(RecipeValue& root, const fs::path& path,
                                  Diagnostics& diagnostics) {
  const RecipeValue* const extends = root.find("extends");
  if (extends == nullptr) {
    return std::nullopt;
  }
  if (extends->kind != NodeKind::string || extends->text.empty()) {
    complain(diagnostics, *extends,
             "'extends' expects the path of another recipe, found " +
                 std::string(to_string(extends->kind)));
    return std::nullopt;
  }
  const fs::path base = (path.parent_path() / extends->text).lexically_normal();
  const std::string reason = why_unreadable(base);
  if (!reason.empty()) {
    complain(diagnostics, *extends, fmt::format("the base recipe '{}' {}", extends->text, reason));
    return std::nullopt;
  }
  return base;
}

struct Layer {
  fs::path path;
  RecipeValue root;
};

// A recipe, what it extends, what that extends, and so on, as they are found.
class Ancestry {
 public:
  explicit Ancestry(const std::vector<Layer>& layers) : layers_(layers) {}

  // Complains about a base that is there already, and about the first of too many.
  void check(const RecipeValue& extends, const fs::path& base, Diagnostics& diagnostics) {
    if (layers_.size() > kMaxBases) {
      complain(diagnostics, extends,
               fmt::format("more than {} recipes that extend one another", kMaxBases));
      return;
    }
    layer_of_.emplace(identity(layers_.back().path), layers_.size() - 1);
    if (const auto found = layer_of_.find(identity(base)); found != layer_of_.end()) {
      std::string cycle;
      for (std::size_t i = found->second; i < layers_.size(); ++i) {
        cycle += layers_[i].path.filename().string() + " -> ";
      }
      complain(diagnostics, extends,
               "recipes extend each other in a circle: " + cycle + base.filename().string());
    }
  }

 private:
  // More than any person can follow; what a thousand files cost to read is a tenth of a second.
  static constexpr std::size_t kMaxBases = 1000;

  // One file, whatever path leads to it.
  static std::pair<std::uint64_t, std::uint64_t> identity(const fs::path& path) {
    struct stat found {};
    return stat(path.c_str(), &found) == 0
               ? std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino)
               : std::pair<std::uint64_t, std::uint64_t>(0, 0);
  }

  const std::vector<Layer>& layers_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> layer_of_;
};

// The recipe first, its bases after it.
std::vector<Layer> load_layers(LoadedRecipe& recipe) {
  std::vector<Layer> layers;
  Ancestry ancestry(layers);
  std::optional<fs::path> next = recipe.path;
  while (next) {
    const Document& document = parse(recipe, *next);
    layers.push_back({*next, recipe_value_of(document, document.root())});
    RecipeValue& root = layers.back().root;
    make_file_keys_absolute(root);
    Diagnostics diagnostics;
    next = take_base(root, layers.back().path, diagnostics);
    if (next) {
      ancestry.check(*root.find("extends"), *next, diagnostics);
    }
    diagnostics.throw_if_any();
    std::erase_if(root.children, [](const RecipeValue& child) { return child.key == "extends"; });
  }
  return layers;
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

LoadedRecipe load_recipe(const fs::path& path, const std::vector<std::string>& overrides) {
  LoadedRecipe recipe;
  recipe.path = path;
  std::vector<Layer> layers = load_layers(recipe);
  recipe.root = std::move(layers.back().root);
  for (std::size_t i = layers.size() - 1; i-- > 0;) {
    merge(recipe.root, std::move(layers[i].root));
  }
  apply_overrides(recipe, overrides);
  return recipe;
}

}  // namespace imbrex::recipe
