#include <imbrex/toolkit/text/figures.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace imbrex::text {
namespace {

// Four significant digits, without trailing zeros that say nothing.
std::string four_digits(double value) {
  const int before = value < 1 ? 1 : static_cast<int>(std::floor(std::log10(value))) + 1;
  return fmt::format("{:.{}f}", value, std::max(0, 4 - before));
}

}  // namespace

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

}  // namespace imbrex::text
