// Which build of Imbrex is running.
#pragma once

#include "result/run_lock.hpp"

#include <string>

namespace imbrex::result {

// The GNU build id of the library or executable that holds `function`: the digest that the linker
// made of what it linked, hexadecimal. Empty when it has none. [any thread; cost: its notes]
std::string build_id_of(const void* function);

// Name and version of the compiler that made the engine.
std::string compiler_text();

// The libimbrex.so that was loaded, and the command or library that holds this engine. `commit`:
// whoever holds the engine knows it.
Build this_build(std::string commit);

}  // namespace imbrex::result
