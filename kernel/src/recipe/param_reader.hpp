// One value of a recipe against one declared parameter.
#pragma once

#include "recipe/recipe_value.hpp"

#include <imbrex/plugin/params.hpp>

#include <optional>
#include <string>
#include <vector>

namespace imbrex::recipe {

// A checked value that owns what a ParamValue only views.
struct CheckedParam {
  const ParamSpec* spec = nullptr;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<NamedInteger> table;

  // Views this object.
  ParamValue view() const;
};

// Type, exactness, range, choice, existence of files. Nothing after a complaint.
std::optional<CheckedParam> check_param(const RecipeValue& value, const ParamSpec& spec,
                                        Diagnostics& diagnostics);

}  // namespace imbrex::recipe
