// The figures, and what they have in common.
#pragma once

#include "drawing.hpp"

#include <imbrex/values/result.hpp>

#include <string>
#include <string_view>

namespace imbrex::svg {

enum class Figure : std::uint8_t { gantt, floor_plan, bars };
enum class Quantity : std::uint8_t { time, units, mac_utilisation };

struct Options {
  Figure figure = Figure::gantt;
  double width_mm = 84;
  double height_mm = 0;  // of a Gantt chart or bars at most, when not 0; 0: as many as rows need
  double font_pt = 7;
  Quantity quantity = Quantity::time;  // bars
  std::int64_t segment = -1;           // floor plan; -1: the one that takes longest
};

// Equal results give equal texts. [any thread]
std::string gantt(const Result& result, const Options& options);
std::string floor_plan(const Result& result, const Options& options);
std::string bars(const Result& result, const Options& options);

// Okabe and Ito's seven, which people with any colour vision tell apart, in an order in which
// neighbours differ in lightness as well; then again from the first. Black stays for lines.
std::string_view colour(std::size_t number) noexcept;
// What lines are drawn on: the same seven half way to white, then as they are.
std::string_view ground(std::size_t number) noexcept;

// A length of the options in hundredths of a point.
Coordinate from_mm(double length_mm) noexcept;
Coordinate from_pt(double length_pt) noexcept;

}  // namespace imbrex::svg
