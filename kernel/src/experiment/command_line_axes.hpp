// The experiment that a command line describes: a recipe, and --set with several values.
#pragma once

#include "experiment/experiment.hpp"

#include <filesystem>

namespace imbrex::experiment {

// "architecture.extra_pes=0..64" and "objective=latency,energy" become axes in their order,
// crossed; everything else is the same at every point. An axis is named after the last part of its
// key, or after the whole key where two would be called alike. A value in quotes is one value.
// Errors: InputError (malformed range).
Experiment experiment_of(const std::filesystem::path& recipe, const recipe::Edits& edits);

// The same on top of an experiment that a file describes. Errors: as above, or an axis that is
// there already.
void add_command_line(Experiment& experiment, const recipe::Edits& edits);

}  // namespace imbrex::experiment
