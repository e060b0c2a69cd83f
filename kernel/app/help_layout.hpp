// Help as wide as the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imbrex::app {

// What an option means, in lines beside its name.
std::string laid_out(const std::string& doc);

// Paragraphs and lists of a help text, which are laid out for wide lines, in lines of at most so
// many columns: lines of one paragraph are joined and broken anew. Examples keep their lines.
std::string reflowed(std::string_view text, std::size_t columns);
// For the terminal that stdout is; as it is where that is none, or is wide enough.
std::string reflowed(std::string_view text);

}  // namespace imbrex::app
