// What a terminal can show, and emphasis on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::text {

// Text that goes to a file or pipe gets plain ASCII and is not wrapped.
struct Style {
  bool unicode = false;
  bool colour = false;
  std::size_t columns = 80;
  bool is_terminal = false;
};

// Columns of the terminal that an open file is; 0: it is none.
int terminal_columns(int file) noexcept;

// `columns` 0: not a terminal. Obeys NO_COLOR, TERM=dumb and the locale's character set; a terminal
// narrower than 40 columns counts as one of 40.
Style detect_style(int columns);
// Of STDOUT_FILENO, say.
Style style_of_file(int file);

// What a text is rather than which colour it has.
enum class Paint : std::uint8_t { strong, faint, error, warning, note, good };
// The text itself where the style has no colour.
std::string painted(const Style& style, Paint paint, std::string_view text);

// One column that says that something was left out.
std::string_view cut_mark(const Style& style) noexcept;

}  // namespace imbrex::text
