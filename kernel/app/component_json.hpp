// File: component_json.hpp
//
// The --json forms of `plugins` and `describe`. The command's only source with a JSON library is
// component_json.cpp.
#pragma once

#include "plugin/registry.hpp"

#include <string>

namespace imbrex::app {

// {"imbrex": version, "libraries": [...], "components": [...]}; ends with a newline.
std::string plugins_json(const Registry& registry);
// One component with its parameters.
std::string component_json(const Registry& registry, const Component& component);

}  // namespace imbrex::app
