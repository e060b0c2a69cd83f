// Inferences per second in figure 6 of the COMPASS paper, digitised (specification compass section
// 12).
#pragma once

#include <array>
#include <cstdint>

namespace imbrex::test {

inline constexpr std::array<std::int64_t, 5> kBatches = {1, 2, 4, 8, 16};

struct PublishedThroughputs {
  const char* network;
  const char* chip;
  std::array<double, 5> greedy;  // per batch
  std::array<double, 5> layerwise;
  std::array<double, 5> compass;
};

inline constexpr PublishedThroughputs kPublished[] = {
    {"vgg16-full",
     "compass-s",
     {41.1, 51.3, 54.1, 56.9, 57.5},
     {42.8, 56.4, 61.4, 64.3, 66.0},
     {54.7, 62.0, 69.3, 72.7, 81.2}},
    {"vgg16-full",
     "compass-m",
     {43.4, 49.0, 53.6, 56.4, 57.5},
     {50.7, 55.2, 64.3, 66.5, 71.6},
     {55.8, 77.8, 115, 122, 131}},
    {"vgg16-full",
     "compass-l",
     {40.0, 46.8, 50.2, 54.1, 55.8},
     {50.2, 56.9, 59.8, 60.3, 60.3},
     {69.3, 81.2, 121, 134, 150}},
    {"resnet18-full",
     "compass-s",
     {259, 285, 301, 309, 319},
     {351, 396, 422, 422, 428},
     {404, 541, 539, 647, 779}},
    {"resnet18-full",
     "compass-m",
     {256, 290, 312, 338, 330},
     {391, 438, 430, 417, 449},
     {430, 496, 494, 602, 776}},
    {"resnet18-full",
     "compass-l",
     {203, 430, 499, 549, 570},
     {359, 417, 433, 425, 433},
     {417, 491, 594, 676, 660}},
    {"squeezenet1.1",
     "compass-s",
     {577, 598, 605, 612, 619},
     {619, 655, 690, 704, 718},
     {929, 993, 1190, 1479, 1669}},
    {"squeezenet1.1",
     "compass-m",
     {577, 641, 605, 598, 619},
     {626, 655, 704, 711, 718},
     {1134, 1112, 1232, 1591, 1662}},
    {"squeezenet1.1",
     "compass-l",
     {563, 591, 584, 612, 584},
     {577, 634, 683, 711, 732},
     {1211, 1183, 1197, 1634, 1965}},
};

}  // namespace imbrex::test
