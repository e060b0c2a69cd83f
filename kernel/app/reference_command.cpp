// `imbrex reference KIND`: all components of a kind as a page of Markdown.
#include "command_parts.hpp"
#include "commands.hpp"
#include "plugin/kinds.hpp"
#include "plugin/parameter_text.hpp"
#include "plugin/traits.hpp"
#include "recipe/recipe_sections.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

// A cell must not end the table that it stands in.
std::string table_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return out;
}

std::string in_code(std::string_view text) {
  return text.empty() || text == "-" ? std::string() : fmt::format("`{}`", table_cell(text));
}

std::string allowed_words(const ParamSpec& spec) {
  std::string words;
  for (const std::string_view choice : spec.choices) {
    words += (words.empty() ? "" : ", ") + in_code(choice);
  }
  return words.empty() ? table_cell(plugin::allowed_text(spec)) : words;
}

std::string parameter_table(const Component& component) {
  if (component.params.empty()) {
    return "\nNo parameters.\n";
  }
  const plugin::ConfigHandle defaults(component);
  std::string out =
      "\n| parameter | type | default | unit | allowed | meaning |\n|---|---|---|---|---|---|\n";
  for (const ParamSpec& spec : component.params) {
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} |\n", in_code(spec.name), plugin::type_text(spec.type),
        spec.required ? "required" : in_code(plugin::value_text(spec, defaults.value(spec))),
        table_cell(spec.unit_name), allowed_words(spec), table_cell(spec.doc));
  }
  return out;
}

std::string fact_table(const Component& component) {
  if (component.facts.empty()) {
    return "";
  }
  std::string out = "\n| fact in `result.json` | unit | meaning |\n|---|---|---|\n";
  for (const FactSpec& fact : component.facts) {
    out += fmt::format("| {} | {} | {} |\n", in_code(fact.name), table_cell(fact.unit),
                       table_cell(fact.meaning));
  }
  return out;
}

std::string component_section(const Component& component) {
  std::string out = fmt::format("\n## {}\n\n{}.", component.id, component.summary);
  if (!component.citation.empty()) {
    out += fmt::format(" Source: {}.", component.citation);
  }
  out += fmt::format("\n\nRecipe: `{} use = \"{}\"`.", recipe::section_of(component.kind).header,
                     component.id);
  if (component.requires_traits != Trait::none) {
    out += fmt::format(" Needs: {}.", plugin::trait_list(component.requires_traits));
  }
  if (component.provides_traits != Trait::none) {
    out += fmt::format(" Leaves: {}.", plugin::trait_list(component.provides_traits));
  }
  return out + "\n" + parameter_table(component) + fact_table(component);
}

std::string kind_page(const plugin::KindWords& kind, std::string_view components) {
  std::string title = fmt::format("{}s", kind.interface_name);
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return fmt::format(
      "# {}\n\nMade by `imbrex reference {}` from what the components say of themselves: do not "
      "edit.\n{}",
      title, kind.id_part, components);
}

}  // namespace

int reference_command(const ReferenceOptions& options) {
  const auto kind =
      std::find_if(plugin::kKindWords.begin(), plugin::kKindWords.end(),
                   [&](const plugin::KindWords& words) { return words.id_part == options.kind; });
  const auto registry = open_registry(options.common, nullptr);
  std::string components;
  for (const Component* each : registry->components()) {
    if (&plugin::words_of(each->kind) == &*kind) {
      components += component_section(*each);
    }
  }
  fmt::print("{}", kind_page(*kind, components));
  return kExitDone;
}

}  // namespace imbrex::app
