#pragma once

#include <string>

namespace imbrex::plugin {

// Is the open file a complete shared library for this machine? Empty when it is, else the end of a
// sentence: "is not a shared library", "is truncated: ...". Asked before dlopen, because touching a
// mapped page beyond the end of a truncated file is a bus error, not a message. Reads a few hundred
// bytes; never throws on any content.
std::string elf_problem(int file_descriptor);

}  // namespace imbrex::plugin
