// Pictures of a two-dimensional array on the terminal: a character per element, or per square of
// elements where the terminal is too small; rows that repeat are drawn once.
#pragma once

#include <imbrex/toolkit/text/style.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::terminal {

// Values of the elements, row by row.
struct Grid {
  std::int32_t rows = 0;
  std::int32_t columns = 0;
  std::vector<double> values;
  double at(std::int32_t row, std::int32_t column) const noexcept {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(column)];
  }
};

// What a character stands for in a square of elements; ties: the smallest value.
enum class Squeeze : std::uint8_t { commonest, largest };
// One value per square of `side` elements; squares at the right and bottom may be smaller.
Grid squeezed(const Grid& grid, std::int32_t side, Squeeze rule);
// The upper left part.
Grid cropped(const Grid& grid, std::int32_t rows, std::int32_t columns);

// What one character looks like; `sgr` is the inside of an escape sequence, e.g. "30;41", or empty.
struct Glyph {
  std::string_view text;
  std::string_view sgr;
  friend bool operator==(const Glyph&, const Glyph&) = default;
};

std::string coloured(const text::Style& style, const Glyph& glyph);

struct Picture {
  std::string title;
  std::int32_t rows = 0;
  std::int32_t columns = 0;
  std::vector<Glyph> glyphs;  // row by row
};

// A run of equal groups of lines: lines [first, first + period), `times` times.
struct Fold {
  std::size_t first = 0;
  std::size_t period = 1;
  std::size_t times = 1;
  friend bool operator==(const Fold&, const Fold&) = default;
};
// Covers all lines in order; groups of at most eight lines.
std::vector<Fold> folds(std::span<const std::string> lines);

// Columns that a picture may have on this terminal.
std::size_t picture_columns(const text::Style& style) noexcept;
bool fit_side_by_side(const text::Style& style, std::span<const Picture> pictures) noexcept;
// Pictures of equal height, as many side by side as fit.
std::string draw(const text::Style& style, std::span<const Picture> pictures);

}  // namespace imbrex::terminal
