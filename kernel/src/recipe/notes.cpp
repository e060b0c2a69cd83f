#include "recipe/notes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::recipe {

// The one place that quotes lines is that of errors; only the word differs.
void tell(Notes& notes, std::string_view word, const Document& document, SourcePosition position,
          std::string_view message) {
  constexpr std::string_view error = "error: ";
  Diagnostics diagnostics;
  diagnostics.error(document, position, message);
  std::string text = diagnostics.text();
  const std::string place = position.line == 0 ? fmt::format("{}: ", document.file_name())
                                               : fmt::format("{}:{}:{}: ", document.file_name(),
                                                             position.line, position.column);
  if (text.compare(place.size(), error.size(), error) == 0) {
    text.replace(place.size(), error.size(), fmt::format("{}: ", word));
  }
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) {
    notes.push_back(std::move(text));
  }
}

}  // namespace imbrex::recipe
