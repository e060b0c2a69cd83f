// What one run and a study of several seeds share.
#pragma once

#include "options.hpp"
#include "recipe/plan.hpp"
#include "result/result_writer.hpp"
#include "run/checks.hpp"

#include <imbrex/plugin/host.hpp>

#include <filesystem>
#include <optional>
#include <string_view>

namespace imbrex::app {

// Returns what `run` returns. When it fails for another reason than bad input, infeasibility or an
// interrupt, a reproducer of `plan` is written next to `folder` and named in the message.
int reproducible(const recipe::ResolvedPlan& plan, const result::CarriedInputs& inputs,
                 const std::filesystem::path& folder, FunctionRef<int()> run);

// A line for the person on stderr. Never throws: the terminal may be gone.
void print_note(std::string_view text) noexcept;

// Everything is checked; an analysis may take so much memory, or, for 0, what the machine's default
// is.
run::Checks memory_checks(std::int64_t max_memory_bytes);

// What --isolate asks for; nothing when it is not given. Errors: InputError when it names a
// component that there is not, or limits without it.
std::optional<run::Isolation> isolation_of(const IsolateOptions& options,
                                           const plugin::Registry& registry);

// As `memory_checks`, with what else the options ask for. `isolation` outlives the run.
run::Checks checks_of(const RunOptions& options, const std::optional<run::Isolation>& isolation);

result::WriteOptions write_options(const RunOptions& options, const std::filesystem::path& folder);

// The files of the plan that its folder is going to carry; says which are too large for that.
result::CarriedInputs inputs_of(const recipe::ResolvedPlan& plan, const RunOptions& options);

// `imbrex run --seeds N`. Returns an exit code. Errors: as run_plan and write_results.
int run_seeds(const RunOptions& options, const recipe::RecipeSource& source,
              const recipe::ResolvedPlan& plan, const plugin::Registry& registry);

}  // namespace imbrex::app
