// What a registry says of components that it does not have, told of its search path.
#pragma once

#include "plugin/registry.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::plugin {

// "in 'FOLDER', 'FOLDER'": where it looks for libraries, in order of precedence.
std::string places_text(const PluginSearchPath& path);

// With the nearest name; where none is near, with `places` and how to name others.
std::string missing_component_text(const Registry& registry, std::string_view id,
                                   const std::string& places);

}  // namespace imbrex::plugin
