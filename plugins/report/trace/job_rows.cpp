#include "job_rows.hpp"

#include "lanes.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace imbrex::trace {
namespace {

// No job of the run starts before the one in front of it has ended. O(1): the distance of two jobs
// is that of any two.
bool is_sequence(const JobRun& run) {
  const std::int64_t duration_ps = run.first.end_ps - run.first.start_ps;
  return run.count == 1 || run.period_ps >= duration_ps;
}

bool is_sequence(std::span<const JobRun> runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool follows =
        i == 0 || runs[i].first.start_ps >= runs[i - 1][runs[i - 1].count - 1].end_ps;
    if (!follows || !is_sequence(runs[i])) {
      return false;
    }
  }
  return true;
}

std::string_view category_of(Wait waited_for) {
  if (waited_for == Wait::nothing) {
    return "\"job\"";
  }
  // Every set of reasons has a text of its own, made once.
  static const std::vector<std::string> kTexts = [] {
    std::vector<std::string> texts;
    for (unsigned bits = 0; bits < 32; ++bits) {
      std::string text = "\"job";
      const auto set = static_cast<Wait>(bits);
      for (const auto& [wait, name] : {std::pair(Wait::source, "source"),
                                       {Wait::server, "server"},
                                       {Wait::buffer, "buffer"},
                                       {Wait::link, "link"},
                                       {Wait::sequence, "sequence"}}) {
        text += has(set, wait) ? std::string(",waited for ") + name : "";
      }
      texts.push_back(text + "\"");
    }
    return texts;
  }();
  return kTexts[static_cast<std::uint8_t>(waited_for) % kTexts.size()];
}

std::string_view category_of(FlowKind kind) {
  return kind == FlowKind::edge ? "\"data\"" : "\"critical path\"";
}

}  // namespace

void JobRows::write(OperatorId op, const OperatorRows& rows) {
  std::span<const JobRun> runs = jobs_.runs_of(op);
  while (!runs.empty()) {
    const auto end = std::find_if(runs.begin(), runs.end(), [&runs](const JobRun& run) {
      return run.first.server != runs.front().first.server;
    });
    const auto count = static_cast<std::size_t>(end - runs.begin());
    write_server(runs.first(count), rows);
    runs = runs.subspan(count);
  }
}

void JobRows::write_server(std::span<const JobRun> runs, const OperatorRows& rows) {
  is_sequence(runs) ? write_one_by_one(runs, rows) : write_side_by_side(runs, rows);
}

void JobRows::write_one_by_one(std::span<const JobRun> runs, const OperatorRows& rows) {
  const Lane lane{rows.process, next_thread_++};
  out_.name_lane(
      lane, json_string(fmt::format("{}server {}", rows.lane_prefix, runs.front().first.server)));
  for (const JobRun& run : runs) {
    const std::size_t begin = begin_of(run);
    for (std::int64_t i = 0; i < run.count; ++i) {
      write_slice({run[i], begin + static_cast<std::size_t>(i)}, lane, rows.name);
    }
  }
}

void JobRows::write_side_by_side(std::span<const JobRun> runs, const OperatorRows& rows) {
  std::vector<Slice> slices;
  for (const JobRun& run : runs) {
    for (std::int64_t i = 0; i < run.count; ++i) {
      slices.push_back({run[i], begin_of(run) + static_cast<std::size_t>(i)});
    }
  }
  std::sort(slices.begin(), slices.end(), [](const Slice& a, const Slice& b) {
    return std::tuple(a.job.start_ps, a.job.end_ps, a.position) <
           std::tuple(b.job.start_ps, b.job.end_ps, b.position);
  });
  LaneChooser lanes;
  for (const Slice& slice : slices) {
    const std::size_t before = lanes.lanes();
    const std::size_t number = lanes.place(slice.job.start_ps, slice.job.end_ps);
    const Lane lane{rows.process, next_thread_ + static_cast<std::int64_t>(number)};
    if (number == before) {
      out_.name_lane(lane, json_string(fmt::format("{}server {}, lane {}", rows.lane_prefix,
                                                   slice.job.server, number + 1)));
    }
    write_slice(slice, lane, rows.name);
  }
  next_thread_ += static_cast<std::int64_t>(lanes.lanes());
}

void JobRows::write_slice(const Slice& slice, Lane lane, const std::string& name) {
  const TimedJob& job = slice.job;
  const std::string arguments = fmt::format(R"({{"step":{}}})", job.step);
  if (job.start_ps == job.end_ps) {
    out_.instant(lane, job.start_ps, name, category_of(job.waited_for), arguments);
    return;
  }
  out_.begin(lane, job.start_ps, name, category_of(job.waited_for), arguments);
  for (const FlowEnd& end : ends_at(ends_, slice.position)) {
    end.leaves ? out_.flow_out(lane, job.start_ps, end.id, category_of(end.kind))
               : out_.flow_in(lane, job.start_ps, end.id, category_of(end.kind));
  }
  out_.end(lane, job.end_ps, name, arguments);
}

}  // namespace imbrex::trace
