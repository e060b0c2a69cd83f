// Reads the file of an experiment (sdk/docs/experiments.md).
#pragma once

#include "experiment/experiment.hpp"
#include "experiment/fields.hpp"

#include <filesystem>

namespace imbrex::experiment {

inline constexpr int kExperimentFormat = 1;

// Whether the file says that it is an experiment rather than a recipe. False when it cannot be
// read: whoever reads it next says why.
bool is_experiment_file(const std::filesystem::path& path);

// Errors: InputError with everything that is wrong in the file.
Experiment read_experiment(const std::filesystem::path& path);

// A value as a recipe writes it.
std::string value_text(DocumentNode value);
// A value of the file as an override writes it: "key=VALUE".
std::string override_text(std::string_view key, DocumentNode value);

// [[axis]]. Nothing after a complaint.
std::optional<Axis> read_axis(const Document& document, DocumentNode table,
                              const std::filesystem::path& folder, Diagnostics& diagnostics);
// [[table]], [[contributions]] and [[front]].
void read_table(const Document& document, DocumentNode table, Experiment& experiment,
                Diagnostics& diagnostics);
void read_contributions(const Document& document, DocumentNode table, Experiment& experiment,
                        Diagnostics& diagnostics);
void read_front(const Document& document, DocumentNode table, Experiment& experiment,
                Diagnostics& diagnostics);
// [search], when all axes are known.
void read_search(const Document& document, DocumentNode table, Experiment& experiment,
                 Diagnostics& diagnostics);
// Complains unless it is known which way the metric is better.
void require_direction(const Fields& fields, DocumentNode at, const std::string& metric);
// { axis = "label", axis = ["label", "label"] }
Selection read_selection(const Fields& fields, DocumentNode table, const Experiment& experiment);
// What `set`, `unset` and `profile` of a table change; paths start at `folder`.
recipe::Edits read_edits(const Fields& fields, const std::filesystem::path& folder);

}  // namespace imbrex::experiment
