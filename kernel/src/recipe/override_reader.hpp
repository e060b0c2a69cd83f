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

using OverridePath = std::vector<OverridePart>;

// One `--set PATH=VALUE` or `--unset PATH`, cut up.
struct Override {
  OverridePath path;
  RecipeValue value;  // of `--unset`: the mark of what is taken away
};

// Reads line `line` of the document that holds all of its kind. Nothing after a complaint.
std::optional<Override> read_set(const Document& document, std::uint32_t line,
                                 Diagnostics& diagnostics);
std::optional<Override> read_unset(const Document& document, std::uint32_t line,
                                   Diagnostics& diagnostics);

}  // namespace imbrex::recipe
