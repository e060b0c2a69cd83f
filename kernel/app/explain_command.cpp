// `imbrex explain RESULT`: what bounds the makespan, who could be slower, and what would move it.
#include "commands.hpp"
#include "experiment/explanation.hpp"
#include "explain_json.hpp"
#include "explain_text.hpp"
#include "interrupt.hpp"
#include "recipe/parsed_recipe.hpp"
#include "run_parts.hpp"
#include "session.hpp"

#include <cstdio>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

// How far it is, on one line of a terminal that goes away in the end.
class RunCount {
 public:
  RunCount(bool quiet, std::int64_t most)
      : shown_(!quiet && ::isatty(STDERR_FILENO) != 0), most_(most) {}
  ~RunCount() {
    if (shown_) {
      std::fputs("\r\033[K", stderr);
    }
  }
  RunCount(const RunCount&) = delete;
  RunCount& operator=(const RunCount&) = delete;

  // Short enough for one line: what is longer could not be erased.
  void tell(std::int64_t before, std::string_view edit) const {
    if (shown_) {
      fmt::print(stderr, "\r\033[Kimbrex: changed recipe {} of at most {}: {:.32}", before + 1,
                 most_, edit);
      std::fflush(stderr);
    }
  }

 private:
  bool shown_;
  std::int64_t most_;
};

experiment::Explanation explain(const ExplainOptions& options, const recipe::ParsedRecipe& recipe,
                                const recipe::Edits& edits, const plugin::Registry& registry) {
  const InterruptGuard interrupts;
  const RunCount count(options.common.quiet, options.tries);
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
