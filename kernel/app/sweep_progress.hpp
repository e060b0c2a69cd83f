// One line that says how far a sweep is and how long it will take.
#pragma once

#include "experiment/sweep.hpp"
#include "plugin/status_line.hpp"
#include "progress_json.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace imbrex::app {

class SweepProgress final : public experiment::SweepListener {
 public:
  // `about` comes first in a line for people: "generation 3: ".
  explicit SweepProgress(plugin::ProgressMode mode, std::string about = {});

  void ended(const experiment::PointRecord& record, std::size_t over, std::size_t tasks) override;
  bool stop() override;
  void clear() { line_.erase(); }

 private:
  using Clock = std::chrono::steady_clock;

  plugin::StatusLine line_;
  std::string about_;
  Clock::time_point start_ = Clock::now();
  SweepCount count_;
};

}  // namespace imbrex::app
