// How numbers, bars and emphasis look on the terminal at hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::terminal {

// What the terminal can show. Text that goes to a file or pipe gets plain ASCII.
struct Style {
  bool unicode = false;
  bool colour = false;
  std::size_t columns = 80;
};

// `columns` 0: not a terminal. Obeys NO_COLOR, TERM=dumb and the locale's character set.
Style detect_style(int columns);

std::string bold(const Style& style, std::string_view text);
// A bar of at most `width` columns for a share in [0, 1].
std::string bar(const Style& style, double share, std::size_t width);
// 10041360000 -> "10.04 ms". Four significant digits, the largest unit that keeps them before the
// point.
std::string duration(std::int64_t time_ps);
// 2920000000 -> "2.92 G".
std::string magnitude(double value);
// Fills up, or cuts and marks the cut; counts code points.
std::string fit(const Style& style, std::string_view text, std::size_t width);

}  // namespace imbrex::terminal
