// The points of an experiment as one SQLite file, for questions that no table of ours answers.
#pragma once

#include "experiment/tables.hpp"

#include <filesystem>

namespace imbrex::experiment {

inline constexpr const char* kDatabaseName = "experiment.sqlite";

// Writes FOLDER/experiment.sqlite anew, next to it first and then in its place:
//   axis(position, name), level(axis, position, label), point(id, plan_sha256, state, message),
//   point_level(point, axis, level), value(plan_sha256, quantity, unit, number, text)
// Errors: Error (the disk).
void write_database(const ExperimentPlan& plan, const Records& records,
                    const std::filesystem::path& folder);

}  // namespace imbrex::experiment
