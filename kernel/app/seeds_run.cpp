// `imbrex run RECIPE --seeds N`: the runs of consecutive seeds in one folder, and their spread.
#include "base/files.hpp"
#include "command_parts.hpp"
#include "interrupt.hpp"
#include "locked_run.hpp"
#include "result/seed_study.hpp"
#include "run/runner.hpp"
#include "run_parts.hpp"
#include "time_unit.hpp"

#include <chrono>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

std::string spread_line(std::string_view what, const std::vector<double>& values,
                        const TimeUnit& unit) {
  const result::Spread spread = result::spread_of(values);
  const auto text = [&](double value) { return fmt::format("{:.4g}", value / unit.picoseconds); };
  const std::string_view gap = unit.name == "x" ? "" : " ";
  return fmt::format("{} median {}{}{}, {} seed{}: {} .. {}{}{}\n", what, text(spread.median), gap,
                     unit.name, values.size(), values.size() == 1 ? "" : "s", text(spread.minimum),
                     text(spread.maximum), gap, unit.name);
}

std::string summary(const result::SeedStudy& study) {
  std::string text;
  if (const auto latency_ps = study.metric("latency_ps"); !latency_ps.empty()) {
    text +=
        spread_line("makespan", latency_ps, time_unit_for(result::spread_of(latency_ps).median));
  }
  if (const auto improvements = study.improvements(); !improvements.empty()) {
    text += spread_line("improvement in " + study.objective, improvements, {1, "x"});
  }
  if (const auto speedups = study.speedups(); !speedups.empty()) {
    text += spread_line("speed-up", speedups, {1, "x"});
  }
  return text;
}

// Seeds are TOML integers.
void require_seeds_in_range(std::uint64_t first, std::uint64_t count) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (first > kLargest - (count - 1)) {
    throw InputError(fmt::format("--seeds {}: seeds {} and following go beyond the largest one, {}",
                                 count, first, kLargest));
  }
}

class SeedsRun {
 public:
  SeedsRun(const RunOptions& options, const recipe::RecipeSource& source,
           const recipe::ResolvedPlan& plan, const plugin::Registry& registry)
      : options_(options),
        source_(source),
        plan_(plan),
        registry_(registry),
        target_(options.out.empty() ? default_seeds_folder() : fs::path(options.out)),
        services_(host_options(options.common, options.threads)),
        isolation_(isolation_of(options.isolate, registry)),
        inputs_(inputs_of(plan, options)),
        build_(this_build()) {
    study_.name = plan.name;
    study_.objective = plan.objective;
    study_.requested = static_cast<std::uint64_t>(options.seeds);
    require_seeds_in_range(plan.seed, study_.requested);
  }

  int run() {
    result::RunLock lock = result::lock_of(plan_, registry_, inputs_, build_);
    lock.seeds = study_.requested;
    lock.timeline_jobs = options_.timeline_jobs;
    const LockedRun locked(options_, source_, lock);
    const std::string plan_text = result::plan_text(plan_, target_, inputs_);
    return locked.make_once(target_, plan_text, kSeedsFile,
                            [&] { return run_all(lock, plan_text); });
  }

 private:
  static constexpr const char* kSeedsFile = "seeds.json";

  int run_all(result::RunLock lock, const std::string& plan_text) {
    const InterruptGuard interrupts;
    result::WriteOptions write = write_options(options_, target_);
    result::ResultFolder::check_target(write.folder, write.existing);  // names it as the user did
    result::ResultFolder folder(write.folder, write.existing, write.quiet);
    folder.write("plan.toml", plan_text);
    result::write_inputs(inputs_, folder);
    for (std::uint64_t i = 0; i < study_.requested && !interrupted(); ++i) {
      recipe::ResolvedPlan plan = plan_;
      plan.seed = plan_.seed + i;
      services_.seeds_over(i, study_.requested);
      reproducible(plan, inputs_, target_, [&] { return run_one(plan, folder); });
    }
    if (study_.runs.empty() && !study_.interrupted_seed) {
      throw CancelledError();  // before the first seed had anything to keep
    }
    folder.write(kSeedsFile, result::seeds_json(study_));
    folder.write("seeds.csv", result::seeds_csv(study_));
    lock.partial = study_.partial();
    for (const result::SeedRun& one : study_.runs) {
      const std::string file = result::seed_folder(one.seed) + "/result.json";
      lock.files[file] = sha256_hex_of_file(folder.staging() / file);
    }
    result::write_lock(std::move(lock), folder);
    folder.show(summary(study_));
    folder.show("results in " + target_.string() + "\n");
    folder.commit();
    return report_end();
  }

  fs::path default_seeds_folder() const {
    return result::default_folder(plan_).string() + fmt::format("-{}-seeds", options_.seeds);
  }

  bool interrupted() const {
    return study_.interrupted_seed || plugin::HostServices::cancel_requested();
  }

  int run_one(const recipe::ResolvedPlan& plan, result::ResultFolder& folder) {
    const auto start = std::chrono::steady_clock::now();
    try {
      const run::RunOutcome outcome =
          run::run_plan(plan, registry_, services_, checks_of(options_, isolation_));
      if (!outcome.failure.empty()) {
        throw Error(ErrorCode::failed, outcome.failure);  // half a seed counts in no median
      }
      result::WriteOptions write =
          write_options(options_, folder.staging() / result::seed_folder(plan.seed));
      write.final_folder = target_ / result::seed_folder(plan.seed);
      write.inputs = inputs_;
      write.are_inputs_above = true;
      write.build = build_;
      write.quiet = true;  // N full summaries would bury the one that counts
      write.duration_s =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      result::write_results(outcome, plan, registry_, services_, write);
      study_.add(outcome.result);
    } catch (const InfeasibleError& error) {
      throw InfeasibleError(fmt::format("seed {}: {}", plan.seed, error.what()));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) {
        throw;
      }
    }
    return kExitDone;
  }

  int report_end() const {
    if (!study_.partial()) {
      return kExitDone;
    }
    print_note(fmt::format("interrupted after {} of {} seeds; they are kept in {}",
                           study_.runs.size(), study_.requested, target_.string()));
    return kExitInterrupted;
  }

  const RunOptions& options_;
  const recipe::RecipeSource& source_;
  const recipe::ResolvedPlan& plan_;
  const plugin::Registry& registry_;
  fs::path target_;
  plugin::HostServices services_;
  std::optional<run::Isolation> isolation_;
  result::CarriedInputs inputs_;
  result::Build build_;
  result::SeedStudy study_;
};

}  // namespace

int run_seeds(const RunOptions& options, const recipe::RecipeSource& source,
              const recipe::ResolvedPlan& plan, const plugin::Registry& registry) {
  return SeedsRun(options, source, plan, registry).run();
}

}  // namespace imbrex::app
