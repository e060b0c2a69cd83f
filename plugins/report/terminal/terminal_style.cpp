#include "terminal_style.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// POSIX: the first of these that is set decides.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(environment(name));
    if (value.empty()) {
      continue;
    }
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

bool continues_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

// Bytes of the first `count` code points.
std::size_t prefix_bytes(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!continues_code_point(text[at]) && count-- == 0) {
      break;
    }
  }
  return at;
}

// Four significant digits, without trailing zeros that say nothing.
std::string four_digits(double value) {
  const int before = value < 1 ? 1 : static_cast<int>(std::floor(std::log10(value))) + 1;
  return fmt::format("{:.{}f}", value, std::max(0, 4 - before));
}

}  // namespace

Style detect_style(int columns) {
  Style style;
  if (columns <= 0) {
    return style;
  }
  constexpr int kNarrowest = 40;
  style.columns = static_cast<std::size_t>(std::max(columns, kNarrowest));
  style.unicode = locale_is_utf8();
  style.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  return style;
}

std::string bold(const Style& style, std::string_view text) {
  return style.colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string bar(const Style& style, double share, std::size_t width) {
  const double clamped = std::clamp(share, 0.0, 1.0);
  if (!style.unicode) {
    const auto filled = static_cast<std::size_t>(std::lround(clamped * static_cast<double>(width)));
    return std::string(filled, '#') + std::string(width - filled, ' ');
  }
  // Eighths of a column.
  constexpr std::array<std::string_view, 8> kParts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths =
      static_cast<std::size_t>(std::lround(clamped * static_cast<double>(width) * 8.0));
  std::string out;
  for (std::size_t i = 0; i < eighths / 8; ++i) {
    out += "█";
  }
  out += kParts[eighths % 8];
  const std::size_t used = eighths / 8 + (eighths % 8 != 0 ? 1 : 0);
  return out + std::string(width - used, ' ');
}

std::string duration(std::int64_t time_ps) {
  constexpr std::array<std::string_view, 5> kUnits = {"ps", "ns", "us", "ms", "s"};
  double value = static_cast<double>(time_ps);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} ps", time_ps)
                   : fmt::format("{} {}", four_digits(value), kUnits[unit]);
}

std::string magnitude(double value) {
  constexpr std::array<std::string_view, 6> kPrefixes = {"", "k", "M", "G", "T", "P"};
  std::size_t prefix = 0;
  while (value >= 1000 && prefix + 1 < kPrefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  return fmt::format("{:.4g} {}", value, kPrefixes[prefix]);
}

std::string fit(const Style& style, std::string_view text, std::size_t width) {
  const auto length = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_code_point(c); }));
  if (length <= width) {
    return std::string(text) + std::string(width - length, ' ');
  }
  const std::string_view mark = style.unicode ? "…" : "~";
  // Names of one network differ at their ends as often as at their beginnings.
  const std::size_t tail = (width - 1) / 2;
  const std::size_t head = width - 1 - tail;
  return fmt::format("{}{}{}", text.substr(0, prefix_bytes(text, head)), mark,
                     text.substr(prefix_bytes(text, length - tail)));
}

}  // namespace imbrex::terminal
