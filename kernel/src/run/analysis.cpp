#include "run/analysis.hpp"

#include "run/audit.hpp"
#include "run/exactness.hpp"
#include "run/guarded_analyzer.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

class Recorder final : public TimelineSink {
 public:
  explicit Recorder(const ComponentPlace& place) : place_(place) {}

  void job(const TimedJob& job) override { jobs.push_back(job); }
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

  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::vector<Fact> facts;

 private:
  // Left by `analyze_segments`, and never published: it becomes the text of an error.
  static constexpr std::string_view kInfeasible = "infeasible";
  const ComponentPlace& place_;
};

auto sort_key(const TimedJob& job) {
  return std::tuple(job.id, job.server, job.step);
}

// Most analyzers report in this order already.
void sort_jobs(std::vector<TimedJob>& jobs) {
  const auto before = [](const TimedJob& a, const TimedJob& b) {
    return sort_key(a) < sort_key(b);
  };
  if (!std::is_sorted(jobs.begin(), jobs.end(), before)) {
    std::sort(jobs.begin(), jobs.end(), before);
  }
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
    server_busy += duration;  // disjoint spans of one makespan
    if (__builtin_add_overflow(times.busy_ps, duration, &times.busy_ps)) {
      throw InputError("the jobs of an operator are busy for more than 2^63 ps in sum");
    }
    times.longest_server_ps = std::max(times.longest_server_ps, server_busy);
    times.start_ps = std::min(times.start_ps, jobs[i].start_ps);
    times.end_ps = std::max(times.end_ps, jobs[i].end_ps);
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
void check_job(const ComponentPlace& place, const Orders& orders, const Workload& workload,
               const TimedJob& job, std::int64_t makespan_ps) {
  const auto order =
      std::lower_bound(orders.begin(), orders.end(), job.id,
                       [](const auto& entry, OperatorId id) { return entry.first < id; });
  if (order == orders.end() || order->first != job.id) {
    throw BlamedError(place.where, fmt::format("reported a job of operator {}, which is not mapped",
                                               static_cast<std::int32_t>(job.id)));
  }
  const std::string& name = workload.at(job.id).name;
  if (job.server < 0 || job.server >= order->second->server_count() || job.step < 0 ||
      job.step >= order->second->step_count(job.server)) {
    throw BlamedError(place.where,
                      fmt::format("reported job {} on server {} of operator '{}', which does not "
                                  "exist",
                                  job.step, job.server, name));
  }
  if (job.start_ps < 0 || job.end_ps < job.start_ps || job.end_ps > makespan_ps) {
    throw BlamedError(place.where,
                      fmt::format("job {} of '{}' runs from {} to {} ps, outside the "
                                  "makespan of {} ps",
                                  job.step, name, job.start_ps, job.end_ps, makespan_ps));
  }
}

void add_operator_times(const Orders& orders, Timeline& timeline) {
  std::size_t next = 0;
  for (const auto& [id, order] : orders) {
    const std::size_t begin = next;
    while (next < timeline.jobs.size() && timeline.jobs[next].id == id) {
      ++next;
    }
    timeline.operators.push_back(
        times_of(id, std::span(timeline.jobs).subspan(begin, next - begin), order->server_count()));
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
  plugin::guard(place.where, [&] { graphs = segment_graphs(design, machine.view(), request); });
  return graphs;
}

// Jobs checked, sorted and summed up per operator.
Timeline timeline_of(const ComponentPlace& place, const std::vector<SegmentGraph>& graphs,
                     const Workload& workload, std::int64_t makespan_ps, Recorder& recorder) {
  Timeline timeline;
  timeline.makespan_ps = makespan_ps;
  timeline.jobs = std::move(recorder.jobs);
  timeline.segments = std::move(recorder.segments);
  const Orders orders = orders_of(graphs);
  for (const TimedJob& job : timeline.jobs) {
    check_job(place, orders, workload, job, makespan_ps);
  }
  sort_jobs(timeline.jobs);
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
