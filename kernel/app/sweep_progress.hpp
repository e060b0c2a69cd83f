// One line that says how far a sweep is and how long it will take.
#pragma once

#include "experiment/sweep.hpp"
#include "plugin/status_line.hpp"
#include "progress_json.hpp"

#include <chrono>
#include <cstddef>

namespace imbrex::app {

class SweepProgress final : public experiment::SweepListener {
 public:
  explicit SweepProgress(plugin::ProgressMode mode) : line_(mode) {}

  void ended(const experiment::PointRecord& record, std::size_t over, std::size_t tasks) override;
  bool stop() override;
  void clear() { line_.erase(); }

 private:
  using Clock = std::chrono::steady_clock;

  plugin::StatusLine line_;
  Clock::time_point start_ = Clock::now();
  SweepCount count_;
};

}  // namespace imbrex::app
