// Runs of recipes, and the decisions of a run as a recipe takes them.
#pragma once

#include "clsa_fixture.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::test {

using Texts = std::vector<std::string>;

// A TOML array.
inline std::string array_of(const Texts& texts) {
  std::string array = "[";
  for (const std::string& text : texts) {
    array += (array.size() > 1 ? ", \"" : "\"") + text + "\"";
  }
  return array + "]";
}

inline run::RunOutcome run_file(const std::string& recipe, const Texts& overrides = {}) {
  static plugin::HostServices services{plugin::HostOptions{}};
  return run::run_plan(recipe::resolve({recipe, overrides}, registry()), registry(), services);
}

// A run of this recipe; `network` becomes net.toml beside it.
inline run::RunOutcome run_text(const std::string& recipe, const std::string& network = "") {
  const TemporaryFolder folder;
  folder.write("net.toml", network);
  return run_file(folder.write("recipe.toml", recipe).string());
}

inline double number(const run::RunOutcome& outcome, std::string_view metric) {
  const MetricValue* const value = outcome.result.metrics.find(metric);
  return value == nullptr ? -1 : std::visit([](auto v) { return static_cast<double>(v); }, *value);
}

// What went wrong, and how a command would end.
struct Failure {
  ErrorCode code = ErrorCode::failed;
  std::string message;  // empty: nothing
};
template <class Function>
Failure failure_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

}  // namespace imbrex::test
