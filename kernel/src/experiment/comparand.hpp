// One side of a comparison: what a run or a point of an experiment came to, and its plan.
#pragma once

#include "experiment/point_record.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::experiment {

struct ComparedOperator {
  std::string name;
  double duration_ps = 0;
};

struct Comparand {
  std::string label;
  std::vector<std::pair<std::string, double>> quantities;  // numbers only, in order
  std::vector<ComparedOperator> operators;                 // of a result folder
  // Every parameter of the plan: "stage.1.granularity" and its value as a recipe writes it.
  std::vector<std::pair<std::string, std::string>> settings;
};

// A result folder, or the file of a point of an experiment (FOLDER/points/DIGEST.json). Errors:
// InputError that says what there is instead.
Comparand read_comparand(const std::filesystem::path& path);

// Short names that differ: the last part of each path, eight digits of a digest; else whole paths.
void shorten_labels(std::vector<Comparand>& sides);

// The settings of a plan's text.
std::vector<std::pair<std::string, std::string>> settings_of(std::string_view plan,
                                                             std::string_view name);

}  // namespace imbrex::experiment
