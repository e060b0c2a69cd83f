// How far a run or a sweep is, as one line of JSON without its end.
#pragma once

#include "plugin/progress.hpp"

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace imbrex::app {

// Runs of a sweep.
struct SweepCount {
  std::size_t over = 0;
  std::size_t runs = 0;
  std::size_t infeasible = 0;
  std::size_t failed = 0;
  double elapsed_s = 0;
  // When it goes on like this; of a count with runs that are over.
  double left_s() const noexcept {
    return elapsed_s / static_cast<double>(over) * static_cast<double>(runs - over);
  }
};

std::string progress_json(const plugin::Progress& progress);
std::string sweep_progress_json(const SweepCount& count);
// What a component reports.
std::string log_line_json(LogLevel level, std::string_view component_id, std::string_view message);

}  // namespace imbrex::app
