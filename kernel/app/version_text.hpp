// What `imbrex --version` prints.
#pragma once

#include <string>

namespace imbrex::app {

// Version, commit (or "unknown") and compiler, a line each, without the last line's end.
std::string version_text();
// "unknown" without one.
std::string commit_text();

}  // namespace imbrex::app
