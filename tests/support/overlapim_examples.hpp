// The producers of the worked examples of specification fast-overlapim section 8.
#pragma once

#include "random_nest.hpp"

namespace imbrex::test {

// 4 channels, 4 rows, 2 input channels: partial sums.
inline Mapping example_a_producer() {
  return nest({temporal(Dim::P, 2), temporal(Dim::C, 2), spatial(Dim::K, 2), temporal(Dim::K, 2)},
              {{Dim::P, 2}});
}

// 8 rows: a spatial loop outside a temporal one. Steps in which the three rows around each row are
// ready; the corners of a row's window alone would give 1, 2, 3, 0, 1, 2, 3, 3.
inline Mapping example_b_producer() {
  return nest({spatial(Dim::P, 2), temporal(Dim::P, 4)}, {});
}
inline constexpr std::int64_t kExampleBReadySteps[] = {1, 2, 3, 3, 3, 2, 3, 3};

// 4 channels, 8 rows, 4 input channels, read with a stride of 2.
inline Mapping example_d_producer() {
  return nest({temporal(Dim::C, 2), spatial(Dim::P, 2), temporal(Dim::K, 2), temporal(Dim::P, 2)},
              {{Dim::K, 2}, {Dim::P, 2}, {Dim::C, 2}});
}

}  // namespace imbrex::test
