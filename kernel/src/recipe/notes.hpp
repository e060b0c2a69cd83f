// What the reader of a recipe tells without refusing it: things that it decided, and things that
// somebody asked for in vain.
#pragma once

#include <imbrex/plugin/document.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

// Texts like those of diagnostics: "file:line:col: note: ...", the source line, a caret.
using Notes = std::vector<std::string>;

// `word`: "note" for a decision, "warning" for what is probably a mistake.
void tell(Notes& notes, std::string_view word, const Document& document, SourcePosition position,
          std::string_view message);

}  // namespace imbrex::recipe
