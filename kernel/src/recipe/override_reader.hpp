#pragma once

#include "recipe/recipe_value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::recipe {

struct OverridePart {
  std::string text;
  std::uint32_t column = 0;  // 1-based, in the override
};

// One `--set PATH=VALUE`, cut up.
struct Override {
  std::vector<OverridePart> path;
  RecipeValue value;
};

// Reads line `line` of the document that holds all overrides. Nothing after a complaint.
std::optional<Override> read_override(const Document& document, std::uint32_t line,
                                      Diagnostics& diagnostics);

}  // namespace imbrex::recipe
