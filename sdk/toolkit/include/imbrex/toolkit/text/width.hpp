// Columns that a text takes on a terminal: letters of some scripts and pictographs take two,
// accents that join a letter none. Texts hold no escape sequences; colours come after the fitting.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::text {

// Control characters take none. What is no UTF-8 is counted somehow and does no harm. O(length).
// [any thread]
std::size_t width(std::string_view text) noexcept;

// The longest beginning, and the longest end, of at most so many columns; letters keep their
// accents.
std::string_view head(std::string_view text, std::size_t columns) noexcept;
std::string_view tail(std::string_view text, std::size_t columns);

// Filled up with blanks to so many columns, at the right or at the left; longer texts stay.
std::string padded(std::string_view text, std::size_t columns);
std::string padded_left(std::string_view text, std::size_t columns);

// Exactly so many columns: filled up, or cut in the middle, where `mark` (one column) is put.
// Names of one network differ at their ends as often as at their beginnings.
std::string fitted(std::string_view text, std::size_t columns, std::string_view mark);

// Lines of at most so many columns, broken at blanks; a word that is longer is broken anywhere, and
// a letter wider than a line has a line of its own. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace imbrex::text
