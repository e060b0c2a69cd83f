// File: analysis.cpp
#include "run/analysis.hpp"

#include <imbrex/work_graph.hpp>

#include <algorithm>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace imbrex {
namespace {

class Recorder final : public TimelineSink {
 public:
  void job(const TimedJob& job) override { jobs.push_back(job); }
  void segment(const SegmentTimes& times) override { segments.push_back(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    facts.emplace_back(std::string(name), value);
  }
  void note(std::string_view name, std::string_view text) override {
    facts.emplace_back(std::string(name), std::string(text));
  }

  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::vector<Fact> facts;
};

auto sort_key(const TimedJob& job) {
  return std::tuple(job.id, job.server, job.step);
}

std::string joined_notes(const std::vector<Fact>& facts) {
  std::string text;
  for (const auto& [name, value] : facts) {
    if (const auto* note = std::get_if<std::string>(&value)) {
      text += (text.empty() ? "" : "; ") + *note;
    }
  }
  return text;
}

// `jobs` are those of one operator, ordered by server.
OperatorTimes times_of(OperatorId id, std::span<const TimedJob> jobs, std::int64_t servers) {
  OperatorTimes times;
  times.id = id;
  times.servers = servers;
  times.jobs = static_cast<std::int64_t>(jobs.size());
  times.start_ps = jobs.empty() ? 0 : jobs.front().start_ps;
  std::int64_t server_busy = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (i == 0 || jobs[i].server != jobs[i - 1].server) {
      server_busy = 0;
    }
    const std::int64_t duration = jobs[i].end_ps - jobs[i].start_ps;
    server_busy += duration;
    times.busy_ps += duration;
    times.longest_server_ps = std::max(times.longest_server_ps, server_busy);
    times.start_ps = std::min(times.start_ps, jobs[i].start_ps);
    times.end_ps = std::max(times.end_ps, jobs[i].end_ps);
  }
  return times;
}

// A faulty plugin must not get as far as a published number.
void check_jobs(std::string_view where, const WorkGraph& graph, const Timeline& timeline) {
  for (const TimedJob& job : timeline.jobs) {
    if (index(job.id) >= graph.workload().operators().size() || !graph.is_mapped(job.id)) {
      throw Error(ErrorCode::failed,
                  fmt::format("{}: reported a job of an operator that is not mapped", where));
    }
    if (job.start_ps < 0 || job.end_ps < job.start_ps || job.end_ps > timeline.makespan_ps) {
      throw Error(ErrorCode::failed,
                  fmt::format("{}: job {} of '{}' runs from {} to {} ps, outside the makespan of "
                              "{} ps",
                              where, job.step, graph.workload().at(job.id).name, job.start_ps,
                              job.end_ps, timeline.makespan_ps));
    }
  }
}

void add_operator_times(const WorkGraph& graph, Timeline& timeline) {
  std::size_t next = 0;
  for (const OperatorId id : graph.mapped()) {
    const std::size_t begin = next;
    while (next < timeline.jobs.size() && timeline.jobs[next].id == id) {
      ++next;
    }
    timeline.operators.push_back(times_of(id, std::span(timeline.jobs).subspan(begin, next - begin),
                                          graph.order(id).server_count()));
  }
}

[[noreturn]] void throw_verdict(std::string_view where, Verdict verdict,
                                const std::vector<Fact>& facts) {
  const std::string notes = joined_notes(facts);
  const std::string_view what = verdict == Verdict::infeasible ? "finds no schedule for this design"
                                                               : "cannot analyse this design";
  throw InfeasibleError(fmt::format("{}: {}{}{}", where, what, notes.empty() ? "" : ": ", notes));
}

}  // namespace

Analysis analyze_in_detail(std::string_view where, const OverlapAnalyzer& analyzer,
                           const AnalysisRequest& request, const Design& design,
                           const BoundMachine& machine) {
  Recorder recorder;
  OverlapResult result;
  const Design* const one = &design;
  guard(where, [&] { analyzer.analyze(request, {&one, 1}, {&result, 1}, &recorder); });
  if (result.verdict != Verdict::feasible) {
    throw_verdict(where, result.verdict, recorder.facts);
  }
  Analysis analysis;
  analysis.facts = std::move(recorder.facts);
  analysis.timeline.makespan_ps = result.makespan_ps;
  analysis.timeline.jobs = std::move(recorder.jobs);
  analysis.timeline.segments = std::move(recorder.segments);
  std::sort(analysis.timeline.jobs.begin(), analysis.timeline.jobs.end(),
            [](const TimedJob& a, const TimedJob& b) { return sort_key(a) < sort_key(b); });
  const WorkGraph graph(design, machine.view(), request);
  check_jobs(where, graph, analysis.timeline);
  add_operator_times(graph, analysis.timeline);
  return analysis;
}

}  // namespace imbrex
