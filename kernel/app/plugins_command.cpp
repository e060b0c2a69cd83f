// File: plugins_command.cpp
//
// `imbrex plugins`: what is installed, what could not be used and why, what combines with what.
#include "commands.hpp"
#include "component_json.hpp"
#include "session.hpp"
#include "text_table.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

void print_libraries(const Registry& registry) {
  TextTable table({"LIBRARY", "STATE", "PLUGIN", "VERSION", "COMPONENTS"});
  for (const PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor == nullptr) {
      const bool refused = entry.state == LoadState::refused;
      table.row({entry.path.filename().string(), refused ? "refused" : "broken", "-", "-", "-"});
      continue;
    }
    table.row({entry.path.filename().string(), "loaded", std::string(entry.descriptor->id),
               std::string(entry.descriptor->version),
               fmt::format("{}", entry.descriptor->components.size())});
  }
  fmt::print("{}", table.text(0));
}

void print_failures(const Registry& registry) {
  for (const PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor == nullptr) {
      fmt::print("\n{}\n  {}\n", entry.path.string(), entry.message);
    }
  }
}

void print_components(const Registry& registry) {
  TextTable table({"COMPONENT", "KIND", "SUMMARY"});
  for (const Component* component : registry.components()) {
    table.row({std::string(component->id), std::string(kind_name(component->kind)),
               std::string(component->summary)});
  }
  fmt::print("\n{}", table.text(0));
}

bool is_stage(const Component& component) {
  return component.kind == Kind::partitioner || component.kind == Kind::search_strategy ||
         component.kind == Kind::overlap_analyzer;
}

bool takes_part_in_traits(const Component& component) {
  return is_stage(component) || component.kind == Kind::architecture_model ||
         component.kind == Kind::cost_model;
}

// '.': the row needs nothing; '+': the column leaves all it needs; '/': part of it; '-': none of
// it.
char cell(const Component& row, const Component& column) {
  const auto needed = static_cast<std::uint32_t>(row.requires_traits);
  const auto left = static_cast<std::uint32_t>(column.provides_traits);
  if (needed == 0) {
    return '.';
  }
  if ((needed & left) == needed) {
    return '+';
  }
  return (needed & left) != 0 ? '/' : '-';
}

void print_matrix(const Registry& registry) {
  std::vector<const Component*> columns;
  for (const Component* component : registry.components()) {
    if (takes_part_in_traits(*component)) {
      columns.push_back(component);
    }
  }
  std::vector<std::string> header = {"STAGE", "NEEDS", "LEAVES"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    header.push_back(fmt::format("{}", i + 1));
  }
  TextTable table(std::move(header));
  for (const Component* row : columns) {
    if (!is_stage(*row)) {
      continue;
    }
    std::vector<std::string> cells = {std::string(row->id), trait_names(row->requires_traits),
                                      trait_names(row->provides_traits)};
    for (const Component* column : columns) {
      cells.emplace_back(1, cell(*row, *column));
    }
    table.row(std::move(cells));
  }
  fmt::print("{}\nColumns are what came before:\n", table.text(0));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    fmt::print("  {:>2}  {} ({})\n", i + 1, columns[i]->id, kind_name(columns[i]->kind));
  }
  fmt::print(
      "\n.  the stage needs nothing\n+  the column leaves all it needs\n"
      "/  the column leaves part of it\n-  the column leaves none of it; something else must\n");
}

}  // namespace

int plugins_command(const PluginsOptions& options) {
  const auto registry = open_registry(options.common, nullptr);
  if (options.json) {
    fmt::print("{}", plugins_json(*registry));
    return kExitDone;
  }
  if (options.matrix) {
    print_matrix(*registry);
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
