// Networks layer by layer, as the tables of specification clsa-cim section 8 give them: what one
// copy of each layer takes on crossbars of 256 x 256 cells.
#pragma once

#include <cstdint>
#include <ostream>

namespace imbrex::test {

struct ClsaLayer {
  std::int64_t crossbars;
  std::int64_t cycles;  // as many as it has output positions
  friend bool operator==(const ClsaLayer&, const ClsaLayer&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const ClsaLayer& layer) {
  return out << "c=" << layer.crossbars << " t=" << layer.cycles;
}

// Section 8.1.
inline constexpr ClsaLayer kTinyYoloV4Layers[] = {
    {1, 43264}, {2, 10816}, {3, 10816}, {2, 10816}, {2, 10816}, {1, 10816}, {5, 2704},
    {3, 2704},  {3, 2704},  {1, 2704},  {9, 676},   {5, 676},   {5, 676},   {1, 676},
    {36, 169},  {2, 169},   {18, 169},  {2, 169},   {1, 169},   {14, 676},  {1, 676}};

// Section 8.2.
inline constexpr ClsaLayer kTinyYoloV3Layers[] = {
    {1, 173056}, {1, 43264}, {2, 10816}, {3, 2704}, {5, 676},  {18, 169}, {72, 169},
    {4, 169},    {18, 169},  {2, 169},   {1, 169},  {14, 676}, {1, 676}};

}  // namespace imbrex::test
