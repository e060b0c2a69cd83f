// Words for a shell.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace imbrex::experiment {

// In quotes, whatever it holds.
inline std::string shell_word(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

// In quotes only where it must be.
inline std::string plain_shell_word(std::string_view word) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-+=/:,@%").find(c) != std::string_view::npos;
  };
  return !word.empty() && std::all_of(word.begin(), word.end(), is_plain) ? std::string(word)
                                                                          : shell_word(word);
}

}  // namespace imbrex::experiment
