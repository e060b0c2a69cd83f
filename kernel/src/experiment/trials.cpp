#include "experiment/trials.hpp"

#include <imbrex/plugin/error.hpp>

namespace imbrex::experiment {

std::vector<std::pair<std::string, std::int64_t>> copies_of(const Result& result) {
  std::vector<std::pair<std::string, std::int64_t>> copies;
  for (const OperatorResult& op : result.operators) {
    copies.emplace_back(op.name, op.copies);
  }
  return copies;
}

void Trials::run(const recipe::ResolvedPlan& plan, Look look) const {
  plugin::HostOptions host;
  host.threads = options_.threads;
  host.log_level = LogLevel::error;
  host.quiet = true;
  plugin::HostServices services(host);
  const run::RunOutcome outcome = run::run_plan(plan, registry_, services, options_.checks);
  if (outcome.result.partial) {
    throw CancelledError();
  }
  look(outcome);
}

Trial Trials::run_with(const recipe::Edit& edit, bool with_baseline) {
  recipe::Edits edits = edits_;
  edits.push_back(edit);
  recipe::Variant variant = recipe::resolve_variant(recipe_, edits, registry_);
  Trial trial;
  if (!variant.plan) {
    return trial;
  }
  if (options_.tell) {
    options_.tell(count_, edit.text);
  }
  if (plugin::HostServices::cancel_requested()) {
    throw CancelledError();
  }
  ++count_;
  if (!with_baseline) {
    variant.plan->baseline.reset();
  }
  try {
    run(*variant.plan, [&trial](const run::RunOutcome& outcome) {
      trial = {Trial::Ending::done, outcome.design->timeline()->makespan_ps,
               copies_of(outcome.result)};
    });
  } catch (const InfeasibleError&) {
    trial.ending = Trial::Ending::infeasible;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) {
      throw;
    }
  }
  return trial;
}

}  // namespace imbrex::experiment
