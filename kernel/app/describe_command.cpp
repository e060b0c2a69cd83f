// `imbrex describe COMPONENT`: everything a recipe's author needs, from the component's own schema.
#include "command_parts.hpp"
#include "commands.hpp"
#include "plugin/component_json.hpp"
#include "plugin/parameter_text.hpp"
#include "plugin/traits.hpp"
#include "recipe/recipe_sections.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <cstdio>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

void print_field(std::string_view name, std::string_view value) {
  constexpr std::size_t kValueColumn = 12;
  if (!value.empty()) {
    const std::string lines = paragraph(value, kValueColumn);
    fmt::print("  {:<10}{}", name, lines.substr(kValueColumn));
  }
}

void print_parameters(const Component& component) {
  const plugin::ConfigHandle defaults(component);
  constexpr std::size_t kWide = 120;  // below, meanings have lines of their own
  const bool is_wide = !stdout_style().is_terminal || stdout_style().columns >= kWide;
  std::vector<std::string> header = {"PARAMETER", "TYPE", "DEFAULT", "UNIT", "ALLOWED"};
  if (is_wide) {
    header.emplace_back("MEANING");
  }
  text::Table table(std::move(header), "LL");
  for (const ParamSpec& spec : component.params) {
    std::vector<std::string> cells = {
        std::string(spec.name), plugin::type_text(spec.type),
        spec.required ? "(required)" : plugin::value_text(spec, defaults.value(spec)),
        spec.unit_name.empty() ? "-" : std::string(spec.unit_name), plugin::allowed_text(spec)};
    if (is_wide) {
      cells.emplace_back(spec.doc);
    }
    table.row(std::move(cells));
    if (!is_wide) {
      table.below(std::string(spec.doc));
    }
  }
  fmt::print("\n{}", table.text(stdout_style(), 2));
}

// What it may leave in its entry of `stages` in result.json.
void print_facts(const Component& component) {
  if (component.facts.empty()) {
    return;
  }
  text::Table table({"FACT", "UNIT", "MEANING"});
  for (const FactSpec& fact : component.facts) {
    table.row({std::string(fact.name), fact.unit.empty() ? "-" : std::string(fact.unit),
               std::string(fact.meaning)});
  }
  fmt::print("\n{}", table.text(stdout_style(), 2));
}

void print_component(const plugin::Registry& registry, const Component& component) {
  const plugin::PluginEntry& entry = registry.plugin_of(component);
  fmt::print("{}\n", paragraph(fmt::format("{}: {}", component.id, component.summary), 0));
  print_field("kind", kind_name(component.kind));
  print_field("source", component.citation);
  print_field("needs", plugin::trait_list(component.requires_traits));
  print_field("leaves", plugin::trait_list(component.provides_traits));
  print_field("plugin", fmt::format("{} {} ({})", entry.descriptor->id, entry.descriptor->version,
                                    entry.path.string()));
  print_field("recipe", fmt::format("{} use = \"{}\"", recipe::section_of(component.kind).header,
                                    component.id));
  if (component.params.empty()) {
    fmt::print("\n  No parameters.\n");
  } else {
    print_parameters(component);
  }
  print_facts(component);
}

}  // namespace

int describe_command(const DescribeOptions& options) {
  const auto registry = open_registry(options.common, nullptr);
  const Component& component = require_component(*registry, options.component);
  if (options.json) {
    fmt::print("{}", plugin::component_json(*registry, component));
  } else {
    print_component(*registry, component);
  }
  return kExitDone;
}

}  // namespace imbrex::app
