// What a registry says of components that it does not have.
#include "plugin/registry.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace imbrex::plugin {

std::string Registry::not_found_message(std::string_view id) const {
  std::vector<std::string_view> known;
  for (const Component* component : components()) {
    known.push_back(component->id);
  }
  const std::string_view nearest = nearest_name(id, known);
  std::string message = fmt::format("no component '{}'", id);
  if (!nearest.empty()) {
    message += fmt::format("; did you mean '{}' ({})?", nearest,
                           plugin_of(*find(nearest)).path.filename().string());
  }
  return message;
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
