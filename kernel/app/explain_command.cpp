// `imbrex explain RESULT`: what bounds the makespan, who could be slower, and what would move it.
#include "command_parts.hpp"
#include "commands.hpp"
#include "experiment/explanation.hpp"
#include "explain_json.hpp"
#include "explain_text.hpp"
#include "interrupt.hpp"
#include "plugin/status_line.hpp"
#include "progress_json.hpp"
#include "recipe/parsed_recipe.hpp"
#include "run_parts.hpp"

#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

// How far it is.
class RunCount {
 public:
  RunCount(plugin::ProgressMode mode, std::int64_t most) : line_(mode), most_(most) {}

  void tell(std::int64_t before, std::string_view edit) {
    if (before == 0 || !line_.is_due()) {
      return;
    }
    if (!line_.is_json()) {
      line_.show(
          fmt::format("imbrex: changed recipe {} of at most {}: {}", before + 1, most_, edit));
      return;
    }
    SweepCount count;
    count.over = static_cast<std::size_t>(before);
    count.runs = static_cast<std::size_t>(most_);
    count.elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
    line_.show(sweep_progress_json(count));
  }

 private:
  using Clock = std::chrono::steady_clock;

  plugin::StatusLine line_;
  std::int64_t most_;
  Clock::time_point start_ = Clock::now();
};

experiment::Explanation explain(const ExplainOptions& options, const recipe::ParsedRecipe& recipe,
                                const recipe::Edits& edits, const plugin::Registry& registry) {
  const InterruptGuard interrupts;
  RunCount count(progress_mode(options.common), options.tries);
  experiment::TrialOptions engine;
  engine.tries = options.tries;
  engine.threads = options.threads;
  engine.checks = memory_checks(options.max_memory_bytes);
  engine.tell = [&count](std::int64_t before, std::string_view edit) { count.tell(before, edit); };
  return experiment::explain(recipe, edits, registry, engine);
}

}  // namespace

int explain_command(const ExplainOptions& options) {
  const recipe::RecipeSource source = recipe_source(options.recipe);
  const auto registry = open_registry(options.common, &source);
  resolve_and_tell(source, *registry, options.common.quiet);
  const experiment::Explanation explanation =
      explain(options, recipe::ParsedRecipe::of_file(source.path), source.edits, *registry);
  fmt::print("{}", options.format == "json"
                       ? explanation_json(explanation)
                       : explanation_text(explanation, static_cast<std::size_t>(options.layers)));
  if (explanation.interrupted) {
    return kExitInterrupted;
  }
  return explanation.result || !explanation.changes.empty() ? kExitDone : kExitInfeasible;
}

}  // namespace imbrex::app
