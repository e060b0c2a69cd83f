#include "recipe/component_paths.hpp"

#include "recipe/recipe_keys.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

// A component of the recipe and the path that leads to it.
struct Use {
  std::string_view id;
  OverridePath path;
};

void collect_uses(const RecipeValue& value, OverridePath& path, std::vector<Use>& uses) {
  const RecipeValue* const use = value.find("use");
  if (value.removed) {
    return;
  }
  if (use != nullptr && use->kind == NodeKind::string) {
    uses.push_back({use->text, path});
    return;
  }
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    const RecipeValue& child = value.children[i];
    path.push_back({value.kind == NodeKind::array ? std::to_string(i + 1) : child.key, 0});
    collect_uses(child, path, uses);
    path.pop_back();
  }
}

std::string unknown_path(const OverridePath& path, const std::vector<Use>& uses) {
  std::vector<std::string_view> ids;
  ids.reserve(uses.size());
  for (const Use& use : uses) {
    ids.push_back(use.id);
  }
  const bool looks_like_id = path.size() > 3 || path.front().text == "imbrex";
  const std::string name =
      looks_like_id ? dotted(path, std::min<std::size_t>(path.size(), 3)) : path.front().text;
  return fmt::format(
      "the recipe has no '{}'{}", name,
      looks_like_id ? did_you_mean(name, ids) : did_you_mean(path.front().text, kRecipeKeys));
}

// The path to a component, then the rest of what was written, which says where it stands.
OverridePath joined(const Use& use, const OverridePath& path, std::size_t id_parts) {
  OverridePath result = use.path;
  for (OverridePart& part : result) {
    part.column = path.front().column;
  }
  result.insert(result.end(), path.begin() + static_cast<std::ptrdiff_t>(id_parts), path.end());
  return result;
}

}  // namespace

std::string dotted(const OverridePath& path, std::size_t parts) {
  std::string text;
  for (std::size_t i = 0; i < parts; ++i) {
    text += (i > 0 ? "." : "") + path[i].text;
  }
  return text;
}

std::optional<OverridePath> path_through_tables(const OverridePath& path, RecipeValue& root,
                                                const Document& document, std::uint32_t line,
                                                Diagnostics& diagnostics) {
  std::vector<Use> uses;
  OverridePath here;
  collect_uses(root, here, uses);
  const SourcePosition position{line, path.front().column};
  // Ids come first: those of the framework itself start with a key of the format, `imbrex`.
  for (std::size_t id_parts = path.size() - 1; id_parts > 0; --id_parts) {
    const std::string id = dotted(path, id_parts);
    const auto same_id = [&](const Use& use) { return use.id == id; };
    const auto count = std::count_if(uses.begin(), uses.end(), same_id);
    const auto found = std::find_if(uses.begin(), uses.end(), same_id);
    if (count > 1) {
      diagnostics.error(
          document, position,
          fmt::format("the recipe uses '{}' {} times; say which one, e.g. {}.{}", id, count,
                      dotted(found->path, found->path.size()), path.back().text));
      return std::nullopt;
    }
    if (count == 1) {
      return joined(*found, path, id_parts);
    }
  }
  if (!is_recipe_key(path.front().text) || (path.front().text == "imbrex" && path.size() > 1)) {
    diagnostics.error(document, position, unknown_path(path, uses));
    return std::nullopt;
  }
  return path;
}

}  // namespace imbrex::recipe
