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
  std::string key;                     // empty in an array
  const Document* document = nullptr;  // outlives the value
  SourcePosition position;
  SourcePosition key_position;
  std::string text;
  std::int64_t integer = 0;
  std::optional<double> real;  // of an integer too, when exactly representable
  bool boolean = false;
  // Written for a component that a later `use` replaced: not a mistake when the new one has no such
  // parameter.
  bool inherited = false;
  std::vector<RecipeValue> children;  // of a table (in file order) or an array

  // Null when this is no table or has no such key.
  RecipeValue* find(std::string_view name) noexcept;
  const RecipeValue* find(std::string_view name) const noexcept;
};

RecipeValue recipe_value_of(const Document& document, const DocumentNode& node);

// Lays `over` on `base`: tables merge key by key, anything else (arrays too) is replaced. Where the
// `use` of a component changes, its other parameters become `inherited`.
void merge(RecipeValue& base, RecipeValue over);

void complain(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message);
void complain_at_key(Diagnostics& diagnostics, const RecipeValue& value, std::string_view message);

// "; did you mean 'x'?", or empty.
std::string did_you_mean(std::string_view given, std::span<const std::string_view> known);

}  // namespace imbrex::recipe
