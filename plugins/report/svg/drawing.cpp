#include "drawing.hpp"

#include "characters.hpp"

#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace imbrex::svg {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// Per cent of the font's size, of DejaVu Sans, the widest of the usual ones.
Coordinate character_percent(const Character& character) {
  if (character.code >= 0x80 || character.code == 0) {
    return 100;
  }
  const char c = static_cast<char>(character.code);
  if (std::string_view("ijl.,:;'|!()[]ft /I-").find(c) != std::string_view::npos) {
    return 41;
  }
  if (std::string_view("mwMW@%").find(c) != std::string_view::npos) {
    return 100;
  }
  return c >= 'A' && c <= 'Z' ? 74 : 64;
}

std::string titled(std::string_view title) {
  return title.empty() ? "/>\n" : fmt::format("><title>{}</title></path>\n", escaped(title));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character character = take_character(text);
    switch (character.code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += is_allowed_in_xml(character) ? character.bytes : kReplacement;
    }
  }
  return out;
}

Coordinate text_width(std::string_view text, Coordinate font_size) {
  Coordinate percent = 0;
  while (!text.empty()) {
    percent += character_percent(take_character(text));
  }
  return percent * font_size / 100;
}

std::string fitted(std::string_view text, Coordinate width, Coordinate font_size) {
  if (text_width(text, font_size) <= width) {
    return std::string(text);
  }
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    characters.push_back(take_character(text).bytes);
  }
  std::string front;
  std::string back;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const bool at_front = i % 2 == 0;
    const std::string_view next =
        at_front ? characters[i / 2] : characters[characters.size() - 1 - i / 2];
    if (text_width(front + back + std::string(next), font_size) + font_size > width) {
      break;
    }
    front += at_front ? next : "";
    back = (at_front ? "" : std::string(next)) + back;
  }
  return front + std::string(kEllipsis) + back;
}

std::string points(Coordinate value) {
  const std::string_view sign = value < 0 ? "-" : "";
  const Coordinate size = value < 0 ? -value : value;
  std::string text = fmt::format("{}{}.{:02}", sign, size / kPoint, size % kPoint);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text;
}

std::string rectangle(const Box& box) {
  return fmt::format("M{} {}h{}v{}h{}z", points(box.left), points(box.top), points(box.width),
                     points(box.height), points(-box.width));
}

void Drawing::path(std::string_view commands, std::string_view fill, std::string_view title) {
  fmt::format_to(std::back_inserter(body_), R"(<path fill="{}" d="{}"{})", fill, commands,
                 titled(title));
}

void Drawing::stroke(std::string_view commands, std::string_view colour, Coordinate width,
                     std::string_view title) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<path fill="none" stroke="{}" stroke-width="{}" d="{}"{})", colour,
                 points(width), commands, titled(title));
}

void Drawing::text(Coordinate x, Coordinate baseline, std::string_view text, Anchor anchor) {
  constexpr std::string_view kNames[] = {"start", "middle", "end"};
  fmt::format_to(std::back_inserter(body_), R"(<text x="{}" y="{}" text-anchor="{}">{}</text>)",
                 points(x), points(baseline), kNames[static_cast<std::size_t>(anchor)],
                 escaped(text));
  body_ += '\n';
}

std::string Drawing::finish(double width_mm, Coordinate width, Coordinate height,
                            std::string_view title, std::string_view description) const {
  const double height_mm = width_mm * static_cast<double>(height) / static_cast<double>(width);
  return fmt::format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{}mm" height="{:.3f}mm" )"
             R"(viewBox="0 0 {} {}" font-family="sans-serif" font-size="{}" fill="#000" )"
             // Its letters are black, also on a dark page.
             R"(style="background:#fff">)",
             width_mm, height_mm, points(width), points(height), points(font_size_)) +
         fmt::format("\n<title>{}</title>\n<desc>{}</desc>\n", escaped(title),
                     escaped(description)) +
         body_ + "</svg>\n";
}

}  // namespace imbrex::svg
