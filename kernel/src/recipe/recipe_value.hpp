// A recipe on its way to being resolved: a tree like a Document's, but mutable, and composed of
// parts of several documents (a recipe, the bases it extends, the overrides of the command line).
// Every value remembers where it was written. [one thread]
#pragma once

#include <imbrex/plugin/document.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

struct RecipeValue {
  NodeKind kind = NodeKind::none;
  bool boolean = false;
  // An element that an override took out of its list; it stays until all of them are applied, so
  // that the others keep their numbers.
  bool removed = false;
  std::string key;                     // empty in an array
  const Document* document = nullptr;  // outlives the value
  SourcePosition position;
  SourcePosition key_position;
  std::string text;
  std::int64_t integer = 0;
  std::optional<double> real;  // of an integer too, when exactly representable
  // The last layer (merge.hpp) that wrote the value, and the last one that gave it another content.
  std::uint32_t stated = 0;
  std::uint32_t changed = 0;
  std::vector<RecipeValue> children;  // of a table (in file order) or an array

  // Null when this is no table or has no such key.
  RecipeValue* find(std::string_view name) noexcept;
  const RecipeValue* find(std::string_view name) const noexcept;
};

RecipeValue recipe_value_of(const Document& document, const DocumentNode& node);

// `{ unset = true }`: takes away what lies below.
bool is_unset_mark(const RecipeValue& value) noexcept;

void complain(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message);
void complain_at_key(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message);

// "; did you mean 'x'?", or empty.
std::string did_you_mean(std::string_view given, std::span<const std::string_view> known);

}  // namespace imbrex::recipe
