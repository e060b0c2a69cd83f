#include "run/simulation_check.hpp"

#include "run/analysis.hpp"
#include "run/component_place.hpp"
#include "run/segment_results.hpp"
#include "run/span_estimate.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// Runs the simulator on the design of a finished run.
class Oracle {
 public:
  Oracle(const RunOutcome& outcome, const Component& simulator, plugin::HostServices& services)
      : outcome_(outcome),
        place_{std::string(simulator.id), &simulator},
        analyzer_(plugin::make_instance<OverlapAnalyzer>(
            plugin::ConfigHandle(simulator),
            outcome.machine->context(services.host_for(simulator.id, outcome.result.seed, 0)))) {}

  Timeline timeline(const AnalysisRequest& request) const {
    return analyze_in_detail(place_, *analyzer_, request, *outcome_.design, *outcome_.machine)
        .timeline;
  }

  // The same design with segments that overlap; no value when the simulator cannot do that.
  std::optional<Timeline> on_resources() const {
    AnalysisRequest request = outcome_.request;
    request.segments = SegmentSuccession::resources;
    if (outcome_.result.segments.empty() || request == outcome_.request) {
      return std::nullopt;
    }
    try {
      return timeline(request);
    } catch (const InfeasibleError&) {
      return std::nullopt;
    }
  }

  // The same design over links that the recipe leaves out.
  std::optional<std::int64_t> makespan_with_links() const {
    AnalysisRequest request = outcome_.request;
    request.links = true;
    if (outcome_.design->floor_plans().empty() || request == outcome_.request) {
      return std::nullopt;
    }
    return timeline(request).makespan_ps;
  }

 private:
  const RunOutcome& outcome_;
  ComponentPlace place_;
  plugin::Instance<OverlapAnalyzer> analyzer_;
};

OperatorAgreement compare(const OperatorTimes& analysed, const OperatorTimes& simulated,
                          std::int64_t differing) {
  OperatorAgreement out;
  out.analysed = {analysed.start_ps, analysed.end_ps};
  out.simulated = {simulated.start_ps, simulated.end_ps};
  out.differing_jobs = differing;
  out.agrees = differing == 0;
  return out;
}

void compare_operators(const RunOutcome& outcome, const Timeline& simulated,
                       const AgreementJudge& judge, SimulationCheck& check) {
  const Timeline& analysed = *outcome.design->timeline();
  IMBREX_ASSERT(analysed.operators.size() == simulated.operators.size());
  for (std::size_t i = 0; i < analysed.operators.size(); ++i) {
    const OperatorId id = analysed.operators[i].id;
    OperatorAgreement one =
        compare(analysed.operators[i], simulated.operators[i],
                judge.differing_jobs(analysed.jobs.runs_of(id), simulated.jobs.runs_of(id)));
    one.name = outcome.design->workload().at(id).name;
    check.agrees = check.agrees && one.agrees;
    check.operators.push_back(std::move(one));
  }
}

bool segment_agrees(const SegmentAgreement& one, const AgreementJudge& judge) {
  return judge.agrees({one.analysed.start_ps, one.analysed.end_ps},
                      {one.simulated.start_ps, one.simulated.end_ps}) &&
         judge.agrees({one.analysed.work_start_ps, one.analysed.end_ps},
                      {one.simulated.work_start_ps, one.simulated.end_ps});
}

void compare_segments(const RunOutcome& outcome, const Timeline& simulated,
                      const std::optional<Timeline>& on_resources, const AgreementJudge& judge,
                      SimulationCheck& check) {
  const Design& design = *outcome.design;
  const Timeline& analysed = *design.timeline();
  for (const SegmentResult& result : outcome.result.segments) {
    SegmentAgreement one;
    one.segment = result.times.segment;
    const SegmentTimes* const ours = reported_times(analysed, one.segment);
    const SegmentTimes* const theirs = reported_times(simulated, one.segment);
    const bool comparable = ours != nullptr && theirs != nullptr;
    one.analysed = comparable ? *ours : job_times(design, analysed, one.segment);
    one.simulated = comparable ? *theirs : job_times(design, simulated, one.segment);
    if (on_resources) {
      const SegmentTimes* const times = reported_times(*on_resources, one.segment);
      one.on_resources = times != nullptr ? *times : job_times(design, *on_resources, one.segment);
    }
    one.estimate_ps = segment_estimate_ps(outcome, one.segment);
    check.agrees = check.agrees && segment_agrees(one, judge);
    check.segments.push_back(one);
  }
}

double percent(std::int64_t difference_ps, std::int64_t of_ps) {
  if (of_ps == 0) {
    return difference_ps == 0 ? 0 : 100;
  }
  return 100 * static_cast<double>(difference_ps) / static_cast<double>(of_ps);
}

std::int64_t off_ps(const OperatorAgreement& one) noexcept {
  return one.analysed.end_ps - one.simulated.end_ps;
}

}  // namespace

double SimulationCheck::off_percent() const noexcept {
  return percent(makespan_ps - simulated_makespan_ps, simulated_makespan_ps);
}

double SimulationCheck::off_percent(const OperatorAgreement& one) const noexcept {
  return percent(off_ps(one), simulated_makespan_ps);
}

const OperatorAgreement* SimulationCheck::worst() const noexcept {
  const auto found = std::max_element(
      operators.begin(), operators.end(),
      [](const auto& a, const auto& b) { return std::abs(off_ps(a)) < std::abs(off_ps(b)); });
  return found == operators.end() || off_ps(*found) == 0 ? nullptr : &*found;
}

bool ends_sequential(const recipe::ResolvedPlan& plan) noexcept {
  const auto last = std::find_if(plan.stages.rbegin(), plan.stages.rend(),
                                 [](const recipe::PlannedComponent& stage) {
                                   return stage.config.component().kind == Kind::overlap_analyzer;
                                 });
  return last != plan.stages.rend() &&
         has(last->config.component().provides_traits, Trait::sequential);
}

SimulationCheck check_by_simulation(const RunOutcome& outcome, const Component& simulator,
                                    plugin::HostServices& services, AgreementRule rule) {
  if (simulator.kind != Kind::overlap_analyzer) {
    throw InputError(fmt::format("'{}' is not an overlap analyzer", simulator.id));
  }
  const Oracle oracle(outcome, simulator, services);
  const Timeline simulated = oracle.timeline(outcome.request);
  SimulationCheck check;
  check.rule = rule;
  check.rule.exactness = outcome.result.exactness;
  check.makespan_ps = outcome.design->timeline()->makespan_ps;
  check.simulated_makespan_ps = simulated.makespan_ps;
  const AgreementJudge judge(check.rule, simulated.makespan_ps);
  check.agrees = judge.makespan_agrees(check.makespan_ps, check.simulated_makespan_ps);
  compare_operators(outcome, simulated, judge, check);
  const std::optional<Timeline> on_resources = oracle.on_resources();
  if (on_resources) {
    check.makespan_on_resources_ps = on_resources->makespan_ps;
  }
  check.makespan_with_links_ps = oracle.makespan_with_links();
  compare_segments(outcome, simulated, on_resources, judge, check);
  return check;
}

}  // namespace imbrex::run
