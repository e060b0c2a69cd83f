#include "trace_model.hpp"

#include "counters.hpp"
#include "flows.hpp"
#include "job_rows.hpp"
#include "lanes.hpp"
#include "trace_text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace imbrex::trace {
namespace {

constexpr std::int64_t kRun = 1;
// A little more than jobs take, so that the text is not moved while it grows.
constexpr std::size_t kBytesPerJob = 256;

// A slice that is no job: a part of a segment, a piece of the critical path, a whole operator.
struct Block {
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  std::string name;       // quoted
  std::string arguments;  // JSON
};

class Writer {
 public:
  Writer(const Result& result, const Options& options)
      : result_(result),
        options_(options),
        has_jobs_(static_cast<std::int64_t>(result.jobs.size()) <= options.max_jobs) {
    for (const SegmentResult& segment : result.segments) {
      segments_ = std::max<std::int64_t>(segments_, segment.times.segment + 1);
      for (const std::string& name : segment.operators) {
        segment_of_[name] = segment.times.segment;
      }
    }
    next_thread_ = first_process_behind();
  }

  std::string run() {
    out_.reserve(has_jobs_ ? result_.jobs.size() * kBytesPerJob : 0);
    out_.name_process(kRun, json_string(result_.name), "");
    write_counters();
    write_critical_path();
    write_segments();
    name_processes();
    has_jobs_ ? write_jobs() : write_operators();
    return std::move(out_).finish(about());
  }

 private:
  std::int64_t first_process_behind() const {
    const auto operators = static_cast<std::int64_t>(result_.operators.size());
    return kRun + 1 + (options_.rows == Rows::operators ? operators : segments_);
  }

  std::int64_t segment_of(const OperatorResult& op) const {
    const auto found = segment_of_.find(op.name);
    return found == segment_of_.end() ? 0 : found->second;
  }

  OperatorRows rows_of(std::size_t number) const {
    const OperatorResult& op = result_.operators[number];
    if (options_.rows == Rows::operators) {
      return {kRun + 1 + static_cast<std::int64_t>(number), json_string(op.name), ""};
    }
    return {kRun + 1 + segment_of(op), json_string(op.name), op.name + ", "};
  }

  void name_processes() {
    if (options_.rows == Rows::segments) {
      for (std::int64_t i = 0; i < segments_; ++i) {
        out_.name_process(kRun + 1 + i, json_string(fmt::format("segment {}", i)), "");
      }
      return;
    }
    for (std::size_t i = 0; i < result_.operators.size(); ++i) {
      const OperatorResult& op = result_.operators[i];
      out_.name_process(
          kRun + 1 + static_cast<std::int64_t>(i), json_string(op.name),
          json_string(fmt::format("{}, {} x {} units", op.kind, op.copies, op.units_per_copy)));
    }
  }

  void write_jobs() {
    const std::vector<FlowEnd> ends = options_.arrows ? flow_ends(result_) : std::vector<FlowEnd>();
    JobRows jobs(result_.jobs, ends, next_thread_, out_);
    for (std::size_t i = 0; i < result_.operators.size(); ++i) {
      jobs.write(result_.operators[i].id, rows_of(i));
    }
  }

  void write_operators() {
    for (std::size_t i = 0; i < result_.operators.size(); ++i) {
      const OperatorTimes& times = result_.operators[i].times;
      const OperatorRows rows = rows_of(i);
      const Lane lane{rows.process, next_thread_++};
      out_.name_lane(lane, json_string(rows.lane_prefix + "all servers"));
      write_slice(lane,
                  {times.start_ps, times.end_ps, rows.name,
                   fmt::format(R"({{"jobs":{},"servers":{}}})", times.jobs, times.servers)},
                  "\"operator\"");
    }
  }

  void write_critical_path() {
    std::map<OperatorId, std::string> names;
    for (const OperatorResult& op : result_.operators) {
      names[op.id] = json_string(op.name);
    }
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < result_.critical_path.size(); ++i) {
      const CriticalStep& step = result_.critical_path[i];
      blocks.push_back({step.start_ps, step.end_ps, names[step.op],
                        fmt::format(R"({{"piece":{},"jobs":{}}})", i, step.jobs)});
    }
    write_blocks("critical path", "\"critical path\"", std::move(blocks));
  }

  void write_segments() {
    std::vector<Block> blocks;
    for (const SegmentResult& segment : result_.segments) {
      const SegmentTimes& times = segment.times;
      const std::string arguments = fmt::format(R"({{"segment":{}}})", times.segment);
      const std::int64_t data_ps =
          std::max(times.work_start_ps, times.end_ps - segment.overhead.data_ps);
      const auto add = [&](std::int64_t start_ps, std::int64_t end_ps, std::string_view name) {
        if (end_ps > start_ps) {
          blocks.push_back({start_ps, end_ps, json_string(name), arguments});
        }
      };
      add(times.start_ps, times.work_start_ps, "weights");
      add(times.work_start_ps, data_ps, "work");
      add(data_ps, times.end_ps, "data");
    }
    write_blocks("segments", "\"segment\"", std::move(blocks));
  }

  // On one lane, or where blocks overlap, on as many as they need.
  void write_blocks(std::string_view name, std::string_view category, std::vector<Block> blocks) {
    std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
      return std::pair(a.start_ps, a.end_ps) < std::pair(b.start_ps, b.end_ps);
    });
    LaneChooser lanes;
    for (const Block& block : blocks) {
      const std::size_t before = lanes.lanes();
      const std::size_t number = lanes.place(block.start_ps, block.end_ps);
      const Lane lane{kRun, next_thread_ + static_cast<std::int64_t>(number)};
      if (number == before) {
        out_.name_lane(lane,
                       json_string(number == 0 ? std::string(name)
                                               : fmt::format("{}, lane {}", name, number + 1)));
      }
      write_slice(lane, block, category);
    }
    next_thread_ += static_cast<std::int64_t>(lanes.lanes());
  }

  void write_slice(Lane lane, const Block& block, std::string_view category) {
    if (block.start_ps == block.end_ps) {
      out_.instant(lane, block.start_ps, block.name, category, block.arguments);
      return;
    }
    out_.begin(lane, block.start_ps, block.name, category, block.arguments);
    out_.end(lane, block.end_ps, block.name, block.arguments);
  }

  std::int64_t end_ps() const {
    std::int64_t end_ps = 0;
    for (const JobRun& run : result_.jobs.runs()) {
      end_ps = std::max({end_ps, run.first.end_ps, run[run.count - 1].end_ps});
    }
    return end_ps;
  }

  void write_counters() {
    const std::int64_t end = end_ps();
    if (options_.counter_intervals == 0 || end == 0) {
      return;
    }
    const MetricValue* const units = result_.metrics.find("units_total");
    const auto* const total = units == nullptr ? nullptr : std::get_if<std::int64_t>(units);
    const auto write = [&](std::int64_t time_ps, double servers, double busy_units) {
      out_.counter(kRun, time_ps, "\"busy servers\"", servers);
      if (total != nullptr && *total > 0) {
        out_.counter(kRun, time_ps, "\"occupancy in %\"",
                     100 * busy_units / static_cast<double>(*total));
      }
    };
    for (const BusyInterval& one : busy_intervals(result_, end, options_.counter_intervals)) {
      write(one.start_ps, one.servers, one.units);
    }
    write(end, 0, 0);
  }

  std::string about() const {
    return fmt::format(
        R"({{"name":{},"workload":{},"plan_sha256":{},"jobs":{},"slices":"{}"}})",
        json_string(result_.name), json_string(result_.workload_name),
        json_string(result_.plan_sha256), result_.jobs.size(),
        has_jobs_ ? "one per job" : "one per operator, for there are more jobs than max_jobs");
  }

  const Result& result_;
  const Options& options_;
  bool has_jobs_;
  std::map<std::string_view, std::int64_t> segment_of_;
  std::int64_t segments_ = 1;
  std::int64_t next_thread_ = 0;
  EventText out_;
};

}  // namespace

std::string trace_json(const Result& result, const Options& options) {
  return Writer(result, options).run();
}

}  // namespace imbrex::trace
