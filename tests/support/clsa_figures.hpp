// The seven networks in numbers, as specification clsa-cim gives them: totals of section 8.2,
// speed-ups and utilisations (per cent) of section 9.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace imbrex::test {

struct ClsaFigures {
  const char* network;
  // Section 8.2.
  std::size_t layers;
  std::int64_t minimum_pes;
  std::int64_t work;                   // sum of PEs times cycles
  std::int64_t layer_by_layer_cycles;  // T_lbl
  // Section 9.2, in the order of its columns.
  double xinf_row, xinf_row_ut, xinf_block, xinf_pixel;
  double wdup_16, wdup_32;
  double row_16, row_16_ut, row_32, row_32_ut, block_32, pixel_32;
  double row_4, row_8;
  double min_sum_row_32, min_sum_wdup_32;
};

inline std::ostream& operator<<(std::ostream& out, const ClsaFigures& figures) {
  return out << figures.network;
}

inline constexpr ClsaFigures kClsaFigures[] = {
    {"tinyyolov3", 13,    142,   279019, 232882, 1.34,  1.13, 1.34,  1.34,  5.86, 9.60,
     17.16,        13.01, 28.89, 19.90,  29.18,  31.71, 5.23, 10.16, 24.08, 10.43},
    {"tinyyolov4", 21,    117,   217503, 113061, 2.52,  4.15, 2.46, 2.57,  2.31, 3.05,
     14.67,        21.21, 22.13, 28.57,  19.84,  27.41, 9.05, 9.05, 19.37, 3.20},
    {"vgg16", 13,    233,   464912, 137788, 2.67,  3.86, 2.62, 2.70,  2.40, 3.51,
     9.90,    13.42, 16.13, 20.54,  15.59,  18.01, 5.19, 7.58, 12.27, 3.64},
    {"vgg19", 16,    314,   528416, 141904, 2.74,  3.25, 2.67, 2.78,  2.30, 3.27,
     10.06,   11.35, 16.24, 17.48,  15.22,  18.30, 5.30, 7.73, 12.42, 3.38},
    {"resnet50", 53,   390,   124068, 58310, 4.17,  2.27,  3.88,  4.52,  1.63, 2.06,
     12.74,      6.68, 19.37, 9.77,   15.71, 31.27, 12.58, 12.58, 18.03, 2.14},
    {"resnet101", 104,  679,   180712, 68306, 4.57,  1.78,  4.00,  5.18,  1.49, 1.78,
     12.35,       4.70, 17.24, 6.42,   11.88, 31.46, 12.23, 12.23, 16.32, 1.83},
    {"resnet152", 155,  936,   252252, 85358, 5.30,  1.67,  4.42,  6.29,  1.36, 1.54,
     12.73,       3.95, 16.61, 5.07,   10.65, 33.70, 12.62, 12.62, 15.92, 1.57},
};

inline const ClsaFigures& clsa_figures(std::string_view network) {
  for (const ClsaFigures& figures : kClsaFigures) {
    if (figures.network == network) {
      return figures;
    }
  }
  throw std::invalid_argument("no figures of " + std::string(network));
}

}  // namespace imbrex::test
