// Lines of 80 columns out of times, names and words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace imbrex::app {

inline constexpr std::size_t kPageColumns = 80;

// "7.153 ms"
std::string time_text(std::int64_t time_ps);
// The words of a text in indented lines; a word that is longer than a line has one of its own.
std::string filled(const std::string& text, std::size_t indent);
// At most `width` code points, cut in the middle: names of one network differ at their ends as
// often as at their beginnings.
std::string shortened(const std::string& name, std::size_t width);

}  // namespace imbrex::app
