// Applies `--set PATH=VALUE`. A path goes through the recipe's tables (stage.1.granularity, counted
// from 1), or starts with the id of a component that the recipe uses once.
#include "recipe/load_recipe.hpp"
#include "recipe/override_reader.hpp"
#include "recipe/recipe_keys.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

using Path = std::vector<OverridePart>;

// A component of the recipe and the path that leads to it.
struct Use {
  RecipeValue* table = nullptr;
  std::string_view id;
  std::string path;
};

void collect_uses(RecipeValue& value, const std::string& path, std::vector<Use>& uses) {
  const RecipeValue* const use = value.find("use");
  if (use != nullptr && use->kind == NodeKind::string) {
    uses.push_back({&value, use->text, path});
    return;
  }
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    RecipeValue& child = value.children[i];
    std::string child_path = path;
    child_path.append(path.empty() ? "" : ".");
    child_path.append(value.kind == NodeKind::array ? std::to_string(i + 1) : child.key);
    collect_uses(child, child_path, uses);
  }
}

std::string dotted(const Path& path, std::size_t parts) {
  std::string text;
  for (std::size_t i = 0; i < parts; ++i) {
    text += (i > 0 ? "." : "") + path[i].text;
  }
  return text;
}

class OverrideApplier {
 public:
  OverrideApplier(RecipeValue& root, const Document& document, Diagnostics& diagnostics)
      : root_(root), document_(document), diagnostics_(diagnostics) {}

  void apply(Override override) {
    const Path& path = override.path;
    line_ = override.value.key_position.line;
    if (path.front().text == "extends") {
      return fail(path.front(), "'extends' cannot be overridden");
    }
    std::vector<Use> uses;
    collect_uses(root_, "", uses);
    // Ids come first: those of the framework itself start with a key of the format, `imbrex`.
    for (std::size_t id_parts = path.size() - 1; id_parts > 0; --id_parts) {
      if (RecipeValue* const table = find_component(path, id_parts, uses)) {
        return descend(*table, path, id_parts, std::move(override.value));
      }
    }
    if (ambiguous_) {
      ambiguous_ = false;
    } else if (is_recipe_key(path.front().text) &&
               (path.front().text != "imbrex" || path.size() == 1)) {
      descend(root_, path, 0, std::move(override.value));
    } else {
      fail_unknown(path, uses);
    }
  }

 private:
  void fail(const OverridePart& part, std::string_view message) {
    diagnostics_.error(document_, {line_, part.column}, message);
  }

  // The component whose id is the first parts of the path; null when there is none, or several.
  RecipeValue* find_component(const Path& path, std::size_t id_parts,
                              const std::vector<Use>& uses) {
    const std::string id = dotted(path, id_parts);
    const auto same_id = [&](const Use& use) { return use.id == id; };
    const auto count = std::count_if(uses.begin(), uses.end(), same_id);
    const auto found = std::find_if(uses.begin(), uses.end(), same_id);
    if (count > 1) {
      fail(path.front(), fmt::format("the recipe uses '{}' {} times; say which one, e.g. {}.{}", id,
                                     count, found->path, path.back().text));
      ambiguous_ = true;
    }
    return count == 1 ? found->table : nullptr;
  }

  void fail_unknown(const Path& path, const std::vector<Use>& uses) {
    std::vector<std::string_view> ids;
    ids.reserve(uses.size());
    for (const Use& use : uses) {
      ids.push_back(use.id);
    }
    const bool looks_like_id = path.size() > 3 || path.front().text == "imbrex";
    const std::string name =
        looks_like_id ? dotted(path, std::min<std::size_t>(path.size(), 3)) : path.front().text;
    const std::string suggestion =
        looks_like_id ? did_you_mean(name, ids) : did_you_mean(path.front().text, kRecipeKeys);
    fail(path.front(), fmt::format("the recipe has no '{}'{}", name, suggestion));
  }

  // Lays the value on `at`, under path[next], path[next + 1], ...
  void descend(RecipeValue& at, const Path& path, std::size_t next, RecipeValue value) {
    const OverridePart& part = path[next];
    const bool last = next + 1 == path.size();
    if (at.kind == NodeKind::array) {
      if (RecipeValue* const element = find_element(at, part)) {
        value.key = last ? std::string() : value.key;
        last ? merge(*element, std::move(value))
             : descend(*element, path, next + 1, std::move(value));
      }
    } else if (at.kind != NodeKind::table) {
      fail(part, fmt::format("'{}' is {}; it has no '{}'", at.key, to_string(at.kind), part.text));
    } else if (last) {
      RecipeValue over = empty_table(part);
      over.children.push_back(std::move(value));
      merge(at, std::move(over));
    } else {
      RecipeValue* const child = at.find(part.text);
      descend(child != nullptr ? *child : at.children.emplace_back(empty_table(part)), path,
              next + 1, std::move(value));
    }
  }

  RecipeValue empty_table(const OverridePart& part) const {
    RecipeValue table;
    table.kind = NodeKind::table;
    table.key = part.text;
    table.document = &document_;
    table.position = {line_, part.column};
    table.key_position = table.position;
    return table;
  }

  RecipeValue* find_element(RecipeValue& array, const OverridePart& part) {
    std::size_t number = 0;
    const char* const end = part.text.data() + part.text.size();
    const auto [stop, error] = std::from_chars(part.text.data(), end, number);
    if (error != std::errc() || stop != end || number == 0) {
      fail(part, fmt::format("'{}' is a list; say which element, counted from 1, instead of '{}'",
                             array.key, part.text));
      return nullptr;
    }
    if (number > array.children.size()) {
      fail(part, fmt::format("there is no '{}.{}'; the recipe has {} of them", array.key, number,
                             array.children.size()));
      return nullptr;
    }
    return &array.children[number - 1];
  }

  RecipeValue& root_;
  const Document& document_;
  Diagnostics& diagnostics_;
  std::uint32_t line_ = 0;
  bool ambiguous_ = false;
};

// One line per override, so that diagnostics can say which one and quote it.
std::string as_lines(const std::vector<std::string>& overrides) {
  std::string text;
  for (const std::string& override : overrides) {
    std::string line = override;
    std::replace(line.begin(), line.end(), '\n', ' ');
    text += line + "\n";
  }
  return text;
}

}  // namespace

void apply_overrides(LoadedRecipe& recipe, const std::vector<std::string>& overrides) {
  recipe.documents.push_back(std::make_unique<const Document>(
      Document::without_values(as_lines(overrides), kOverridesName)));
  const Document& document = *recipe.documents.back();
  Diagnostics diagnostics;
  std::vector<Override> parsed;
  for (std::uint32_t line = 1; line <= overrides.size(); ++line) {
    if (std::optional<Override> override = read_override(document, line, diagnostics)) {
      parsed.push_back(std::move(*override));
    }
  }
  // A swapped component comes first: the parameters set beside it are meant for the new one.
  std::stable_partition(parsed.begin(), parsed.end(), [](const Override& override) {
    return override.path.back().text == "use";
  });
  OverrideApplier applier(recipe.root, document, diagnostics);
  for (Override& override : parsed) {
    applier.apply(std::move(override));
  }
  diagnostics.throw_if_any();
}

}  // namespace imbrex::recipe
