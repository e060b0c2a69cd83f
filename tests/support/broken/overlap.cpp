// An analyzer that times layers one after another, honestly, and then breaks one promise; `fault`
// says which.
#include "fakes/overlap_analyzer.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <algorithm>
#include <vector>

namespace {

using imbrex::TimedJob;

constexpr std::string_view kFaults[] = {
    "none",           "early",     "drops",       "doubles",         "overlaps",
    "shortens",       "lengthens", "silent",      "too-late",        "too-soon",
    "unknown-server", "moved",     "before-zero", "nothing-written", "undeclared-fact"};
enum class Fault : std::uint8_t {
  none,
  early,
  drops,
  doubles,
  overlaps,
  shortens,
  lengthens,
  silent,
  too_late,
  too_soon,
  unknown_server,
  moved,
  before_zero,
  nothing_written,
  undeclared_fact,
};

struct Config {
  Fault fault = Fault::none;
};
constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::fault>("fault", "The promise that is broken", kFaults)};
constexpr imbrex::FactSpec kFacts[] = {{"jobs", "job", "Jobs that were timed."}};

// All jobs of the last layer start as if nobody had to work before.
void start_early(std::vector<TimedJob>& jobs) {
  const imbrex::OperatorId last = jobs.back().id;
  std::int64_t first_ps = jobs.back().start_ps;
  for (const TimedJob& job : jobs) {
    first_ps = job.id == last ? std::min(first_ps, job.start_ps) : first_ps;
  }
  for (TimedJob& job : jobs) {
    if (job.id == last) {
      job.start_ps -= first_ps;
      job.end_ps -= first_ps;
    }
  }
}

void falsify(Fault fault, std::vector<TimedJob>& jobs) {
  switch (fault) {
    case Fault::early:
      return start_early(jobs);
    case Fault::drops:
      jobs.erase(jobs.begin() + 1);
      return;
    case Fault::doubles:
      jobs.push_back(jobs.front());
      return;
    case Fault::overlaps:  // the second job of a server beside its first
      jobs[1].end_ps -= jobs[1].start_ps - jobs[0].start_ps;
      jobs[1].start_ps = jobs[0].start_ps;
      return;
    case Fault::shortens:
      --jobs.front().end_ps;
      return;
    case Fault::lengthens:
      ++jobs.back().end_ps;
      return;
    case Fault::silent:
      jobs.clear();
      return;
    case Fault::unknown_server:
      jobs.back().server = 1000;
      return;
    case Fault::moved:
      jobs.back().step += 1;
      return;
    case Fault::before_zero:
      for (TimedJob& job : jobs) {
        job.start_ps -= 1;
        job.end_ps -= 1;
      }
      return;
    default:
      return;
  }
}

class Overlap final : public imbrex::test::FakeAnalyzer {
 public:
  Overlap(const Config& config, const imbrex::Context& context)
      : FakeAnalyzer([this](const imbrex::AnalysisRequest& request, const imbrex::Design& design,
                            imbrex::TimelineSink* sink) {
          return imbrex::analysis::analyze_segments(
              design, machine_, request, sink,
              [this](const imbrex::WorkGraph& graph, imbrex::TimelineSink* to) {
                return time_segment(graph, to);
              });
        }),
        fault_(config.fault),
        machine_(context.machine()) {}

  void analyze(const imbrex::AnalysisRequest& request,
               std::span<const imbrex::Design* const> designs, std::span<imbrex::OverlapResult> out,
               imbrex::TimelineSink* detail) const override {
    if (fault_ != Fault::nothing_written) {
      FakeAnalyzer::analyze(request, designs, out, detail);
    }
  }

 private:
  imbrex::OverlapResult time_segment(const imbrex::WorkGraph& graph,
                                     imbrex::TimelineSink* sink) const {
    std::vector<TimedJob> jobs = imbrex::test::layer_by_layer_jobs(graph);
    imbrex::OverlapResult result;
    falsify(fault_, jobs);
    result.makespan_ps = imbrex::test::last_end_ps(jobs);
    result.makespan_ps += fault_ == Fault::too_late ? 1 : 0;
    result.makespan_ps -= fault_ == Fault::too_soon ? 1 : 0;
    if (sink != nullptr) {
      for (const TimedJob& job : jobs) {
        sink->job(job);
      }
      sink->statistic(fault_ == Fault::undeclared_fact ? "secret" : "jobs",
                      static_cast<std::int64_t>(jobs.size()));
    }
    return result;
  }

  Fault fault_;
  imbrex::Machine machine_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Overlap, Config>("test.overlap.broken", "Breaks a promise of analyzers",
                                       kParams)
        .provides(imbrex::Trait::timeline)
        .states(kFacts)};

}  // namespace

IMBREX_PLUGIN("test.broken-overlap", "1.0.0", "An analyzer that breaks promises", "Apache-2.0",
              kComponents)
