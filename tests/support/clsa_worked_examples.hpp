// The two networks of specification clsa-cim section 11 and their schedules, which were worked out
// by hand there. One output position takes one unit of time on one copy.
#pragma once

#include "layers.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

// Section 11.2: A and B, both 3 x 3 on 4 x 4 positions; 1 and 6 crossbars as the channels are.
inline Workload worked_chain(std::int64_t channels_a = 64, std::int64_t channels_b = 300) {
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(16, 4, 4)), convolution(channels_a, 3));
  builder.convolution("B", a, convolution(channels_b, 3));
  return builder.finish();
}

// Section 11.3: A 3 x 3 on 8 x 8 positions, pooled by 2 x 2, B 3 x 3 and C 1 x 1 beside each other,
// D 1 x 1 on their sum; 1, 3, 1 and 1 crossbars.
inline Workload worked_branches() {
  WorkloadBuilder builder("branches");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(16, 8, 8)), convolution(64, 3));
  Window window;
  window.kernel = window.stride = {2, 2};
  const TensorId pooled = builder.pool("P", a, window);
  const TensorId operands[] = {builder.convolution("B", pooled, convolution(64, 3)),
                               builder.convolution("C", pooled, convolution(64, 1))};
  builder.convolution("D", builder.elementwise("sum", operands), convolution(64, 1));
  return builder.finish();
}

// (start, end) of the jobs of an operator by row of its output.
using JobTimes = std::vector<std::pair<std::int64_t, std::int64_t>>;

struct WorkedSchedule {
  std::int64_t makespan;
  std::map<std::string, JobTimes> times;  // by the name of the operator
};

inline const WorkedSchedule& worked_chain_by_rows() {
  static const WorkedSchedule schedule{
      24,
      {{"A", {{0, 4}, {4, 8}, {8, 12}, {12, 16}}}, {"B", {{8, 12}, {12, 16}, {16, 20}, {20, 24}}}}};
  return schedule;
}
inline const WorkedSchedule& worked_chain_with_two_copies() {
  static const WorkedSchedule schedule{
      20, {{"A", {{0, 4}, {0, 4}, {4, 8}, {4, 8}}}, {"B", {{4, 8}, {8, 12}, {12, 16}, {16, 20}}}}};
  return schedule;
}
inline const WorkedSchedule& worked_branches_by_rows() {
  static const WorkedSchedule schedule{76,
                                       {{"C", {{16, 20}, {32, 36}, {48, 52}, {64, 68}}},
                                        {"B", {{32, 36}, {48, 52}, {64, 68}, {68, 72}}},
                                        {"D", {{36, 40}, {52, 56}, {68, 72}, {72, 76}}}}};
  return schedule;
}
// Two copies of A, rows dealt in turn.
inline const WorkedSchedule& worked_branches_with_two_copies() {
  static const WorkedSchedule schedule{44,
                                       {{"C", {{8, 12}, {16, 20}, {24, 28}, {32, 36}}},
                                        {"B", {{16, 20}, {24, 28}, {32, 36}, {36, 40}}},
                                        {"D", {{20, 24}, {28, 32}, {36, 40}, {40, 44}}}}};
  return schedule;
}
// Two copies of A, each on a strip of rows.
inline const WorkedSchedule& worked_branches_on_strips() {
  static const WorkedSchedule schedule{52,
                                       {{"C", {{16, 20}, {32, 36}, {36, 40}, {40, 44}}},
                                        {"B", {{32, 36}, {36, 40}, {40, 44}, {44, 48}}},
                                        {"D", {{36, 40}, {40, 44}, {44, 48}, {48, 52}}}}};
  return schedule;
}

}  // namespace imbrex::test
