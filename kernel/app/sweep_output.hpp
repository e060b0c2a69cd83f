// What `imbrex sweep` says and writes about the points of an experiment.
#pragma once

#include "experiment/sweep.hpp"
#include "result/environment.hpp"

#include <filesystem>
#include <string>

namespace imbrex::app {

// "3 points, 2 different runs: 1 kept, 1 new".
std::string sweep_overview(const experiment::ExperimentPlan& plan,
                           const experiment::Backlog& backlog);
// The overview and a line per point: "kept", or why it runs.
std::string dry_run_text(const experiment::ExperimentPlan& plan,
                         const experiment::Backlog& backlog);
// On stderr: why points have no numbers, each reason once with the first point that has it, and
// metrics that nobody has.
void tell_reasons(const experiment::ExperimentPlan& plan, const experiment::Records& records);
// points.csv, experiment.json, experiment.html, tables.md, environment.json and the database.
// Errors: Error (the disk).
void write_sweep_files(const experiment::ExperimentPlan& plan, const experiment::Records& records,
                       const std::filesystem::path& folder, const result::Environment& environment);

}  // namespace imbrex::app
