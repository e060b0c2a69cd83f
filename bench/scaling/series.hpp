// What grows, and how fast it may: recipes of any size, made as text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace imbrex::scaling {

// The files of one run; the recipe names the workload "workload.toml".
struct Files {
  std::string workload;  // empty: the recipe names one of the repository
  std::string recipe;
};

struct Series {
  std::string name;
  std::string unit;  // of the sizes
  std::vector<std::int64_t> sizes;
  std::function<Files(std::int64_t size)> files;
  double most_exponent = 1.2;  // of CPU seconds in size; 0: not looked at
  double most_seconds = 60;    // of the largest size, CPU
  double most_megabytes = 2048;
};

// `configs`: the folder of that name. With `long_ones` false, without sizes that take more than a
// few seconds.
std::vector<Series> all_series(const std::string& configs, bool long_ones);

}  // namespace imbrex::scaling
