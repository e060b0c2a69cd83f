// 64 x 16 times 16 x 64 with the 16 channels on as many multipliers: 4096 steps, for which 65 536
// inputs and 1024 weights come through one port of the memory. By hand: words over words per cycle,
// and no less than the steps.
#pragma once

namespace imbrex::test {

struct PortRate {
  const char* words_per_cycle;
  double cycles;
};

inline constexpr PortRate kPortRates[] = {
    {"16", 4160}, {"16.5", 4096}, {"8.125", 8192}, {"6.5", 10240}, {"5", 13312}};

}  // namespace imbrex::test
