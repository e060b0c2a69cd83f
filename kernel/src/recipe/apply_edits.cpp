// Profiles first, then overrides: `--set PATH=VALUE`, `--unset PATH`.
#include "recipe/component_paths.hpp"
#include "recipe/edit_lines.hpp"
#include "recipe/load_recipe.hpp"
#include "recipe/merge.hpp"
#include "recipe/profiles.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

class OverrideApplier {
 public:
  OverrideApplier(LoadedRecipe& recipe, std::uint32_t layer, Diagnostics& diagnostics)
      : root_(recipe.root),
        merge_(recipe.root, layer, true, recipe.notes),
        diagnostics_(diagnostics) {}

  void apply(Override override) {
    line_ = override.value.key_position.line;
    document_ = override.value.document;
    const std::string& first = override.path.front().text;
    if (first == "extends" || first == "profile") {
      fail(override.path.front(), fmt::format("'{}' cannot be overridden", first));
      return;
    }
    const auto path = path_through_tables(override.path, root_, *document_, line_, diagnostics_);
    if (path) {
      lay(*path, std::move(override.value));
    }
  }

 private:
  void fail(const OverridePart& part, std::string_view message) {
    diagnostics_.error(*document_, {line_, part.column}, message);
  }

  // Nothing is there to be taken away, and no table shall be made for that. A baseline that has no
  // such table inherits the section of the recipe, and a mark takes a key of that away.
  bool lacks_table_for(const RecipeValue& at, const OverridePath& path, std::size_t part) const {
    const bool inherits = part == 1 && path.front().text == "baseline";
    return at.kind == NodeKind::table && part + 1 < path.size() && !inherits &&
           at.find(path[part].text) == nullptr;
  }

  // Lists are walked, since a merge would replace them; what lies behind the last one merges.
  void lay(const OverridePath& path, RecipeValue value) {
    RecipeValue* base = &root_;
    std::size_t base_parts = 0;
    RecipeValue* at = &root_;
    for (std::size_t i = 0; i < path.size() && at != nullptr; ++i) {
      if (is_unset_mark(value) && lacks_table_for(*at, path, i)) {
        return;
      }
      if (at->kind == NodeKind::array) {
        at = find_element(*at, path[i]);
        if (at == nullptr) {
          return;
        }
        base = at;
        base_parts = i + 1;
      } else if (at->kind == NodeKind::table) {
        at = at->find(path[i].text);
      } else {
        return fail(path[i], fmt::format("'{}' is {}; it has no '{}'", at->key, to_string(at->kind),
                                         path[i].text));
      }
    }
    lay_behind(*base, path, base_parts, std::move(value));
  }

  void lay_behind(RecipeValue& base, const OverridePath& path, std::size_t base_parts,
                  RecipeValue value) {
    if (base_parts == path.size() && is_unset_mark(value)) {
      base.removed = true;
      return;
    }
    for (std::size_t i = path.size(); i-- > base_parts;) {
      RecipeValue table = table_at(path[i]);
      value.key = path[i].text;
      table.children.push_back(std::move(value));
      value = std::move(table);
    }
    value.key.clear();
    base_parts == 0 ? merge_.lay_on_root(std::move(value))
                    : merge_.lay_on(base, dotted(path, base_parts), std::move(value));
  }

  RecipeValue table_at(const OverridePart& part) const {
    RecipeValue table;
    table.kind = NodeKind::table;
    table.document = document_;
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
  Merge merge_;
  Diagnostics& diagnostics_;
  const Document* document_ = nullptr;
  std::uint32_t line_ = 0;
};

void erase_removed(RecipeValue& value) {
  std::erase_if(value.children, [](const RecipeValue& child) { return child.removed; });
  for (RecipeValue& child : value.children) {
    erase_removed(child);
  }
}

std::vector<Override> read_overrides(const Edits& edits, const EditLines& lines,
                                     Diagnostics& diagnostics) {
  std::vector<Override> overrides;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    std::optional<Override> one;
    if (edits[i].kind == Edit::Kind::set) {
      one = read_set(lines.of(i), lines.line(i), diagnostics);
    } else if (edits[i].kind == Edit::Kind::unset) {
      one = read_unset(lines.of(i), lines.line(i), diagnostics);
    }
    if (one) {
      overrides.push_back(std::move(*one));
    }
  }
  // A swapped component comes first: the parameters set beside it are meant for the new one.
  std::stable_partition(overrides.begin(), overrides.end(), [](const Override& override) {
    return override.path.back().text == "use";
  });
  return overrides;
}

}  // namespace

void apply_edits(LoadedRecipe& recipe, const Edits& edits) {
  if (edits.empty()) {
    return;
  }
  const EditLines lines(edits, recipe);
  Diagnostics diagnostics;
  const std::uint32_t layer =
      lay_profiles(recipe, lines.profiles(), lines.profile_count(), diagnostics);
  OverrideApplier applier(recipe, layer, diagnostics);
  for (Override& override : read_overrides(edits, lines, diagnostics)) {
    applier.apply(std::move(override));
  }
  erase_removed(recipe.root);
  diagnostics.throw_if_any();
}

}  // namespace imbrex::recipe
