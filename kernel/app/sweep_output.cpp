#include "sweep_output.hpp"

#include "experiment/database.hpp"
#include "experiment/page.hpp"
#include "experiment/render.hpp"
#include "result/result_json.hpp"
#include "result/result_list.hpp"
#include "run_parts.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

namespace imbrex::app {

namespace fs = std::filesystem;
namespace ex = imbrex::experiment;

std::string sweep_overview(const ex::ExperimentPlan& plan, const ex::Backlog& backlog) {
  std::map<std::string, std::size_t> reasons;
  for (const ex::Task& task : backlog.tasks()) {
    ++reasons[task.why];
  }
  std::string text = fmt::format("{} points, {} different runs: {} kept", plan.points.size(),
                                 plan.plans.size(), plan.plans.size() - backlog.tasks().size());
  for (const auto& [why, count] : reasons) {
    text +=
        why == "new" ? fmt::format(", {} new", count) : fmt::format(", {} again ({})", count, why);
  }
  return text;
}

std::string dry_run_text(const ex::ExperimentPlan& plan, const ex::Backlog& backlog) {
  std::string text = sweep_overview(plan, backlog) + "\n";
  std::map<std::size_t, std::string> why;
  for (const ex::Task& task : backlog.tasks()) {
    why.emplace(task.plan, task.why);
  }
  for (const ex::PlannedPoint& point : plan.points) {
    const auto at = why.find(point.plan);
    text += fmt::format("  {}: {}\n", ex::description_of(plan.experiment, point.point),
                        at == why.end() ? "kept" : at->second);
  }
  return text;
}

void tell_reasons(const ex::ExperimentPlan& plan, const ex::Records& records) {
  std::map<std::string, std::pair<std::string, std::size_t>> reasons;
  for (const ex::PlannedPoint& point : plan.points) {
    const auto& record = records[point.plan];
    if (record && record->state != ex::PointState::done) {
      auto& [first, count] =
          reasons[fmt::format("{}: {}", to_string(record->state), record->message)];
      first = count++ == 0 ? ex::description_of(plan.experiment, point.point) : first;
    }
  }
  for (const auto& [reason, at] : reasons) {
    print_note(at.second == 1
                   ? fmt::format("{}: {}", at.first, reason)
                   : fmt::format("{} and {} more points: {}", at.first, at.second - 1, reason));
  }
  for (const std::string& missing : ex::missing_metrics(plan, records)) {
    print_note("warning: " + missing);
  }
}

void write_sweep_files(const ex::ExperimentPlan& plan, const ex::Records& records,
                       const fs::path& folder, const result::Environment& environment) {
  ex::replace_file(folder, "points.csv", ex::points_csv(plan, records));
  ex::replace_file(folder, result::kExperimentFile, ex::render(plan, records, ex::Format::json));
  ex::replace_file(folder, "tables.md", ex::render(plan, records, ex::Format::markdown));
  ex::replace_file(folder, "experiment.html", ex::experiment_page(plan, records));
  ex::replace_file(folder, std::string(result::kEnvironmentFile),
                   result::environment_json(environment));
  ex::write_database(plan, records, folder);
}

}  // namespace imbrex::app
