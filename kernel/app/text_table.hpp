// Columns that line up: the one way the command prints lists.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace imbrex::app {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);
  // As many cells as the header has.
  void row(std::vector<std::string> cells);
  // Two spaces between columns, no trailing blanks; `indent` blanks before every line.
  std::string text(std::size_t indent) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the header first
};

}  // namespace imbrex::app
