// Columns that line up: the one way lists are printed.
#pragma once

#include <imbrex/toolkit/text/style.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::text {

class Table {
 public:
  // `alignment`: for each column from the first one on 'l' (texts), 'L' (names, which are never
  // wrapped) or 'r' (numbers, neither); columns behind its end are 'l'.
  explicit Table(std::vector<std::string> header, std::string_view alignment = "");
  // As many cells as the header has.
  void row(std::vector<std::string> cells);
  // What is said about the last row, in a paragraph below it, four blanks further to the right.
  void below(std::string paragraph);

  // Two blanks between columns, none at the end of a line, `indent` blanks before every line. On a
  // terminal that is too narrow, texts are wrapped; when that is not enough,
  // the columns are printed in several bands, each of which begins with the first one.
  std::string text(const Style& style, std::size_t indent) const;
  std::string text(std::size_t indent = 0) const { return text(Style{}, indent); }

 private:
  // Columns side by side, and the width that each of them has.
  struct Band {
    std::vector<std::size_t> columns;
    std::vector<std::size_t> widths;
  };
  char alignment(std::size_t column) const noexcept;
  // A column as wide as its widest cell, and as narrow as it may be wrapped.
  std::size_t natural(std::size_t column) const;
  std::size_t narrowest(std::size_t column) const;
  std::vector<Band> bands(std::size_t room) const;
  void fit(Band& band, std::size_t room) const;
  std::string row_text(const Band& band, const std::vector<std::string>& row,
                       std::size_t indent) const;

  std::string alignment_;
  std::vector<std::vector<std::string>> rows_;  // the header first
  std::map<std::size_t, std::string> below_;    // of rows
};

}  // namespace imbrex::text
