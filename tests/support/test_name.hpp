#pragma once

#include <algorithm>
#include <cctype>
#include <string>

namespace imbrex::test {

// Names of tests hold letters, digits and underscores.
inline std::string as_test_name(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

}  // namespace imbrex::test
