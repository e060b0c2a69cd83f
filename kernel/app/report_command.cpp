// `imbrex report FOLDER`: reports of a result that is there already.
#include "command_parts.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "recipe/toml_text.hpp"
#include "report_folder.hpp"
#include "result/result_writer.hpp"
#include "result/stored_result.hpp"
#include "run_parts.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// The plan with the reports that are asked for. Where it has just these there is nothing to edit,
// and nobody is told of an edit in vain that nobody typed.
recipe::RecipeSource with_reports(const ReportOptions& options, const recipe::ResolvedPlan& stored,
                                  const plugin::Registry& registry) {
  recipe::RecipeSource source = recipe_source({options.folder, {}});
  std::string reports;
  for (const std::string& component : options.components) {
    reports +=
        fmt::format("{}{{use = {}}}", reports.empty() ? "" : ", ", recipe::toml_string(component));
  }
  if (!reports.empty()) {
    source.edits.emplace_back(fmt::format("report=[{}]", reports));
    if (recipe::resolve(source, registry).to_toml("/") == stored.to_toml("/")) {
      source.edits.clear();
    }
  }
  source.edits.insert(source.edits.end(), options.edits.begin(), options.edits.end());
  return source;
}

std::vector<recipe::PlannedComponent> reports_of(const ReportOptions& options,
                                                 const recipe::ResolvedPlan& stored,
                                                 const plugin::Registry& registry) {
  recipe::ResolvedPlan wanted =
      resolve_and_tell(with_reports(options, stored, registry), registry, options.common.quiet);
  std::vector<recipe::PlannedComponent> reports = wanted.reports;
  wanted.reports = stored.reports;
  if (wanted.sha256() != stored.sha256()) {
    throw InputError("only reports can be changed here; 'imbrex run' makes another result");
  }
  return reports;
}

class Rebuilding {
 public:
  Rebuilding(const ReportOptions& options, const recipe::ResolvedPlan& plan,
             const plugin::Registry& registry, plugin::HostServices& services)
      : options_(options),
        plan_(plan),
        registry_(registry),
        services_(services),
        stored_(result::read_stored_result(options.folder)) {
    if (stored_.plan_sha256 != plan.sha256()) {
      throw InputError(fmt::format("plan.toml in '{}' is not the plan of the result.json beside it",
                                   options.folder));
    }
  }

  run::RunOutcome outcome() {
    if (std::optional<run::RunOutcome> decided = from_decisions()) {
      return std::move(*decided);
    }
    if (stored_.partial) {
      throw InputError(fmt::format(
          "the run of '{}' was interrupted, and what it had reached cannot be made again",
          options_.folder));
    }
    if (!options_.common.quiet) {
      print_note("the decisions in result.json do not give it again; the plan runs once more");
    }
    run::RunOutcome again = run(plan_);
    again.result.plugins = stored_.plugins;
    const std::string difference = result::stored_difference(stored_, again);
    if (!difference.empty()) {
      throw Error(ErrorCode::failed,
                  fmt::format("'{}' cannot be made again: {}; imbrex run {} --locked says what has "
                              "changed",
                              options_.folder, difference, options_.folder));
    }
    return again;
  }

 private:
  run::RunOutcome run(const recipe::ResolvedPlan& plan) {
    run::RunOutcome outcome =
        run::run_plan(plan, registry_, services_, memory_checks(options_.max_memory_bytes));
    if (outcome.result.partial) {
      throw Error(ErrorCode::cancelled, "interrupted; nothing was written");
    }
    return outcome;
  }

  // Nothing when these bytes do not come of the decisions, for whatever reason.
  std::optional<run::RunOutcome> from_decisions() {
    const auto decided =
        result::plan_of_decisions(plan_, stored_, registry_, {kGivenPartitioner, kGivenSearch});
    if (!decided) {
      return std::nullopt;
    }
    try {
      run::RunOutcome outcome = run(*decided);
      result::restore(plan_, stored_, outcome.result);
      return result::stored_difference(stored_, outcome).empty() ? std::optional(std::move(outcome))
                                                                 : std::nullopt;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) {
        throw;
      }
      return std::nullopt;
    }
  }

  const ReportOptions& options_;
  const recipe::ResolvedPlan& plan_;
  const plugin::Registry& registry_;
  plugin::HostServices& services_;
  result::StoredResult stored_;
};

}  // namespace

int report_command(const ReportOptions& options) {
  const recipe::RecipeSource source = recipe_source({options.folder, {}});
  const auto registry = open_registry(options.common, &source);
  recipe::ResolvedPlan plan = recipe::resolve(source, *registry);
  const std::vector<recipe::PlannedComponent> reports = reports_of(options, plan, *registry);
  const InterruptGuard interrupts;
  plugin::HostServices services(host_options(options.common, options.threads));
  const run::RunOutcome outcome = Rebuilding(options, plan, *registry, services).outcome();
  plan.reports = reports;
  ReportFolder folder;
  result::run_reporters(outcome, plan, *registry, services, kDefaultReporter, folder);
  const fs::path target = options.out.empty() ? options.folder : options.out;
  if (!folder.empty()) {
    folder.put(target, options.force);
  }
  if (!options.common.quiet) {
    fmt::print("{}", folder.shown());
    if (!folder.empty()) {
      fmt::print("reports in {}\n", target.string());
    }
  }
  return kExitDone;
}

}  // namespace imbrex::app
