// What the name of a quantity tells: its unit and which way is better.
#include "experiment/point_record.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace imbrex::experiment {

std::string_view unit_of(std::string_view quantity) noexcept {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kUnits = {
      std::pair{"_ps", "ps"}, {"_pj", "pJ"},    {"_js", "J s"},
      {"_per_s", "1/s"},      {"_s", "s"},      {"_bits", "bit"},
      {"_bytes", "byte"},     {"_mm2", "mm^2"}, {"_percent", "%"},
      {"_hz", "Hz"},          {"speedup", "x"}};
  for (const auto& [ending, unit] : kUnits) {
    if (quantity.ends_with(ending)) {
      return unit;
    }
  }
  return {};
}

Direction direction_of(std::string_view quantity) noexcept {
  const std::string_view name = quantity.substr(quantity.rfind('.') + 1);
  constexpr std::array<std::string_view, 3> kLarge = {"utilisation", "speedup", "improvement"};
  constexpr std::array<std::string_view, 6> kSmall = {"_ps",   "_pj",    "_js",
                                                      "_bits", "_bytes", "_words"};
  const auto ends_name = [&](std::string_view ending) { return name.ends_with(ending); };
  if (name.ends_with("_per_s") || std::any_of(kLarge.begin(), kLarge.end(), ends_name)) {
    return Direction::more_is_better;
  }
  return std::any_of(kSmall.begin(), kSmall.end(), ends_name) ? Direction::less_is_better
                                                              : Direction::unknown;
}

}  // namespace imbrex::experiment
