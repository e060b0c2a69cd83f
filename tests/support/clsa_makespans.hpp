// The seven networks in whole cycles, as specification clsa-cim section 9.3 gives them: sets and
// edges by rows, and makespans with the copies of bottleneck-skip. Every analyzer that claims to be
// exact on tiled CIM is held against this table.
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace imbrex::test {

inline constexpr std::array<std::int64_t, 3> kClsaExtraPes = {0, 16, 32};

struct ClsaMakespans {
  const char* network;
  std::int64_t sets;   // by rows
  std::int64_t edges;  // by rows
  // In the order of kClsaExtraPes.
  std::array<std::int64_t, 3> row;
  std::array<std::int64_t, 3> block;  // 4 x 4
  std::array<std::int64_t, 3> pixel;
};

inline std::ostream& operator<<(std::ostream& out, const ClsaMakespans& makespans) {
  return out << makespans.network;
}

inline constexpr ClsaMakespans kClsaMakespans[] = {
    {"tinyyolov3", 936, 2674, {174148, 13572, 8060}, {173820, 13724, 7980}, {173676, 12898, 7345}},
    {"tinyyolov4", 1157, 3361, {44837, 7709, 5109}, {45956, 8420, 5700}, {43945, 6749, 4125}},
    {"vgg16", 966, 2824, {51660, 13916, 8540}, {52660, 14660, 8836}, {50942, 13152, 7652}},
    {"vgg19", 1064, 3112, {51856, 14112, 8736}, {53148, 15148, 9324}, {51046, 13256, 7756}},
    {"resnet50", 1372, 3151, {13986, 4578, 3010}, {15024, 5536, 3712}, {12892, 3471, 1865}},
    {"resnet101", 2086, 7877, {14938, 5530, 3962}, {17064, 7576, 5752}, {13198, 3777, 2171}},
    {"resnet152", 2968, 15501, {16114, 6706, 5138}, {19328, 9840, 8016}, {13560, 4139, 2533}},
};

inline const ClsaMakespans& clsa_makespans(std::string_view network) {
  for (const ClsaMakespans& makespans : kClsaMakespans) {
    if (makespans.network == network) {
      return makespans;
    }
  }
  throw std::invalid_argument("no makespans of " + std::string(network));
}

}  // namespace imbrex::test
