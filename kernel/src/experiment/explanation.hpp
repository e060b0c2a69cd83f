// What would move the makespan of a recipe, or make it feasible: every change is found and
// confirmed by running the changed recipe.
#pragma once

#include "experiment/levers.hpp"
#include "recipe/parsed_recipe.hpp"
#include "run/checks.hpp"
#include "run/makespan_bounds.hpp"

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <functional>
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
  std::string option;   // "--set" or "--unset"
  std::string setting;  // what follows it: "architecture.extra_pes=42"
  std::int64_t latency_ps = 0;
  double ratio = 0;  // latency before over latency after; 0: there was none before
  std::vector<CopyChange> copies;
};

struct Explanation {
  std::optional<Result> result;      // of the recipe as it is; none: infeasible
  std::string infeasible;            // why
  std::int64_t latency_ps = 0;       // of the result
  run::MakespanBounds bounds;        // likewise
  std::vector<FoundChange> changes;  // in the order of the levers, one per lever at most
  std::int64_t evaluations = 0;      // runs beside the recipe's own
  bool out_of_tries = false;         // levers were left untried
  bool interrupted = false;          // likewise, because somebody asked to stop
};

struct ExplainOptions {
  std::int64_t tries = 100;  // runs of changed recipes at most
  int threads = 0;           // of each run
  run::Checks checks;
  // Told before every run: how many came before.
  std::function<void(std::int64_t)> tell;
};

// Runs the recipe with `edits`, then with one lever after the other moved:
//   an amount by 1, 2, 4, ... until the makespan is shorter, then, up to 16, every smaller step
//     that was left out, beyond that by bisection: the least step that was found to shorten it;
//   the values of other levers in turn, the first that shortens it.
// A lever is left when a step ends in an error, or an amount's in infeasibility. Every change is
// confirmed by a run with the recipe's baseline, just as `imbrex run` runs it. Deterministic.
// Errors: InputError when the recipe is wrong as it is; CancelledError before anything is known;
// as `run_plan` otherwise, but for infeasibility, which is part of the answer.
Explanation explain(const recipe::ParsedRecipe& recipe, const recipe::Edits& edits,
                    const plugin::Registry& registry, const ExplainOptions& options);

}  // namespace imbrex::experiment
