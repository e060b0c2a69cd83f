#include "run/segment_remedy.hpp"

#include "plugin/traits.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::run {
namespace {

// A message that names every component of a large installation helps nobody.
constexpr std::size_t kMaxShown = 3;

bool cuts(const Component& component) {
  return component.kind == Kind::partitioner &&
         has(component.requires_traits, Trait::weight_replacement);
}

}  // namespace

std::string segment_remedy(const recipe::ResolvedPlan& plan,
                           std::span<const Component* const> components) {
  const auto of = [](const recipe::PlannedComponent& planned) -> const Component& {
    return planned.config.component();
  };
  const Trait hardware = of(plan.architecture).provides_traits | of(plan.cost).provides_traits;
  std::vector<std::string_view> ids;
  for (const Component* const component : components) {
    if (cuts(*component) && has(hardware, plugin::hardware_needs(*component)) &&
        ids.size() < kMaxShown) {
      ids.push_back(component->id);
    }
  }
  const auto& stages = plan.stages;
  const bool cut_already =
      std::any_of(stages.begin(), stages.end(), [&](const auto& stage) { return cuts(of(stage)); });
  if (ids.empty() || cut_already) {
    return {};
  }
  const auto partitioner = std::find_if(stages.begin(), stages.end(), [&](const auto& stage) {
    return of(stage).kind == Kind::partitioner;
  });
  const std::string names = fmt::format("{}", fmt::join(ids, " or "));
  return partitioner == stages.end()
             ? fmt::format("; a first [[stage]] could cut the network into segments: {}", names)
             : fmt::format("; to cut the network into segments: --set stage.{}.use={}",
                           partitioner - stages.begin() + 1, names);
}

}  // namespace imbrex::run
