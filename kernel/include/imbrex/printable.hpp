// File: printable.hpp
//
// Texts out of files, as they may reach a terminal, a report or another file. [any thread]
#pragma once

#include <imbrex/abi.hpp>

#include <string>
#include <string_view>

namespace imbrex {

// Valid UTF-8 without control characters (tabs and line ends are some), without characters that
// turn the direction of writing and without those that cannot be seen; each of these, and each byte
// that is no UTF-8, becomes '?'. Names with them could imitate
// other output; a WorkloadBuilder gives its names this form. O(n).
IMBREX_API std::string printable(std::string_view text);

}  // namespace imbrex
