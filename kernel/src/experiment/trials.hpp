// Runs of a recipe with one edit more, as many as there may be.
#pragma once

#include "plugin/registry.hpp"
#include "recipe/parsed_recipe.hpp"
#include "run/checks.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/host.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imbrex::experiment {

struct TrialOptions {
  std::int64_t tries = 200;  // runs of changed recipes at most
  int threads = 0;           // of each run
  run::Checks checks;
  // Told before every run of a changed recipe: how many came before, and what is changed.
  std::function<void(std::int64_t, std::string_view)> tell;
};

// How the run of a changed recipe ended, and what is kept of it.
struct Trial {
  enum class Ending : std::uint8_t { done, infeasible, failed };
  Ending ending = Ending::failed;
  std::int64_t latency_ps = 0;
  std::vector<std::pair<std::string, std::int64_t>> copies;  // operator, workload order
};

std::vector<std::pair<std::string, std::int64_t>> copies_of(const Result& result);

// [one thread]
class Trials {
 public:
  // Keeps references to all of them.
  Trials(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
         const plugin::Registry& registry, const TrialOptions& options)
      : recipe_(recipe), edits_(edits), registry_(registry), options_(options) {}

  // What is asked of an outcome is asked while the services live that its components may call.
  using Look = FunctionRef<void(const run::RunOutcome&)>;
  // Errors: as run_plan; CancelledError too when the outcome is partial.
  void run(const recipe::ResolvedPlan& plan, Look look) const;

  // With `edit` behind all others; with the recipe's baseline, or, in less time, without. An edit
  // that is no recipe ends as `failed` and does not count as a run. Requires: left() > 0. Errors:
  // CancelledError.
  Trial run_with(const recipe::Edit& edit, bool with_baseline);
  std::int64_t count() const noexcept { return count_; }
  std::int64_t left() const noexcept { return options_.tries - count_; }

 private:
  const recipe::ParsedRecipe& recipe_;
  const recipe::Edits& edits_;
  const plugin::Registry& registry_;
  const TrialOptions& options_;
  std::int64_t count_ = 0;
};

}  // namespace imbrex::experiment
