#include "recipe/recipe_value.hpp"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

bool changes_component(const RecipeValue& base, const RecipeValue& over) noexcept {
  const RecipeValue* const before = base.find("use");
  const RecipeValue* const after = over.find("use");
  return before != nullptr && after != nullptr && before->text != after->text;
}

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
  void add(RecipeValue child) {
    place_.emplace(child.key, table_.children.size());
    table_.children.push_back(std::move(child));
  }

 private:
  RecipeValue& table_;
  std::unordered_map<std::string, std::size_t> place_;
};

}  // namespace

RecipeValue* RecipeValue::find(std::string_view name) noexcept {
  return const_cast<RecipeValue*>(std::as_const(*this).find(name));
}

const RecipeValue* RecipeValue::find(std::string_view name) const noexcept {
  if (kind == NodeKind::table) {
    for (const RecipeValue& child : children) {
      if (child.key == name) {
        return &child;
      }
    }
  }
  return nullptr;
}

RecipeValue recipe_value_of(const Document& document, const DocumentNode& node) {
  RecipeValue value;
  value.kind = node.kind();
  value.key = node.key();
  value.document = &document;
  value.position = node.position();
  value.key_position = node.key_position();
  value.text = node.string().value_or("");
  value.integer = node.integer().value_or(0);
  value.real = node.real();
  value.boolean = node.boolean().value_or(false);
  for (std::size_t i = 0; i < node.size(); ++i) {
    value.children.push_back(recipe_value_of(document, node[i]));
  }
  return value;
}

void merge(RecipeValue& base, RecipeValue over) {
  if (base.kind != NodeKind::table || over.kind != NodeKind::table) {
    base = std::move(over);
    return;
  }
  if (changes_component(base, over)) {
    for (RecipeValue& child : base.children) {
      child.inherited = true;
    }
  }
  GrowingTable table(base);
  for (RecipeValue& child : over.children) {
    if (RecipeValue* const known = table.find(child.key)) {
      merge(*known, std::move(child));
      known->inherited = false;
    } else {
      table.add(std::move(child));
    }
  }
}

void complain(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message) {
  diagnostics.error(*value.document, value.position, message);
}

void complain_at_key(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message) {
  diagnostics.error(*value.document, value.key_position, message);
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> known) {
  const std::string_view nearest = nearest_name(given, known);
  return nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest);
}

}  // namespace imbrex::recipe
