#include "run/runner.hpp"

#include "base/files.hpp"
#include "run/capacity.hpp"
#include "run/chain.hpp"
#include "run/critical_path.hpp"
#include "run/identity.hpp"
#include "run/live_data.hpp"
#include "run/load_workload.hpp"
#include "run/metrics.hpp"
#include "run/objective_check.hpp"
#include "run/occurrence.hpp"
#include "run/operator_decisions.hpp"
#include "run/plugin_records.hpp"
#include "run/segment_remedy.hpp"
#include "run/segment_results.hpp"

#include <imbrex/interfaces/reporter.hpp>
#include <imbrex/values/work_graph.hpp>

#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

void require_mappable(const Workload& workload, const CostModel& cost, const std::string& where) {
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      return;
    }
  }
  throw InputError(where + ": maps none of the " + std::to_string(workload.operators().size()) +
                   " operators of workload '" + std::string(workload.name()) +
                   "', so there is nothing to schedule");
}

void describe_plan(const recipe::ResolvedPlan& plan, Result& result) {
  result.name = plan.name;
  result.plan_sha256 = plan.sha256();
  result.seed = plan.seed;
  result.objective = plan.objective;
}

void describe_workload(const Workload& workload, Result& result) {
  result.workload_name = workload.name();
  result.workload_sha256 = sha256_hex(workload.canonical_text());
  result.workload_operators = static_cast<std::int64_t>(workload.operators().size());
  result.workload_macs = workload.macs();
  result.workload_weight_bits = workload.weight_bits();
  result.workload_mapped_weight_bits = workload.mapped_weight_bits();
  result.workload_unmapped = workload.unmapped();
}

// A machine and what is made on it.
class Build {
 public:
  Build(const recipe::ResolvedPlan& plan, plugin::HostServices& services, Checks checks = {})
      : plan_(plan), services_(services), checks_(checks) {}

  std::shared_ptr<const Workload> workload() const {
    return load_workload(plan_.workload, plan_.seed, services_);
  }
  std::shared_ptr<const BoundMachine> machine(std::shared_ptr<const Workload> workload,
                                              const recipe::PlannedComponent& architecture,
                                              const recipe::PlannedComponent& cost) const;
  ChainInput chain(std::shared_ptr<const BoundMachine> machine,
                   std::shared_ptr<const Workload> workload,
                   const recipe::PlannedComponent& architecture,
                   const recipe::PlannedComponent& cost,
                   const std::vector<recipe::PlannedComponent>& stages) const;
  void reporters(const BoundMachine& machine) const;

 private:
  const recipe::ResolvedPlan& plan_;
  plugin::HostServices& services_;
  Checks checks_;
};

std::shared_ptr<const BoundMachine> Build::machine(std::shared_ptr<const Workload> workload,
                                                   const recipe::PlannedComponent& architecture,
                                                   const recipe::PlannedComponent& cost) const {
  auto machine =
      std::make_shared<const BoundMachine>(architecture, cost, workload, services_, plan_.seed);
  require_mappable(*workload, machine->cost(), cost.where);
  require_judgeable(plan_.objective, *machine, architecture, cost);
  return machine;
}

ChainInput Build::chain(std::shared_ptr<const BoundMachine> machine,
                        std::shared_ptr<const Workload> workload,
                        const recipe::PlannedComponent& architecture,
                        const recipe::PlannedComponent& cost,
                        const std::vector<recipe::PlannedComponent>& stages) const {
  ChainInput input;
  input.machine = std::move(machine);
  input.cost = &cost;
  input.architecture = &architecture;
  input.workload = std::move(workload);
  input.stages = &stages;
  input.services = &services_;
  input.seed = plan_.seed;
  input.objective = parse_objective(plan_.objective);
  input.checks = checks_;
  return input;
}

void Build::reporters(const BoundMachine& machine) const {
  for (std::size_t i = 0; i < plan_.reports.size(); ++i) {
    Host& host =
        services_.host_for(plan_.reports[i].id(), plan_.seed, occurrence(plan_.reports, i));
    plugin::make_instance<Reporter>(plan_.reports[i].config, machine.context(host));
  }
}

class Run {
 public:
  Run(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
      plugin::HostServices& services, Checks checks)
      : plan_(plan), registry_(registry), build_(plan, services, checks) {}

  RunOutcome run();

 private:
  void take_main(ChainOutcome main);
  void run_baseline();
  void explain();

  const recipe::ResolvedPlan& plan_;
  const plugin::Registry& registry_;
  Build build_;
  RunOutcome outcome_;
};

void Run::take_main(ChainOutcome main) {
  Result& result = outcome_.result;
  outcome_.machine = main.machine;
  outcome_.request = main.request;
  outcome_.failure = std::move(main.failure);
  result.exactness = main.exactness;
  result.exactness_reasons = std::move(main.exactness_reasons);
  result.partial = main.partial;
  result.stages = std::move(main.stages);
  result.metrics = metrics_of(main.design, *outcome_.machine, main.request.shape);
  result.operators = operators_of(main.design, *outcome_.machine);
  add_decisions(result.operators, main.design, *outcome_.machine, main.request.shape,
                *outcome_.workload);
  result.segments = segments_of(main.design, *outcome_.machine);
  outcome_.design = std::make_shared<const Design>(std::move(main.design));
}

void Run::run_baseline() {
  Result& result = outcome_.result;
  const recipe::PlannedBaseline& planned = *plan_.baseline;
  const auto machine = build_.machine(outcome_.workload, planned.architecture, planned.cost);
  ChainInput chain =
      build_.chain(machine, outcome_.workload, planned.architecture, planned.cost, planned.stages);
  chain.is_baseline = true;
  const ChainOutcome base = run_chain(chain);
  if (base.partial) {
    result.partial = true;  // half a baseline would make a wrong speed-up
    outcome_.failure = base.failure;
    return;
  }
  const Design& design = *outcome_.design;
  result.has_baseline = true;
  result.baseline = metrics_of(base.design, *base.machine, base.request.shape);
  if (design.timeline()->makespan_ps == 0) {
    return;  // everything is free: no ratio to quote
  }
  result.speedup = static_cast<double>(base.design.timeline()->makespan_ps) /
                   static_cast<double>(design.timeline()->makespan_ps);
  result.improvement =
      improvement_of(parse_objective(plan_.objective), result.metrics, result.baseline);
  if (result.metrics.find("utilisation") != nullptr &&
      result.baseline.find("utilisation") != nullptr &&
      same_work(*outcome_.machine, design, *base.machine, base.design, outcome_.request.shape,
                base.request.shape)) {
    check_speedup_identity(result.metrics, result.baseline, result.speedup);
  }
}

// What bounds the makespan, and what waits in buffers.
void Run::explain() {
  const Timeline& timeline = *outcome_.design->timeline();
  const WorkGraph graph(*outcome_.design, outcome_.machine->view(), outcome_.request);
  outcome_.result.critical_path = critical_path(graph, timeline);
  outcome_.result.edges = live_data(graph, timeline);
  outcome_.result.jobs = timeline.jobs;
}

RunOutcome Run::run() {
  outcome_.workload = build_.workload();
  describe_plan(plan_, outcome_.result);
  describe_workload(*outcome_.workload, outcome_.result);
  for (const auto& [entry, record] : plugin_records(plan_, registry_)) {
    outcome_.result.plugins.push_back(record);
  }
  outcome_.machine = build_.machine(outcome_.workload, plan_.architecture, plan_.cost);
  try {
    take_main(run_chain(build_.chain(outcome_.machine, outcome_.workload, plan_.architecture,
                                     plan_.cost, plan_.stages)));
  } catch (const InfeasibleError& error) {
    // To cut it helps no network that fits as it is.
    const bool is_too_large = !fits(Design(outcome_.workload), *outcome_.machine);
    throw InfeasibleError(error.what() + (is_too_large
                                              ? segment_remedy(plan_, registry_.components())
                                              : std::string()));
  }
  if (plan_.baseline && !outcome_.result.partial) {
    try {
      run_baseline();
    } catch (const InfeasibleError& error) {
      throw InfeasibleError(
          fmt::format("{}; --unset baseline runs the recipe without one", error.what()));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) {
        throw;
      }
      outcome_.result.partial = true;
    }
  }
  explain();
  return std::move(outcome_);
}

}  // namespace

RunOutcome run_plan(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
                    plugin::HostServices& services, Checks checks) {
  const plugin::HostServices::Output output(services, "a component");
  return Run(plan, registry, services, checks).run();
}

void build_plan(const recipe::ResolvedPlan& plan, plugin::HostServices& services) {
  const plugin::HostServices::Output output(services, "a component");
  const Build build(plan, services);
  const auto workload = build.workload();
  const auto machine = build.machine(workload, plan.architecture, plan.cost);
  build_chain(build.chain(machine, workload, plan.architecture, plan.cost, plan.stages));
  if (plan.baseline) {
    const recipe::PlannedBaseline& base = *plan.baseline;
    const auto base_machine = build.machine(workload, base.architecture, base.cost);
    build_chain(build.chain(base_machine, workload, base.architecture, base.cost, base.stages));
  }
  build.reporters(*machine);
}

}  // namespace imbrex::run
