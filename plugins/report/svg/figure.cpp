#include "figure.hpp"

#include <cmath>
#include <iterator>

namespace imbrex::svg {
namespace {

constexpr std::string_view kColours[] = {"#0072B2", "#E69F00", "#009E73", "#F0E442",
                                         "#D55E00", "#56B4E9", "#CC79A7"};

}  // namespace

std::string_view colour(std::size_t number) noexcept {
  return kColours[number % std::size(kColours)];
}

std::string_view ground(std::size_t number) noexcept {
  constexpr std::string_view kLighter[] = {"#80B9D9", "#F3CF80", "#80CFB9", "#F8F2A1",
                                           "#EAAF80", "#ABDAF4", "#E6BCD3"};
  constexpr std::size_t kCount = std::size(kColours);
  const std::size_t at = number % kCount;
  return number / kCount % 2 == 0 ? kLighter[at] : kColours[at];
}

Coordinate from_mm(double length_mm) noexcept {
  constexpr double kPointsPerMm = 72 / 25.4;
  return from_pt(length_mm * kPointsPerMm);
}

Coordinate from_pt(double length_pt) noexcept {
  return static_cast<Coordinate>(std::llround(length_pt * static_cast<double>(kPoint)));
}

}  // namespace imbrex::svg
