#include "experiment/command_line_axes.hpp"

#include "experiment/value_range.hpp"
#include "recipe/recipe_name.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

Axis axis_of(const std::string& key, std::string_view values) {
  Axis axis{key, {}};
  for (std::string& value : values_of(values)) {
    recipe::Edits edits;
    edits.push_back(key + "=" + value);
    axis.levels.push_back({std::move(value), std::move(edits), {}, {}});
  }
  return axis;
}

std::string last_part(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

void shorten_names(std::vector<Axis>& axes) {
  std::vector<std::string> names;
  for (const Axis& axis : axes) {
    names.push_back(last_part(axis.name));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (std::count(names.begin(), names.end(), names[i]) == 1) {
      axes[i].name = names[i];
    }
  }
}

void require_different(const std::vector<Axis>& axes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (axes[i].name == axes[j].name) {
        throw InputError(
            fmt::format("--set {} is there twice with several values; write them "
                        "in one",
                        axes[i].name));
      }
    }
    std::vector<std::string> labels;
    for (const Level& level : axes[i].levels) {
      labels.push_back(level.label);
    }
    std::sort(labels.begin(), labels.end());
    const auto twice = std::adjacent_find(labels.begin(), labels.end());
    if (twice != labels.end()) {
      throw InputError(fmt::format("--set {}: value '{}' is there twice", axes[i].name, *twice));
    }
  }
}

}  // namespace

void add_command_line(Experiment& experiment, const recipe::Edits& edits) {
  std::vector<Axis> axes;
  for (const recipe::Edit& edit : edits) {
    const std::size_t equals = edit.text.find('=');
    const std::string_view value = equals == std::string::npos
                                       ? std::string_view()
                                       : std::string_view(edit.text).substr(equals + 1);
    if (edit.kind == recipe::Edit::Kind::set && names_several_values(value)) {
      axes.push_back(axis_of(edit.text.substr(0, equals), value));
    } else {
      experiment.edits.push_back(edit);
    }
  }
  require_different(axes);
  shorten_names(axes);
  const bool is_settled =
      !experiment.tables.empty() || !experiment.contributions.empty() || experiment.seeds > 0;
  if (is_settled && !axes.empty()) {
    throw InputError(
        fmt::format("the experiment says what its tables and seeds are made of; an axis "
                    "'{}' more belongs into its file",
                    axes.front().name));
  }
  for (Axis& axis : axes) {
    const auto same = std::find_if(experiment.axes.begin(), experiment.axes.end(),
                                   [&](const Axis& other) { return other.name == axis.name; });
    if (same != experiment.axes.end()) {
      throw InputError(fmt::format("the experiment has an axis '{}' of its own", axis.name));
    }
    experiment.axes.push_back(std::move(axis));
  }
}

Experiment experiment_of(const std::filesystem::path& recipe, const recipe::Edits& edits) {
  Experiment experiment;
  experiment.recipe = recipe;
  experiment.name = recipe::made_a_name(recipe.stem().string() + "-sweep");
  add_command_line(experiment, edits);
  return experiment;
}

}  // namespace imbrex::experiment
