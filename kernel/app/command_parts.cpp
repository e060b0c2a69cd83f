#include "command_parts.hpp"

#include "interrupt.hpp"
#include "messages.hpp"
#include "plugin/kinds.hpp"
#include "plugin/stdout_aside.hpp"
#include "progress_json.hpp"
#include "recipe/parsed_recipe.hpp"

#include <imbrex/toolkit/text/width.hpp>

#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

LogLevel log_level(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"trace", "debug", "info", "warning", "error"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) {
      return static_cast<LogLevel>(i);
    }
  }
  throw InputError("no log level '" + std::string(name) + "'");
}

void print_lines(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    tell(text, Severity::note);
  }
}

}  // namespace

recipe::RecipeSource recipe_source(const RecipeOptions& options) {
  recipe::RecipeSource source;
  source.path = recipe::recipe_file(options.recipe);
  source.edits = options.edits;
  return source;
}

std::unique_ptr<plugin::Registry> open_registry(const CommonOptions& common,
                                                const recipe::RecipeSource* source) {
  plugin::PluginSearchPath path = plugin::default_search_path();
  path.files.assign(common.plugin_files.begin(), common.plugin_files.end());
  if (source != nullptr) {
    recipe::RecipePlugins wanted =
        recipe::recipe_plugins(recipe::ParsedRecipe::of_file(source->path), source->edits);
    path.recipe_paths = std::move(wanted.paths);
    path.pins = std::move(wanted.pins);
  }
  // Constructors of libraries run, too.
  const plugin::StdoutAside aside(
      "a plugin library", [](std::string_view who, std::string_view line) {
        tell(fmt::format("warning: {} wrote on standard output while it was loaded: {}", who, line),
             Severity::warning);
      });
  return std::make_unique<plugin::Registry>(path);
}

recipe::ResolvedPlan resolve_and_tell(const recipe::RecipeSource& source,
                                      const plugin::Registry& registry, bool quiet) {
  const recipe::ParsedRecipe parsed = recipe::ParsedRecipe::of_file(source.path);
  recipe::Variant variant = recipe::resolve_variant(parsed, source.edits, registry);
  if (!quiet) {
    print_lines(variant.notes);
    if (variant.plan) {
      print_lines(recipe::vain_edits(parsed, source.edits, *variant.plan, registry));
    }
  }
  if (!variant.plan) {
    throw InputError(variant.errors);
  }
  return std::move(*variant.plan);
}

plugin::ProgressMode progress_mode(const CommonOptions& common) {
  return common.quiet || common.progress == "none" ? plugin::ProgressMode::none
         : common.progress == "json"               ? plugin::ProgressMode::json
                                                   : plugin::ProgressMode::automatic;
}

plugin::HostOptions host_options(const CommonOptions& common, int threads) {
  plugin::HostOptions options;
  options.threads = threads;
  options.log_level = log_level(common.log_level);
  options.quiet = common.quiet;
  options.progress = progress_mode(common);
  options.progress_json = progress_json;
  options.give_up = give_up_waiting;
  options.keeps_stdout_aside = true;
  if (messages_are_json()) {
    options.log_json = log_line_json;
  }
  return options;
}

const text::Style& stdout_style() {
  static const text::Style style = text::style_of_file(STDOUT_FILENO);
  return style;
}

std::string paragraph(std::string_view text, std::size_t indent) {
  const text::Style& style = stdout_style();
  const std::string margin(indent, ' ');
  if (!style.is_terminal) {
    return margin + std::string(text) + "\n";
  }
  std::string out;
  for (const std::string& line : text::wrapped(text, style.columns - indent)) {
    out += margin + line + "\n";
  }
  return out;
}

std::string_view kind_name(Kind kind) noexcept {
  return plugin::words_of(kind).interface_name;
}

}  // namespace imbrex::app
