#include "experiment/explanation.hpp"

#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

enum class Ending : std::uint8_t { done, infeasible, failed };

// What is kept of the run of a changed recipe.
struct Trial {
  Ending ending = Ending::failed;
  std::int64_t latency_ps = 0;
  std::vector<std::pair<std::string, std::int64_t>> copies;  // operator, workload order
};

std::vector<std::pair<std::string, std::int64_t>> copies_of(const Result& result) {
  std::vector<std::pair<std::string, std::int64_t>> copies;
  for (const OperatorResult& op : result.operators) {
    copies.emplace_back(op.name, op.copies);
  }
  return copies;
}

// Operators that both runs have.
std::vector<CopyChange> changed_copies(const Result& before, const Trial& after) {
  std::map<std::string, std::int64_t> now(after.copies.begin(), after.copies.end());
  std::vector<CopyChange> changes;
  for (const auto& [name, copies] : copies_of(before)) {
    const auto at = now.find(name);
    if (at != now.end() && at->second != copies) {
      changes.push_back({name, copies, at->second});
    }
  }
  return changes;
}

class Explainer {
 public:
  Explainer(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
            const plugin::Registry& registry, const ExplainOptions& options)
      : recipe_(recipe), edits_(edits), registry_(registry), options_(options) {}

  Explanation explain() {
    const recipe::Variant variant = recipe::resolve_variant(recipe_, edits_, registry_);
    if (!variant.plan) {
      throw InputError(variant.errors);
    }
    run_unchanged(*variant.plan);
    try {
      search(*variant.plan);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) {
        throw;
      }
      out_.interrupted = true;
    }
    return std::move(out_);
  }

 private:
  // Thrown where another run would be one too many.
  struct OutOfTries {};

  // What is asked of an outcome is asked while the services live that its components may call.
  using Look = FunctionRef<void(const run::RunOutcome&)>;
  void run(const recipe::ResolvedPlan& plan, Look look) const {
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

  void run_unchanged(const recipe::ResolvedPlan& plan) {
    try {
      run(plan, [this](const run::RunOutcome& outcome) {
        const Timeline& timeline = *outcome.design->timeline();
        const WorkGraph graph(*outcome.design, outcome.machine->view(), outcome.request);
        out_.bounds = run::makespan_bounds(graph, timeline);
        out_.latency_ps = timeline.makespan_ps;
        out_.result = outcome.result;
        const auto resources = outcome.machine->architecture().resources;
        resource_ = resources.empty() ? std::string_view() : resources[0].name;
      });
    } catch (const InfeasibleError& error) {
      out_.infeasible = error.what();
    }
  }

  void search(const recipe::ResolvedPlan& plan) {
    try {
      if (!out_.result && plan.baseline) {
        try_without_baseline();
      }
      for (const Lever& lever :
           levers_of(plan, resource_, out_.result ? Goal::faster : Goal::feasible)) {
        lever.is_amount ? search_amount(lever) : search_values(lever);
      }
    } catch (const OutOfTries&) {
      out_.out_of_tries = true;
    }
  }

  // Perhaps only what the recipe is compared with does not fit.
  void try_without_baseline() {
    recipe::Edit edit(recipe::Edit::Kind::unset, "baseline");
    if (const Trial trial = run_with(edit, true); trial.ending == Ending::done) {
      keep("--unset", edit.text, trial);
    }
  }

  void search_values(const Lever& lever) {
    for (const std::string& value : lever.values) {
      const std::string setting = lever.setting(value);
      const Trial trial = run_with(setting, false);
      if (trial.ending == Ending::failed || (moves(trial) && confirm(setting))) {
        return;
      }
    }
  }

  void search_amount(const Lever& lever) {
    trials_.clear();
    std::int64_t step = 1;
    std::int64_t before = 0;
    const std::int64_t last = out_.result ? kLastStepFaster : kLastStepFeasible;
    for (;; before = step, step *= 2) {
      if (step > last || lever.amount > lever.most - step) {
        return;
      }
      const Trial& trial = at(lever, step);
      if (moves(trial)) {
        break;
      }
      if (trial.ending == Ending::failed || (out_.result && trial.ending != Ending::done)) {
        return;
      }
    }
    confirm(
        lever.setting(lever.amount + (step <= kEveryStep ? least_of_all(lever, step)
                                                         : least_by_halves(lever, before, step))));
  }

  // Every step below one that moves the makespan, as what it gives need not grow with it.
  std::int64_t least_of_all(const Lever& lever, std::int64_t known) {
    for (std::int64_t step = 1; step < known; ++step) {
      if (moves(at(lever, step))) {
        return step;
      }
    }
    return known;
  }

  std::int64_t least_by_halves(const Lever& lever, std::int64_t low, std::int64_t high) {
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (moves(at(lever, middle)) ? high : low) = middle;
    }
    return high;
  }

  const Trial& at(const Lever& lever, std::int64_t step) {
    const auto known = trials_.find(step);
    return known != trials_.end()
               ? known->second
               : trials_.emplace(step, run_with(lever.setting(lever.amount + step), false))
                     .first->second;
  }

  bool moves(const Trial& trial) const {
    return trial.ending == Ending::done && (!out_.result || trial.latency_ps < out_.latency_ps);
  }

  // The run that the printed line makes, its baseline included.
  bool confirm(const std::string& setting) {
    const Trial trial = run_with(setting, true);
    if (!moves(trial)) {
      return false;
    }
    keep("--set", setting, trial);
    return true;
  }

  Trial run_with(const recipe::Edit& edit, bool whole) {
    recipe::Edits edits = edits_;
    edits.push_back(edit);
    recipe::Variant variant = recipe::resolve_variant(recipe_, edits, registry_);
    Trial trial;
    if (!variant.plan) {
      return trial;
    }
    if (out_.evaluations >= options_.tries) {
      throw OutOfTries();
    }
    if (options_.tell) {
      options_.tell(out_.evaluations);
    }
    ++out_.evaluations;
    if (!whole) {
      variant.plan->baseline.reset();
    }
    try {
      run(*variant.plan, [&trial](const run::RunOutcome& outcome) {
        trial = {Ending::done, outcome.design->timeline()->makespan_ps, copies_of(outcome.result)};
      });
    } catch (const InfeasibleError&) {
      trial.ending = Ending::infeasible;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) {
        throw;
      }
    }
    return trial;
  }

  void keep(const char* option, const std::string& setting, const Trial& trial) {
    FoundChange& change = out_.changes.emplace_back();
    change.option = option;
    change.setting = setting;
    change.latency_ps = trial.latency_ps;
    if (out_.result) {
      change.copies = changed_copies(*out_.result, trial);
      change.ratio = trial.latency_ps > 0 ? static_cast<double>(out_.latency_ps) /
                                                static_cast<double>(trial.latency_ps)
                                          : 0;
    }
  }

  static constexpr std::int64_t kLastStepFaster = 64;
  static constexpr std::int64_t kLastStepFeasible = std::int64_t{1} << 24;
  static constexpr std::int64_t kEveryStep = 16;

  const recipe::ParsedRecipe& recipe_;
  const recipe::Edits& edits_;
  const plugin::Registry& registry_;
  const ExplainOptions& options_;
  std::string resource_;                  // what placements own
  std::map<std::int64_t, Trial> trials_;  // of the lever that is searched, by step
  Explanation out_;
};

}  // namespace

Explanation explain(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
                    const plugin::Registry& registry, const ExplainOptions& options) {
  return Explainer(recipe, edits, registry, options).explain();
}

}  // namespace imbrex::experiment
