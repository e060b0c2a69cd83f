// An SVG picture under construction: paths, lines and texts in points, 72 to an inch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::svg {

// Coordinates are hundredths of a point: finer than any printer, and equal on every machine.
using Coordinate = std::int64_t;
inline constexpr Coordinate kPoint = 100;

struct Box {
  Coordinate left = 0;
  Coordinate top = 0;
  Coordinate width = 0;
  Coordinate height = 0;
};

// As XML asks: markup characters by name; what is not UTF-8 or not allowed in XML becomes U+FFFD.
std::string escaped(std::string_view text);

// About how wide a text is in a sans-serif font of this size, rather too wide than too narrow, for
// nobody knows the font. Characters beyond ASCII count as squares.
Coordinate text_width(std::string_view text, Coordinate font_size);

// The text, or as much of it as has room: an ellipsis stands for its middle, because names of
// layers differ at both ends.
std::string fitted(std::string_view text, Coordinate width, Coordinate font_size);

// Hundredths of a point as points, with as few decimals as it takes: 1250 is "12.5".
std::string points(Coordinate value);

// The commands of a rectangle inside the d of a path.
std::string rectangle(const Box& box);

enum class Anchor : std::uint8_t { start, middle, end };

class Drawing {
 public:
  explicit Drawing(Coordinate font_size) : font_size_(font_size) {}

  Coordinate font_size() const noexcept { return font_size_; }
  // Any of these may be CSS colours of this project's, never texts of recipes. `title` is what the
  // path stands for, for programs that show or read it; empty: none.
  void path(std::string_view commands, std::string_view fill, std::string_view title = "");
  void stroke(std::string_view commands, std::string_view colour, Coordinate width,
              std::string_view title = "");
  // At the baseline of its first letter, its middle or its last one.
  void text(Coordinate x, Coordinate baseline, std::string_view text, Anchor anchor);

  // The whole file. Its width in print is `width_mm`.
  std::string finish(double width_mm, Coordinate width, Coordinate height, std::string_view title,
                     std::string_view description) const;

 private:
  Coordinate font_size_;
  std::string body_;
};

}  // namespace imbrex::svg
