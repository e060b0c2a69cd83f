// Texts of any length, for limits.
#pragma once

#include <string>
#include <string_view>

namespace imbrex::test {

inline std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

}  // namespace imbrex::test
