// `imbrex compare A B ...`: what is better, worse or other in B than in A.
#include "command_parts.hpp"
#include "commands.hpp"
#include "experiment/comparison.hpp"
#include "experiment/render.hpp"
#include "run_parts.hpp"
#include "tables_json.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace ex = imbrex::experiment;

constexpr std::size_t kOperatorsShown = 20;

std::vector<ex::Comparand> read_sides(const CompareOptions& options) {
  if (options.results.size() < 2) {
    throw InputError("compare needs at least two result folders, or points of an experiment");
  }
  std::vector<ex::Comparand> sides;
  for (const std::string& path : options.results) {
    sides.push_back(ex::read_comparand(path));
  }
  ex::shorten_labels(sides);
  return sides;
}

void print(const ex::Table& table, const char* title, ex::Format format) {
  if (!table.rows.empty()) {
    fmt::print("{}\n\n{}\n", title,
               format == ex::Format::markdown ? ex::markdown_text(table)
                                              : ex::aligned_text(table, stdout_style()));
  }
}

// What --fail-if asks for.
int judge(const CompareOptions& options, const std::vector<ex::Comparand>& sides) {
  bool good = true;
  for (const std::string& text : options.limits) {
    for (const std::string& line : ex::broken_by(ex::read_limit(text), sides)) {
      print_note(line);
      good = false;
    }
  }
  return good ? kExitDone : kExitFailed;
}

}  // namespace

int compare_command(const CompareOptions& options) {
  const std::vector<ex::Comparand> sides = read_sides(options);
  for (const std::string& text : options.limits) {
    ex::read_limit(text);  // bad ones are told before anything is printed
  }
  const ex::Format format = *ex::format_of(options.format);
  const ex::Table settings = ex::compare_settings(sides);
  const ex::Table quantities = ex::compare_quantities(sides, !options.all);
  const ex::Table operators =
      ex::compare_operators(sides, options.all ? SIZE_MAX : kOperatorsShown);
  if (format == ex::Format::json) {
    fmt::print(
        "{}",
        tables_json({{"plans", settings}, {"quantities", quantities}, {"operators", operators}}));
    return judge(options, sides);
  }
  print(settings, "Plans", format);
  print(quantities, "Quantities", format);
  print(operators, "Operators", format);
  if (settings.rows.empty() && quantities.rows.empty()) {
    fmt::print("The plans and all quantities are equal.\n");
  }
  return judge(options, sides);
}

}  // namespace imbrex::app
