#include "recipe/merge.hpp"

#include "recipe/load_recipe.hpp"
#include "recipe/recipe_keys.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

// Finds the children of a table that grows at its end. Looking at each of them for each key of
// another table is fine for the tables of people, not for two of a hundred thousand keys.
class GrowingTable {
 public:
  explicit GrowingTable(RecipeValue& table) : table_(table) {
    for (std::size_t i = 0; i < table.children.size(); ++i) {
      place_.emplace(table.children[i].key, i);
    }
  }
  RecipeValue* find(const std::string& key) {
    const auto found = place_.find(key);
    return found == place_.end() ? nullptr : &table_.children[found->second];
  }
  RecipeValue& add(RecipeValue child) {
    place_.emplace(child.key, table_.children.size());
    return table_.children.emplace_back(std::move(child));
  }

 private:
  RecipeValue& table_;
  std::unordered_map<std::string, std::size_t> place_;
};

// Where a value stands, without what it is.
RecipeValue head_of(const RecipeValue& value) {
  RecipeValue head;
  head.key = value.key;
  head.document = value.document;
  head.position = value.position;
  head.key_position = value.key_position;
  return head;
}

std::string_view id_of(const RecipeValue& table) noexcept {
  const RecipeValue* const use = table.find("use");
  return use != nullptr && use->kind == NodeKind::string ? std::string_view(use->text)
                                                         : std::string_view();
}

// Whether two texts say the same: as words, and as paths should they be some.
bool says_the_same(const RecipeValue& a, const RecipeValue& b) {
  if (a.kind != NodeKind::string || b.kind != NodeKind::string) {
    return false;
  }
  if (a.key == "use" || a.document->file_name() == b.document->file_name()) {
    return a.text == b.text;
  }
  return fs::path(a.text).filename() == fs::path(b.text).filename() &&
         absolute_path(a, a.text) == absolute_path(b, b.text);
}

// Another vendor's component of the same kind and name stands in for it, with the same parameters.
// A parameter that it does not have is told as any other.
bool takes_parameters_over(std::string_view after, std::string_view before) noexcept {
  const auto without_vendor = [](std::string_view id) {
    return id.substr(std::min(id.find('.'), id.size()));
  };
  return after == before ||
         (without_vendor(after) == without_vendor(before) && !without_vendor(after).empty());
}

}  // namespace

Merge::Place Merge::inside(Place place, std::string_view key) noexcept {
  if (place == Place::root && key == "baseline") {
    return Place::baseline;
  }
  const bool overlays = place == Place::baseline && (key == "architecture" || key == "cost");
  return overlays ? Place::overlay : Place::elsewhere;
}

void Merge::lay_on_root(RecipeValue over) {
  drop_overlay(over, "architecture");
  drop_overlay(over, "cost");
  path_.clear();
  lay(root_, std::move(over), Place::root);
}

void Merge::lay_on(RecipeValue& base, std::string_view path, RecipeValue over) {
  path_ = path;
  lay(base, std::move(over), Place::elsewhere);
}

void Merge::lay(RecipeValue& base, RecipeValue over, Place place) {
  if (over.kind != NodeKind::table) {
    replace(base, std::move(over));
    return;
  }
  if (base.kind != NodeKind::table || is_unset_mark(base)) {
    base = head_of(over);
    base.kind = NodeKind::table;
  }
  drop_replaced(base, over, place);
  GrowingTable table(base);
  bool erases = false;
  for (RecipeValue& child : over.children) {
    RecipeValue* const known = table.find(child.key);
    if (!is_unset_mark(child)) {
      RecipeValue& laid = known != nullptr ? *known : table.add(head_of(child));
      lay_child(laid, std::move(child), place);
    } else if (has_to_go(known, child, place)) {
      known->kind = NodeKind::none;
      erases = true;
    } else if (known == nullptr && place == Place::overlay) {
      table.add(std::move(child));
    }
  }
  if (erases) {
    std::erase_if(base.children,
                  [](const RecipeValue& child) { return child.kind == NodeKind::none; });
  }
}

void Merge::lay_child(RecipeValue& child, RecipeValue over, Place place) {
  const std::size_t length = path_.size();
  path_.append(length == 0 ? "" : ".").append(over.key);
  const Place inner = inside(place, over.key);
  lay(child, std::move(over), inner);
  path_.resize(length);
}

// A list is new as a whole: there is nothing below its tables.
void Merge::lay_elements(RecipeValue& array) {
  for (RecipeValue& element : array.children) {
    RecipeValue laid = head_of(element);
    lay(laid, std::move(element), Place::elsewhere);
    element = std::move(laid);
  }
}

void Merge::replace(RecipeValue& base, RecipeValue over) {
  const std::uint32_t changed =
      base.kind == over.kind && says_the_same(base, over) ? base.changed : layer_;
  over.key = base.key;
  base = std::move(over);
  base.stated = layer_;
  base.changed = changed;
  if (base.kind == NodeKind::array) {
    lay_elements(base);
  }
}

bool Merge::has_to_go(const RecipeValue* known, const RecipeValue& mark, Place place) {
  if (known != nullptr && !is_unset_mark(*known)) {
    return true;
  }
  // Overrides are looked at together, when it is known what all of them do (vain_edits.hpp).
  if (known == nullptr && place != Place::overlay && !tell_drops_) {
    tell(notes_, "warning", *mark.document, mark.key_position,
         fmt::format("there is no '{}{}{}' to unset", path_, path_.empty() ? "" : ".", mark.key));
  }
  return false;
}

void Merge::drop_replaced(RecipeValue& base, const RecipeValue& over, Place place) {
  const RecipeValue* const use = over.find("use");
  std::string before(id_of(base));
  if (before.empty() && place == Place::overlay) {
    const RecipeValue* const section = root_.find(path_.substr(path_.find('.') + 1));
    before = section != nullptr ? id_of(*section) : std::string_view();
  }
  if (use != nullptr && use->kind == NodeKind::string && !before.empty() &&
      !takes_parameters_over(use->text, before)) {
    drop(base, before, *use);
  }
}

void Merge::drop_overlay(const RecipeValue& over, std::string_view section) {
  const RecipeValue* const main = root_.find(section);
  const RecipeValue* const next = over.find(section);
  RecipeValue* const baseline = root_.find("baseline");
  RecipeValue* const overlay = baseline == nullptr ? nullptr : baseline->find(section);
  if (main == nullptr || next == nullptr || overlay == nullptr || !id_of(*overlay).empty()) {
    return;
  }
  const std::string before(id_of(*main));
  const std::string_view after = id_of(*next);
  if (!before.empty() && !after.empty() && !takes_parameters_over(after, before)) {
    path_ = fmt::format("baseline.{}", section);
    drop(*overlay, before, *next->find("use"));
  }
}

void Merge::drop(RecipeValue& table, std::string_view before, const RecipeValue& use) {
  std::string keys;
  for (const RecipeValue& child : table.children) {
    if (child.key != "use") {
      keys += (keys.empty() ? "" : ", ") + child.key;
    }
  }
  table.children.clear();
  if (tell_drops_ && !keys.empty()) {
    tell(notes_, "note", *use.document, use.position,
         fmt::format("{} replaces {}, so what {} said for that one is dropped: {}", use.text,
                     before, path_, keys));
  }
}

}  // namespace imbrex::recipe
