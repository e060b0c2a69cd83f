#include "plugin/registry_messages.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::plugin {

std::string places_text(const PluginSearchPath& path) {
  std::vector<std::string> places;
  for (const auto* of : {&path.files, &path.recipe_paths, &path.environment, &path.defaults}) {
    for (const std::filesystem::path& place : *of) {
      places.push_back(fmt::format("'{}'", place.string()));
    }
  }
  if (!path.linked.empty()) {
    places.emplace_back("the program itself");
  }
  return fmt::format(
      "in {}", places.empty() ? "no folder at all" : fmt::format("{}", fmt::join(places, ", ")));
}

std::string missing_component_text(const Registry& registry, std::string_view id,
                                   const std::string& places) {
  std::vector<std::string_view> known;
  for (const Component* component : registry.components()) {
    known.push_back(component->id);
  }
  const std::string_view nearest = nearest_name(id, known);
  const std::string message = fmt::format("no component '{}'", id);
  return nearest.empty()
             ? fmt::format(
                   "{} {}; name a library with --plugin FILE or its folder in "
                   "IMBREX_PLUGIN_PATH",
                   message, places)
             : fmt::format("{}; did you mean '{}' ({})?", message, nearest,
                           registry.plugin_of(*registry.find(nearest)).path.filename().string());
}

std::string Registry::load_failures_message() const {
  std::vector<std::string_view> failures;
  for (const PluginEntry& entry : plugins()) {
    if (entry.state != LoadState::loaded) {
      failures.push_back(entry.message);
    }
  }
  if (failures.empty()) {
    return {};
  }
  const bool one = failures.size() == 1;
  return fmt::format("{} plugin {} could not be loaded; a missing component may be in {}:\n  {}",
                     failures.size(), one ? "library" : "libraries", one ? "it" : "one of them",
                     fmt::join(failures, "\n  "));
}

const Component& require_component(const Registry& registry, std::string_view id) {
  const Component* const component = registry.find(id);
  if (component == nullptr) {
    const std::string failures = registry.load_failures_message();
    throw InputError(registry.not_found_message(id) + (failures.empty() ? "" : "\n") + failures);
  }
  return *component;
}

}  // namespace imbrex::plugin
