#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::test {

// Everything an analyzer tells about one design.
struct Detail final : TimelineSink {
  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::vector<std::pair<std::string, std::int64_t>> statistics;
  std::vector<std::pair<std::string, std::string>> notes;

  void job(const TimedJob& timed) override { jobs.push_back(timed); }
  void segment(const SegmentTimes& times) override { segments.push_back(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    statistics.emplace_back(name, value);
  }
  void note(std::string_view name, std::string_view text) override {
    notes.emplace_back(name, text);
  }
  std::int64_t at(std::string_view name) const {
    for (const auto& [key, value] : statistics) {
      if (key == name) {
        return value;
      }
    }
    throw std::out_of_range("no statistic " + std::string(name));
  }
  std::string note_at(std::string_view name) const {
    for (const auto& [key, text] : notes) {
      if (key == name) {
        return text;
      }
    }
    return {};
  }
};

}  // namespace imbrex::test
