// What the parser of documents says about a text.
#pragma once

#include <imbrex/plugin/document.hpp>

#include <string>
#include <string_view>

namespace imbrex::test {

inline std::string parse_error(std::string_view text) {
  try {
    Document::parse_text(text, "recipe.toml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace imbrex::test
