// `imbrex plugins`: what is installed, what could not be used and why, what combines with what.
#include "combination_matrix.hpp"
#include "command_parts.hpp"
#include "commands.hpp"
#include "plugin/component_json.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

void print_libraries(const plugin::Registry& registry) {
  text::Table table({"LIBRARY", "STATE", "PLUGIN", "VERSION", "COMPONENTS"}, "lllLr");
  for (const plugin::PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor == nullptr) {
      const bool refused = entry.state == plugin::LoadState::refused;
      table.row({entry.path.filename().string(), refused ? "refused" : "broken", "-", "-", "-"});
      continue;
    }
    table.row({entry.path.filename().string(), "loaded", std::string(entry.descriptor->id),
               std::string(entry.descriptor->version),
               fmt::format("{}", entry.descriptor->components.size())});
  }
  fmt::print("{}", table.text(stdout_style(), 0));
}

void print_failures(const plugin::Registry& registry) {
  for (const plugin::PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor == nullptr) {
      fmt::print("\n{}\n  {}\n", entry.path.string(), entry.message);
    }
  }
}

void print_components(const plugin::Registry& registry) {
  text::Table table({"COMPONENT", "KIND", "SUMMARY"}, "L");
  for (const Component* component : registry.components()) {
    table.row({std::string(component->id), std::string(kind_name(component->kind)),
               std::string(component->summary)});
  }
  fmt::print("\n{}", table.text(stdout_style(), 0));
}

}  // namespace

int plugins_command(const PluginsOptions& options) {
  const auto registry = open_registry(options.common, nullptr);
  if (options.json) {
    fmt::print("{}", plugin::plugins_json(*registry));
    return kExitDone;
  }
  if (options.matrix) {
    fmt::print("{}", combination_matrix(registry->components()));
    return kExitDone;
  }
  if (registry->plugins().empty()) {
    fmt::print("no plugins found; name one with --plugin or set IMBREX_PLUGIN_PATH\n");
    return kExitDone;
  }
  print_libraries(*registry);
  print_components(*registry);
  print_failures(*registry);
  return kExitDone;
}

}  // namespace imbrex::app
