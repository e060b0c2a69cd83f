#include "run/analysis.hpp"

#include "run/audit.hpp"
#include "run/exactness.hpp"
#include "run/guarded_analyzer.hpp"
#include "run/job_collector.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

class Recorder final : public TimelineSink {
 public:
  explicit Recorder(const ComponentPlace& place) : place_(place) {}

  void job(const TimedJob& job) override { collected.add(job); }
  void jobs(const JobRun& run) override {
    const std::int64_t behind_first = run.count - 1;
    std::int64_t way_ps = 0;
    std::int64_t last = 0;
    if (run.count < 1 || __builtin_mul_overflow(run.period_ps, behind_first, &way_ps) ||
        __builtin_add_overflow(run.first.start_ps, way_ps, &last) ||
        __builtin_add_overflow(run.first.end_ps, way_ps, &last) ||
        __builtin_add_overflow(run.first.step, behind_first, &last)) {
      throw BlamedError(place_.where,
                        fmt::format("reported a run of {} jobs, {} ps apart from step {} on, which "
                                    "no order has",
                                    run.count, run.period_ps, run.first.step));
    }
    collected.add(run);
  }
  void segment(const SegmentTimes& times) override { segments.push_back(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    require_declared(place_, name);
    facts.emplace_back(std::string(name), value);
  }
  void note(std::string_view name, std::string_view text) override {
    if (name != kInfeasible) {
      require_declared(place_, name);
    }
    facts.emplace_back(std::string(name), std::string(text));
  }

  JobCollector collected;
  std::vector<SegmentTimes> segments;
  std::vector<Fact> facts;

 private:
  // Left by `analyze_segments`, and never published: it becomes the text of an error.
  static constexpr std::string_view kInfeasible = "infeasible";
  const ComponentPlace& place_;
};

std::string joined_notes(const std::vector<Fact>& facts) {
  std::string text;
  for (const auto& [name, value] : facts) {
    if (const auto* note = std::get_if<std::string>(&value)) {
      text += (text.empty() ? "" : "; ") + *note;
    }
  }
  return text;
}

// `runs` are those of one operator, ordered by server.
OperatorTimes times_of(OperatorId id, std::span<const JobRun> runs, std::int64_t servers) {
  OperatorTimes times;
  times.id = id;
  times.servers = servers;
  times.start_ps = runs.empty() ? 0 : runs.front().first.start_ps;
  std::int64_t server_busy = 0;
  std::int32_t server = -1;
  for (const JobRun& run : runs) {
    server_busy = run.first.server == server ? server_busy : 0;
    server = run.first.server;
    const std::int64_t duration = run.first.end_ps - run.first.start_ps;
    std::int64_t busy_ps = 0;
    if (__builtin_mul_overflow(duration, run.count, &busy_ps) ||
        __builtin_add_overflow(times.busy_ps, busy_ps, &times.busy_ps)) {
      throw InputError("the jobs of an operator are busy for more than 2^63 ps in sum");
    }
    server_busy += busy_ps;  // no more than the sum over all servers
    const TimedJob last = run[run.count - 1];
    times.jobs += run.count;
    times.longest_server_ps = std::max(times.longest_server_ps, server_busy);
    times.start_ps = std::min({times.start_ps, run.first.start_ps, last.start_ps});
    times.end_ps = std::max({times.end_ps, run.first.end_ps, last.end_ps});
  }
  return times;
}

// The orders of all segments, in workload order.
using Orders = std::vector<std::pair<OperatorId, const WorkOrder*>>;

Orders orders_of(const std::vector<SegmentGraph>& graphs) {
  Orders orders;
  for (const SegmentGraph& one : graphs) {
    for (const OperatorId op : one.graph.mapped()) {
      orders.emplace_back(op, &one.graph.order(op));
    }
  }
  std::sort(orders.begin(), orders.end());
  return orders;
}

// Before anybody uses a job as an index, or adds up its times.
void check_jobs(const ComponentPlace& place, const Orders& orders, const Workload& workload,
                const JobRun& run, std::int64_t makespan_ps) {
  const OperatorId id = run.first.id;
  const auto order =
      std::lower_bound(orders.begin(), orders.end(), id,
                       [](const auto& entry, OperatorId wanted) { return entry.first < wanted; });
  if (order == orders.end() || order->first != id) {
    throw BlamedError(place.where, fmt::format("reported a job of operator {}, which is not mapped",
                                               static_cast<std::int32_t>(id)));
  }
  const std::int32_t server = run.first.server;
  const bool exists = server >= 0 && server < order->second->server_count();
  const std::int64_t steps = exists ? order->second->step_count(server) : 0;
  const auto check = [&](const TimedJob& job) {
    const std::string& name = workload.at(id).name;
    if (job.step < 0 || job.step >= steps) {
      throw BlamedError(place.where,
                        fmt::format("reported job {} on server {} of operator '{}', which does not "
                                    "exist",
                                    job.step, server, name));
    }
    if (job.start_ps < 0 || job.end_ps < job.start_ps || job.end_ps > makespan_ps) {
      throw BlamedError(place.where,
                        fmt::format("job {} of '{}' runs from {} to {} ps, outside the "
                                    "makespan of {} ps",
                                    job.step, name, job.start_ps, job.end_ps, makespan_ps));
    }
  };
  // Steps and times ascend or descend along a run, so that its ends are its extremes.
  check(run.first);
  check(run[run.count - 1]);
}

void add_operator_times(const Orders& orders, Timeline& timeline) {
  for (const auto& [id, order] : orders) {
    timeline.operators.push_back(times_of(id, timeline.jobs.runs_of(id), order->server_count()));
  }
}

[[noreturn]] void throw_verdict(const ComponentPlace& place, Verdict verdict,
                                const std::vector<Fact>& facts) {
  const std::string notes = joined_notes(facts);
  const std::string_view what = verdict == Verdict::infeasible ? "finds no schedule for this design"
                                                               : "cannot analyse this design";
  throw InfeasibleError(
      fmt::format("{}: {}{}{}", place.where, what, notes.empty() ? "" : ": ", notes));
}

std::vector<SegmentGraph> guarded_graphs(const ComponentPlace& place, const Design& design,
                                         const BoundMachine& machine,
                                         const AnalysisRequest& request) {
  std::vector<SegmentGraph> graphs;
  plugin::guard(place.where, "analyze",
                [&] { graphs = segment_graphs(design, machine.view(), request); });
  return graphs;
}

// Jobs checked, sorted and summed up per operator.
Timeline timeline_of(const ComponentPlace& place, const std::vector<SegmentGraph>& graphs,
                     const Workload& workload, std::int64_t makespan_ps, Recorder& recorder) {
  Timeline timeline;
  timeline.makespan_ps = makespan_ps;
  timeline.segments = std::move(recorder.segments);
  const Orders orders = orders_of(graphs);
  for (const JobRun& run : recorder.collected.runs()) {
    check_jobs(place, orders, workload, run, makespan_ps);
  }
  timeline.jobs = std::move(recorder.collected).sorted();
  add_operator_times(orders, timeline);
  return timeline;
}

}  // namespace

Analysis analyze_in_detail(const ComponentPlace& place, const OverlapAnalyzer& analyzer,
                           const AnalysisRequest& request, const Design& design,
                           const BoundMachine& machine, Audited audited) {
  const GuardedAnalyzer guarded(place.where, analyzer);
  std::vector<SegmentGraph> graphs = guarded_graphs(place, design, machine, request);
  Trust trust = trust_in(place, guarded, graphs);
  Recorder recorder(place);
  OverlapResult result;
  const Design* const one = &design;
  guarded.analyze(request, {&one, 1}, {&result, 1}, &recorder);
  if (result.verdict != Verdict::feasible) {
    throw_verdict(place, result.verdict, recorder.facts);
  }
  if (trust.serves_links && request.links && !design.floor_plans().empty()) {
    AnalysisRequest without_rates = request;
    without_rates.links = false;
    graphs = guarded_graphs(place, design, machine, without_rates);
  }
  Analysis analysis;
  analysis.timeline = timeline_of(place, graphs, design.workload(), result.makespan_ps, recorder);
  analysis.facts = std::move(recorder.facts);
  analysis.exactness = trust.exactness;
  analysis.exactness_reasons = std::move(trust.reasons);
  if (audited == Audited::yes) {
    audit({place.where, trust.said, request.segments, &graphs}, analysis.timeline);
  }
  return analysis;
}

}  // namespace imbrex::run
