// Which build of a library or of the executable is running.
#pragma once

#include <string>

namespace imbrex::app {

// The GNU build id of the library or executable that holds `function`: the digest that the linker
// made of what it linked, hexadecimal. Empty when it has none. [any thread; cost: its notes]
std::string build_id_of(const void* function);

}  // namespace imbrex::app
