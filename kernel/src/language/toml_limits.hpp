// How much a TOML text may hold, checked before the TOML library sees it: the library recurses over
// nested values and over the parts of dotted keys, both when it reads and when it destroys them, so
// that a hostile text of a few kilobytes would exhaust the stack, and one of a gigabyte the memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace imbrex {

// Recipes and workload files of people stay below a hundredth of the first two and are five deep.
inline constexpr std::size_t kMaxTomlBytes = std::size_t{64} << 20;
// Keys, parts of dotted keys, headers of tables, elements of arrays.
inline constexpr std::size_t kMaxTomlValues = 1'000'000;
// Tables, arrays and parts of dotted keys, one inside the other.
inline constexpr std::size_t kMaxTomlDepth = 64;

struct TomlExcess {
  std::size_t offset = 0;  // byte where the text goes beyond a limit
  std::string message;
};

// The first place where the text goes beyond a limit; nothing for one that stays within, and for
// one that the library refuses before it gets there. Knows strings and comments, and of the grammar
// what is needed to tell keys from values: a text that is no TOML may be counted in any way behind
// its first error. O(bytes), no recursion.
std::optional<TomlExcess> toml_excess(std::string_view text);

// The same for the size of a file that is not read yet.
std::string oversized_toml(std::size_t bytes);

}  // namespace imbrex
