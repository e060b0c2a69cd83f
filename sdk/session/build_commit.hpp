// Which sources the library was built of.
#pragma once

#include <string>

namespace imbrex::session {

// "unknown" outside a clone.
std::string build_commit();

}  // namespace imbrex::session
