// The shipped analyzers, loaded the way the command loads them, with parameters set by name.
#pragma once

#include "built_components.hpp"

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::property {

struct AnalyzerOptions {
  JobShape shape;
  std::string implementation;      // empty: not set
  std::int64_t buffer_bytes = -1;  // -1: not set
  std::string segments = "";       // empty: not set
  std::int64_t links = -1;         // -1: not set; 0: off
};

struct Analysis {
  OverlapResult result;
  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::map<std::string, std::int64_t> statistics;
  std::map<std::string, std::string> notes;

  // The jobs as runs, or every job a run of its own.
  Timeline timeline(bool as_runs = true) const {
    Timeline timeline{result.makespan_ps, {}, {}, {}};
    for (const TimedJob& job : jobs) {
      as_runs ? timeline.jobs.add(job) : timeline.jobs.add(JobRun{job});
    }
    return timeline;
  }
};

// Parameters of jobs' shapes; whatever else `options` sets follows.
test::Settings settings_of(const AnalyzerOptions& options);

Analysis analyze(std::string_view component, const test::Settings& settings, const Design& design,
                 const Architecture& architecture, const CostModel& cost);
Analysis analyze(std::string_view component, const AnalyzerOptions& options, const Design& design,
                 const Architecture& architecture, const CostModel& cost);

}  // namespace imbrex::property
