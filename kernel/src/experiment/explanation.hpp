// What would move the makespan of a recipe, or make it feasible: every change is found and
// confirmed by running the changed recipe.
#pragma once

#include "experiment/trials.hpp"
#include "run/makespan_bounds.hpp"

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::experiment {

// An operator that a change gives another number of copies.
struct CopyChange {
  std::string name;
  std::int64_t before = 0;
  std::int64_t after = 0;
};

struct FoundChange {
  std::string option;             // "--set" or "--unset"
  std::string setting;            // what follows it: "architecture.extra_pes=42"
  bool without_baseline = false;  // what the recipe is compared with stays infeasible
  std::int64_t step = 0;          // how much of an amount more; 0: no amount
  std::int64_t latency_ps = 0;
  double ratio = 0;  // latency before over latency after; 0: there was none before
  std::vector<CopyChange> copies;
};

struct Explanation {
  std::optional<Result> result;      // of the recipe as it is; none: infeasible
  std::string infeasible;            // why
  std::int64_t latency_ps = 0;       // of the result
  run::MakespanBounds bounds;        // likewise
  std::string resource;              // what placements own: "PE"
  std::vector<FoundChange> changes;  // in the order in which they were found
  std::int64_t evaluations = 0;      // runs beside the recipe's own
  bool out_of_tries = false;         // there was more to try
  bool interrupted = false;          // likewise, because somebody asked to stop
};

// Runs the recipe with `edits`, then moves one lever (levers.hpp) after the other.
// Feasible: an amount grows by 1, 2, 4, ... 64 until the makespan is shorter, then, up to 16, by
// every smaller step that was left out, beyond that by bisection: the least step that was found to
// shorten it. The values of other levers are tried in turn, the first that shortens it counts. A
// lever is left when a step fails, an amount's also when it is infeasible.
// Infeasible: first without the baseline, and no more when that does; then with other partitioners;
// then all amounts grow by 1, then by 2, 4, ..., each until it fails or makes the recipe feasible,
// by the least step again; steps end at twice the one that did first. Then the values of other
// levers. Every change is confirmed by a run with the recipe's baseline, just as `imbrex run` runs
// it. Deterministic. Errors: InputError when the recipe is wrong as it is; CancelledError before
// anything is known; as `run_plan` otherwise, but for infeasibility, which is part of the answer.
Explanation explain(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
                    const plugin::Registry& registry, const TrialOptions& options);

}  // namespace imbrex::experiment
