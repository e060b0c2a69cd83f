#include "combination_matrix.hpp"

#include "command_parts.hpp"
#include "plugin/traits.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

constexpr std::size_t kFileColumns = 100;  // in a file
constexpr std::size_t kIndent = 2;

using Components = std::vector<const Component*>;

// A column: what stands at its head, and what it offers.
struct Column {
  std::string key;
  Trait provides = Trait::none;
};

Components of_kind(std::span<const Component* const> components, Kind kind) {
  Components found;
  std::copy_if(components.begin(), components.end(), std::back_inserter(found),
               [kind](const Component* component) { return component->kind == kind; });
  return found;
}

Components stages_of(std::span<const Component* const> components) {
  Components stages;
  for (const Kind kind : {Kind::partitioner, Kind::search_strategy, Kind::overlap_analyzer}) {
    const Components found = of_kind(components, kind);
    stages.insert(stages.end(), found.begin(), found.end());
  }
  return stages;
}

bool runs_on(const Component& component, Trait hardware) {
  return has(hardware, plugin::hardware_needs(component));
}

// Wide tables have their columns in bands, in a file as well.
text::Style matrix_style() {
  text::Style style = stdout_style();
  style.columns = style.is_terminal ? style.columns : kFileColumns;
  style.is_terminal = true;
  return style;
}

// '+' where the column has all that the row needs of the hardware, else '-'.
std::string fit_table(const std::string& title, const Components& rows,
                      const std::vector<Column>& columns) {
  std::vector<std::string> header = {title};
  for (const Column& column : columns) {
    header.push_back(column.key);
  }
  text::Table table(std::move(header), "L");
  for (const Component* row : rows) {
    std::vector<std::string> cells = {std::string(row->id)};
    for (const Column& column : columns) {
      cells.emplace_back(!runs_on(*row, column.provides)                 ? "-"
                         : plugin::is_idle_search(*row, column.provides) ? "o"
                                                                         : "+");
    }
    table.row(std::move(cells));
  }
  return table.text(matrix_style(), kIndent);
}

std::vector<Column> architecture_columns(const Components& architectures) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    columns.push_back({fmt::format("a{}", i + 1), architectures[i]->provides_traits});
  }
  return columns;
}

// A column per architecture and cost model that run on it.
std::vector<Column> pair_columns(const Components& architectures, const Components& costs) {
  std::vector<Column> columns;
  for (std::size_t a = 0; a < architectures.size(); ++a) {
    for (std::size_t c = 0; c < costs.size(); ++c) {
      if (runs_on(*costs[c], architectures[a]->provides_traits)) {
        columns.push_back({fmt::format("a{}c{}", a + 1, c + 1),
                           architectures[a]->provides_traits | costs[c]->provides_traits});
      }
    }
  }
  return columns;
}

std::string legend(std::string_view letter, const Components& components) {
  std::string out;
  for (std::size_t i = 0; i < components.size(); ++i) {
    out += fmt::format("{:{}}{}{:<3} {}", "", kIndent, letter, i + 1, components[i]->id);
    const std::string gives = plugin::trait_names(components[i]->provides_traits);
    const std::size_t line_begin = out.rfind('\n') + 1;
    if (!gives.empty()) {
      const bool fits = out.size() - line_begin + gives.size() + 7 <= matrix_style().columns;
      out += fmt::format("{} gives {}", fits ? "" : "\n       ", gives);
    }
    out += "\n";
  }
  return out;
}

std::string or_dash(Trait traits) {
  const std::string names = plugin::trait_names(traits);
  return names.empty() ? "-" : names;
}

// What a recipe's author has to put before a stage.
std::string sequence_table(const Components& stages) {
  text::Table table({"STAGE", "NEEDS OF EARLIER ONES", "LEAVES"}, "L");
  for (const Component* stage : stages) {
    table.row({std::string(stage->id),
               or_dash(plugin::missing_traits(stage->requires_traits, plugin::hardware_traits())),
               or_dash(plugin::missing_traits(stage->provides_traits, plugin::hardware_traits()))});
  }
  return table.text(stdout_style(), kIndent);
}

}  // namespace

std::string combination_matrix(std::span<const Component* const> components) {
  const Components architectures = of_kind(components, Kind::architecture_model);
  const Components costs = of_kind(components, Kind::cost_model);
  const Components stages = stages_of(components);
  std::string out = "Cost models on architectures\n";
  out += fit_table("COST MODEL", costs, architecture_columns(architectures));
  out += "\n";
  out += legend("a", architectures);
  out += "\nStages on architectures with cost models\n";
  out += fit_table("STAGE", stages, pair_columns(architectures, costs));
  out += "\n";
  out += legend("c", costs);
  out += "\nStages after stages\n";
  out += sequence_table(stages);
  out +=
      "\n+  has what the row needs of the hardware\n"
      "-  lacks some of it; `imbrex check` says what\n"
      "o  runs, but the cost model offers no choice of mappings: nothing to search\n";
  return out;
}

}  // namespace imbrex::app
