#include "recipe/baseline_shape.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace imbrex::recipe {
namespace {

// Every overlap analyzer calls them so (sdk/docs/recipes.md).
constexpr std::array<std::string_view, 4> kShapeKeys = {"granularity", "rows", "block", "samples"};

const ParamSpec* find_spec(const Component& component, std::string_view name) {
  const auto found = std::find_if(component.params.begin(), component.params.end(),
                                  [name](const ParamSpec& spec) { return spec.name == name; });
  return found == component.params.end() ? nullptr : &*found;
}

bool means_the_same(const ParamSpec& a, const ParamSpec& b) {
  return a.type == b.type &&
         std::equal(a.choices.begin(), a.choices.end(), b.choices.begin(), b.choices.end());
}

bool analyzes(const PlannedComponent& stage) {
  // Stages that were complained about have no component.
  return stage.config.get() != nullptr && stage.config.component().kind == Kind::overlap_analyzer;
}

}  // namespace

void take_job_shape(PlannedComponent& baseline_stage, const RecipeValue& table,
                    std::span<const PlannedComponent> main_stages) {
  const auto main = std::find_if(main_stages.rbegin(), main_stages.rend(), analyzes);
  if (main == main_stages.rend() || !analyzes(baseline_stage)) {
    return;
  }
  for (const std::string_view key : kShapeKeys) {
    const ParamSpec* const from = find_spec(main->config.component(), key);
    const ParamSpec* const to = find_spec(baseline_stage.config.component(), key);
    if (table.find(key) == nullptr && from != nullptr && to != nullptr &&
        means_the_same(*from, *to)) {
      to->store(baseline_stage.config.get(), from->load(main->config.get()));
    }
  }
}

}  // namespace imbrex::recipe
