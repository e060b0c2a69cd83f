// One line on a terminal that says how far a sweep is and how long it will take.
#pragma once

#include "experiment/sweep.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace imbrex::app {

class SweepProgress final : public experiment::SweepListener {
 public:
  // Says nothing when asked to be quiet, or when stderr is no terminal. `about` comes first:
  // "generation 3: ".
  explicit SweepProgress(bool quiet, std::string about = {});

  void ended(const experiment::PointRecord& record, std::size_t over, std::size_t tasks) override;
  bool stop() override;
  void clear() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool shown_;
  std::string about_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
  std::size_t infeasible_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace imbrex::app
