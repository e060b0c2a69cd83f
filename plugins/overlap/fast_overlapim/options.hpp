#pragma once

#include <cstdint>

namespace imbrex::overlapim {

// How ready steps are found, and what a job needs where strides or dilations leave holes.
enum class Method : std::uint8_t { automatic, digit_walk, tables, separable };
enum class Holes : std::uint8_t { box, exact };

struct Options {
  Method method = Method::automatic;
  Holes holes = Holes::box;
};

}  // namespace imbrex::overlapim
