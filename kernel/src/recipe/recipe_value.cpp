#include "recipe/recipe_value.hpp"

#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {

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

bool is_unset_mark(const RecipeValue& value) noexcept {
  return value.kind == NodeKind::table && value.children.size() == 1 &&
         value.children.front().key == "unset" &&
         value.children.front().kind == NodeKind::boolean && value.children.front().boolean;
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
