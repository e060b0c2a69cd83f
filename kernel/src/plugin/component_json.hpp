// The --json forms of `plugins` and `describe`. Only the sources named *_json.cpp know a JSON
// library.
#pragma once

#include "plugin/registry.hpp"

#include <string>

namespace imbrex::plugin {

// {"imbrex": version, "libraries": [...], "components": [...]}; ends with a newline.
std::string plugins_json(const Registry& registry);
// One component with its parameters.
std::string component_json(const Registry& registry, const Component& component);

}  // namespace imbrex::plugin
