// Times as people read them.
#pragma once

#include <array>
#include <string_view>

namespace imbrex::app {

struct TimeUnit {
  double picoseconds;
  std::string_view name;
};

// The largest unit that leaves at least one before the point.
inline TimeUnit time_unit_for(double time_ps) {
  constexpr std::array kUnits = {TimeUnit{1e12, "s"}, TimeUnit{1e9, "ms"}, TimeUnit{1e6, "us"},
                                 TimeUnit{1e3, "ns"}, TimeUnit{1, "ps"}};
  for (const TimeUnit& unit : kUnits) {
    if (time_ps >= unit.picoseconds) {
      return unit;
    }
  }
  return kUnits.back();
}

}  // namespace imbrex::app
