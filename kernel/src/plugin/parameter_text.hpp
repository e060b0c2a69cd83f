// Parameters as people read them; everything comes from the schema (design rule 6).
#pragma once

#include <imbrex/plugin/params.hpp>

#include <string>

namespace imbrex::plugin {

std::string type_text(ParamType type);
// As it would be written in a recipe; "required" values have no default and give "-".
std::string value_text(const ParamSpec& spec, const ParamValue& value);
// "1 .. 65536", ">= 0", "row | rows | block", or "".
std::string allowed_text(const ParamSpec& spec);

}  // namespace imbrex::plugin
