// What reporters make of a run.
#include "kept_files.hpp"
#include "run/chain.hpp"
#include "run/critical_path.hpp"
#include "run/live_data.hpp"
#include "run/metrics.hpp"
#include "run/operator_decisions.hpp"
#include "run/segment_results.hpp"
#include "transcript.hpp"

#include <imbrex/interfaces/reporter.hpp>
#include <imbrex/values/work_graph.hpp>

namespace imbrex::conform {
namespace {

// Digests that look like such.
constexpr std::size_t kDigest = 64;

Result described(const Workload& workload, const run::ChainOutcome& outcome) {
  Result result;
  result.name = "conformance";
  result.plan_sha256 = std::string(kDigest, '0');
  result.workload_name = workload.name();
  result.workload_sha256 = std::string(kDigest, '1');
  result.workload_operators = static_cast<std::int64_t>(workload.operators().size());
  result.workload_macs = workload.macs();
  result.workload_weight_bits = workload.weight_bits();
  result.workload_mapped_weight_bits = workload.mapped_weight_bits();
  result.objective = "latency";
  result.exactness = outcome.exactness;
  result.exactness_reasons = outcome.exactness_reasons;
  result.stages = outcome.stages;
  return result;
}

Result result_of(const Workload& workload, const run::ChainOutcome& outcome) {
  const run::BoundMachine& machine = *outcome.machine;
  Result result = described(workload, outcome);
  result.metrics = run::metrics_of(outcome.design, machine, outcome.request.shape);
  result.operators = run::operators_of(outcome.design, machine);
  run::add_decisions(result.operators, outcome.design, machine, outcome.request.shape, workload);
  result.segments = run::segments_of(outcome.design, machine);
  const Timeline& timeline = *outcome.design.timeline();
  const WorkGraph graph(outcome.design, machine.view(), outcome.request);
  result.critical_path = run::critical_path(graph, timeline);
  result.edges = run::live_data(graph, timeline);
  result.jobs = timeline.jobs;
  return result;
}

}  // namespace

Result result_on(const Stand& stand, plugin::HostServices& services, std::uint64_t seed) {
  const Setting& setting = stand.setting();
  std::vector<recipe::PlannedComponent> stages = setting.before;
  stages.push_back(setting.judge);
  run::ChainInput input;
  input.machine = stand.machine();
  input.cost = &setting.cost;
  input.workload = stand.network();
  input.stages = &stages;
  input.services = &services;
  input.seed = seed;
  return result_of(*stand.network(), run::run_chain(input));
}

std::string report_transcript(const Stand& stand, plugin::HostServices& services,
                              std::uint64_t seed) {
  KeptFiles files;
  const auto reporter = stand.make<Reporter>();
  reporter->report(result_on(stand, services, seed), files);
  return files.text();
}

}  // namespace imbrex::conform
