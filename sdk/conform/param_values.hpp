// Values that a recipe may give a parameter, by what it declares.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/plugin/param_spec.hpp>

#include <string>

namespace imbrex::conform {

// Both ends of the range (where there is none, -1 and 2^53), every choice, empty and filled lists.
void for_each_value(const ParamSpec& spec, FunctionRef<void(const ParamValue& value)> use);

// As it would stand in a recipe.
std::string text_of(const ParamSpec& spec, const ParamValue& value);

}  // namespace imbrex::conform
