// The --json forms of `plugins` and `describe`. Only the sources named *_json.cpp know a JSON
// library.
#pragma once

#include "plugin/registry.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::plugin {

// {"imbrex": version, "libraries": [...], "components": [...]}; ends with a newline.
std::string plugins_json(const Registry& registry);
// One component with its parameters.
std::string component_json(const Registry& registry, const Component& component);

// A default as it would be written in a recipe. Of a parameter that has one.
nlohmann::ordered_json default_json(const ParamSpec& spec, const ParamValue& value);

}  // namespace imbrex::plugin
