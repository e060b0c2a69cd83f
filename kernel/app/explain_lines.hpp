// Lines of 80 columns out of times, names and words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::app {

inline constexpr std::size_t kPageColumns = 80;

// "7.153 ms"
std::string time_text(std::int64_t time_ps);
// Words one after another; a word that is longer than a line has one of its own.
std::string filled(const std::vector<std::string>& words, std::size_t indent);
std::vector<std::string> words_of(const std::string& text);
// At most `width` code points, cut in the middle: names of one network differ at their ends as
// often as at their beginnings.
std::string shortened(const std::string& name, std::size_t width);

}  // namespace imbrex::app
