#include "experiment/explanation.hpp"

#include "experiment/levers.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace imbrex::experiment {
namespace {

constexpr std::int64_t kLastStepFaster = 64;
constexpr std::int64_t kLastStepFeasible = std::int64_t{1} << 24;
constexpr std::int64_t kEveryStep = 16;

// Operators that both runs have.
std::vector<CopyChange> changed_copies(const Result& before, const Trial& after) {
  const std::map<std::string, std::int64_t> now(after.copies.begin(), after.copies.end());
  std::vector<CopyChange> changes;
  for (const auto& [name, copies] : copies_of(before)) {
    const auto at = now.find(name);
    if (at != now.end() && at->second != copies) {
      changes.push_back({name, copies, at->second});
    }
  }
  return changes;
}

// An amount that grows.
struct Amount {
  const Lever& lever;
  std::map<std::int64_t, Trial> trials;  // by step
  std::int64_t last = 0;                 // step that did not help
  bool over = false;
};

class Explainer {
 public:
  Explainer(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
            const plugin::Registry& registry, const TrialOptions& options)
      : recipe_(recipe),
        edits_(edits),
        registry_(registry),
        trials_(recipe, edits, registry, options) {}

  Explanation explain() {
    const recipe::Variant variant = recipe::resolve_variant(recipe_, edits_, registry_);
    if (!variant.plan) {
      throw InputError(variant.errors);
    }
    has_baseline_ = variant.plan->baseline.has_value();
    run_unchanged(*variant.plan);
    try {
      out_.result ? make_faster(*variant.plan) : make_feasible(*variant.plan);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) {
        throw;
      }
      out_.interrupted = true;
    }
    out_.evaluations = trials_.count();
    return std::move(out_);
  }

 private:
  void run_unchanged(const recipe::ResolvedPlan& plan) {
    try {
      trials_.run(plan, [this](const run::RunOutcome& outcome) {
        const Timeline& timeline = *outcome.design->timeline();
        const WorkGraph graph(*outcome.design, outcome.machine->view(), outcome.request);
        out_.bounds = run::makespan_bounds(graph, timeline);
        out_.latency_ps = timeline.makespan_ps;
        out_.result = outcome.result;
        const auto resources = outcome.machine->architecture().resources;
        out_.resource = resources.empty() ? std::string_view() : resources[0].name;
      });
    } catch (const InfeasibleError& error) {
      out_.infeasible = error.what();
    }
  }

  void make_faster(const recipe::ResolvedPlan& plan) {
    for (const Lever& lever : levers_of(plan, registry_.components(), out_.resource)) {
      if (!lever.is_amount) {
        try_values(lever);
        continue;
      }
      Amount amount{lever, {}};
      for (std::int64_t step = 1; step <= kLastStepFaster && !amount.over && !spent(); step *= 2) {
        grow(amount, step);
      }
    }
  }

  void make_feasible(const recipe::ResolvedPlan& plan) {
    if (plan.baseline && !spent() && try_without_baseline()) {
      return;
    }
    const std::vector<Lever> levers = levers_of(plan, registry_.components(), std::nullopt);
    std::vector<Amount> amounts;
    for (const Lever& lever : levers) {
      if (lever.is_component) {
        try_values(lever);
      } else if (lever.is_amount) {
        amounts.push_back({lever, {}});
      }
    }
    std::int64_t last = kLastStepFeasible;
    for (std::int64_t step = 1; step <= last; step *= 2) {
      for (Amount& amount : amounts) {
        if (!amount.over && !spent() && grow(amount, step)) {
          last = std::min(last, 2 * step);
        }
      }
    }
    for (const Lever& lever : levers) {
      if (!lever.is_amount && !lever.is_component) {
        try_values(lever);
      }
    }
  }

  // Asked before every trial: one run more is kept for what would confirm it.
  bool spent() {
    const bool is_spent = trials_.left() < (has_baseline_ ? 2 : 1);
    out_.out_of_tries = out_.out_of_tries || is_spent;
    return is_spent;
  }

  // Perhaps only what the recipe is compared with does not fit.
  bool try_without_baseline() {
    const recipe::Edit edit(recipe::Edit::Kind::unset, "baseline");
    const Trial trial = trials_.run_with(edit, true);
    if (helps(trial)) {
      keep("--unset", edit.text, 0, trial);
    }
    return helps(trial);
  }

  void try_values(const Lever& lever) {
    for (const std::string& value : lever.values) {
      if (spent()) {
        return;
      }
      const std::string setting = lever.setting(value);
      const Trial trial = trials_.run_with(setting, false);
      if (helps(trial) && confirm(setting, 0, trial)) {
        return;
      }
    }
  }

  // True when the amount has become a change.
  bool grow(Amount& amount, std::int64_t step) {
    const Lever& lever = amount.lever;
    if (lever.amount > lever.most - step) {
      amount.over = true;
      return false;
    }
    const Trial& trial = at(amount, step);
    if (!helps(trial)) {
      amount.over = trial.ending == Trial::Ending::failed ||
                    (out_.result && trial.ending == Trial::Ending::infeasible);
      amount.last = step;
      return false;
    }
    amount.over = true;
    const std::int64_t least =
        step <= kEveryStep ? least_of_all(amount, step) : least_by_halves(amount, step);
    return confirm(lever.setting(lever.amount + least), least, at(amount, least));
  }

  // Every step below one that helps, as what an amount gives need not grow with it.
  std::int64_t least_of_all(Amount& amount, std::int64_t known) {
    for (std::int64_t step = 1; step < known; ++step) {
      if (amount.trials.count(step) == 0 && spent()) {
        return known;
      }
      if (helps(at(amount, step))) {
        return step;
      }
    }
    return known;
  }

  std::int64_t least_by_halves(Amount& amount, std::int64_t high) {
    std::int64_t low = amount.last;
    while (high - low > 1 && !spent()) {
      const std::int64_t middle = low + (high - low) / 2;
      (helps(at(amount, middle)) ? high : low) = middle;
    }
    return high;
  }

  const Trial& at(Amount& amount, std::int64_t step) {
    const auto known = amount.trials.find(step);
    if (known != amount.trials.end()) {
      return known->second;
    }
    const std::string setting = amount.lever.setting(amount.lever.amount + step);
    return amount.trials.emplace(step, trials_.run_with(setting, false)).first->second;
  }

  bool helps(const Trial& trial) const {
    return trial.ending == Trial::Ending::done &&
           (!out_.result || trial.latency_ps < out_.latency_ps);
  }

  // By the run that the printed line makes, its baseline included.
  bool confirm(const std::string& setting, std::int64_t step, const Trial& alone) {
    const Trial trial = has_baseline_ ? trials_.run_with(setting, true) : alone;
    if (helps(trial)) {
      keep("--set", setting, step, trial);
    } else if (!out_.result && trial.ending == Trial::Ending::infeasible) {
      keep("--set", setting, step, alone);
      out_.changes.back().without_baseline = true;
    }
    return helps(trial);
  }

  void keep(const char* option, const std::string& setting, std::int64_t step, const Trial& trial) {
    FoundChange& change = out_.changes.emplace_back();
    change.option = option;
    change.setting = setting;
    change.step = step;
    change.latency_ps = trial.latency_ps;
    if (out_.result) {
      change.copies = changed_copies(*out_.result, trial);
      change.ratio = trial.latency_ps > 0 ? static_cast<double>(out_.latency_ps) /
                                                static_cast<double>(trial.latency_ps)
                                          : 0;
    }
  }

  const recipe::ParsedRecipe& recipe_;
  const recipe::Edits& edits_;
  const plugin::Registry& registry_;
  Trials trials_;
  bool has_baseline_ = false;
  Explanation out_;
};

}  // namespace

Explanation explain(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
                    const plugin::Registry& registry, const TrialOptions& options) {
  return Explainer(recipe, edits, registry, options).explain();
}

}  // namespace imbrex::experiment
