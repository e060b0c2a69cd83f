#pragma once

#include <string>

namespace imbrex::plugin {

// A C++ symbol or type name as people write it; the text itself when it is not a mangled name.
std::string demangle(const std::string& name);

}  // namespace imbrex::plugin
