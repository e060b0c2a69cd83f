// Lays one layer of a recipe on those below: a recipe on the bases it extends, a profile on that,
// the overrides of the command line on everything.
//
// Tables merge key by key, anything else (arrays too) is replaced. `{ unset = true }` takes away
// what lies below. Where the `use` of a component changes, the parameters that lie below were meant
// for another component and are dropped, those of `[baseline]` that overlay it too. They stay where
// only the vendor changes: acme.search.given takes those of imbrex.search.given.
#pragma once

#include "recipe/notes.hpp"
#include "recipe/recipe_value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::recipe {

class Merge {
 public:
  // `layer` is written into all values that are laid. Who wrote a file has read what a new `use`
  // drops; who overrides a key has not, and `tell_drops` tells it. `root`: the recipe.
  Merge(RecipeValue& root, std::uint32_t layer, bool tell_drops, Notes& notes)
      : root_(root), layer_(layer), tell_drops_(tell_drops), notes_(notes) {}

  // Complexity: linear in the keys of both, on average.
  void lay_on_root(RecipeValue over);
  // On a part of the recipe that is no table of its root, e.g. one of its stages. `path` leads to
  // it, "stage.2".
  void lay_on(RecipeValue& base, std::string_view path, RecipeValue over);

 private:
  // Keys of [baseline] `architecture` and `cost` overlay a section of the recipe: there an unset
  // mark stays, when it has nothing to take away, and takes the key of that section away.
  enum class Place : std::uint8_t { root, baseline, overlay, elsewhere };

  static Place inside(Place place, std::string_view key) noexcept;
  void lay(RecipeValue& base, RecipeValue over, Place place);
  void lay_child(RecipeValue& child, RecipeValue over, Place place);
  void lay_elements(RecipeValue& array);
  void replace(RecipeValue& base, RecipeValue over);
  // Whether the mark takes `known` away; warns when there is nothing to take away.
  bool has_to_go(const RecipeValue* known, const RecipeValue& mark, Place place);
  void drop_replaced(RecipeValue& base, const RecipeValue& over, Place place);
  void drop_overlay(const RecipeValue& over, std::string_view section);
  void drop(RecipeValue& table, std::string_view before, const RecipeValue& use);

  RecipeValue& root_;
  std::uint32_t layer_;
  bool tell_drops_;
  Notes& notes_;
  std::string path_;  // of what is being laid
};

}  // namespace imbrex::recipe
