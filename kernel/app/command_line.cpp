// Maps argv to `Command`, with folder_command_line.cpp.
#include "commands.hpp"
#include "folder_command_line.hpp"
#include "help_text.hpp"
#include "version_text.hpp"

#include <imbrex/plugin/document.hpp>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace imbrex::app {
namespace {

constexpr std::string_view kCommands[] = {"run",     "check", "plugins", "describe",
                                          "inspect", "log",   "gc",      "bundle"};

// Options of all sub-commands, bound to the parser's variables.
struct Parsed {
  RunOptions run;
  CheckOptions check;
  PluginsOptions plugins;
  DescribeOptions describe;
  InspectOptions inspect;
  FolderCommands folders;
};

// CLI11 lets a list option swallow every following word, the recipe included; one value per use.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& doc) {
  return app.add_option(name, values, doc)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_common(CLI::App& app, CommonOptions& common) {
  add_list(app, "--plugin", common.plugin_files,
           "Load this plugin library as well; its components win over equal ids elsewhere. "
           "May be repeated")
      ->type_name("FILE");
  app.add_option("--log-level", common.log_level, "What components may report on stderr")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_flag("--quiet,-q", common.quiet, "No summary, no progress; errors only");
}

void add_recipe(CLI::App& app, RecipeOptions& recipe) {
  app.add_option("RECIPE", recipe.recipe,
                 "Recipe file, or a folder with a plan.toml (earlier results, a reproducer)")
      ->required();
  add_list(app, "--set", recipe.overrides,
           "Override one key of the recipe: stage.1.granularity=pixel, "
           "architecture.extra_pes=16, " IMBREX_EXAMPLE_ANALYZER ".rows=4, seed=7. May be repeated")
      ->type_name("KEY=VALUE");
}

void add_threads(CLI::App& app, int& threads) {
  app.add_option("--threads,-j", threads, "Worker threads, 0 for all cores; never changes results")
      ->check(CLI::Range(0, 4096))
      ->type_name("N")
      ->capture_default_str();
}

CLI::App* add_run(CLI::App& app, RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "Run a recipe and write a result folder");
  run->footer(std::string(kRunHelp));
  add_recipe(*run, options.recipe);
  run->add_option("--out,-o", options.out, "Result folder; default results/NAME-HASH8")
      ->type_name("DIR");
  run->add_flag("--force,-f", options.force, "Replace existing results");
  add_reproduction(*run, options);
  run->add_option("--seeds", options.seeds,
                  "Run N times, with the recipe's seed and the following ones; the result folder "
                  "holds a folder per seed and seeds.json with the spread of every metric")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000}))
      ->type_name("N");
  add_threads(*run, options.threads);
  run->add_option("--max-memory", options.max_memory_bytes,
                  "What an analysis may take, e.g. 8G; a design that needs more is refused before "
                  "it is analysed. Default: three quarters of the machine's memory, or of what its "
                  "control group allows")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::PositiveNumber)
      ->type_name("SIZE");
  run->add_option("--timeline-jobs", options.timeline_jobs,
                  "Up to this many jobs, timeline.csv lists every job; above, every operator")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 40))
      ->type_name("N")
      ->capture_default_str();
  add_common(*run, options.common);
  return run;
}

CLI::App* add_check(CLI::App& app, CheckOptions& options) {
  CLI::App* check =
      app.add_subcommand("check", "Validate a recipe and build its components; run nothing");
  check->footer(std::string(kCheckHelp));
  add_recipe(*check, options.recipe);
  check->add_flag("--simulate", options.simulate,
                  "Run the recipe, analyse its final design again by simulation and compare");
  check
      ->add_option("--tolerance", options.tolerance_percent,
                   "How far the analysis may be off, in percent of the simulated makespan; default "
                   "0, and 10 for an estimate")
      ->check(CLI::Range(0.0, 1000.0))
      ->type_name("PERCENT");
  check->add_option("--simulator", options.simulator, "Overlap analyzer that --simulate trusts")
      ->type_name("COMPONENT")
      ->capture_default_str();
  add_threads(*check, options.threads);
  add_common(*check, options.common);
  return check;
}

CLI::App* add_plugins(CLI::App& app, PluginsOptions& options) {
  CLI::App* plugins = app.add_subcommand("plugins", "List plugin libraries and their components");
  plugins->footer(std::string(kPluginsHelp));
  plugins->add_flag("--json", options.json, "Machine-readable output");
  plugins->add_flag("--matrix", options.matrix,
                    "Which cost model for which architecture, which stage for which of them");
  add_common(*plugins, options.common);
  return plugins;
}

CLI::App* add_describe(CLI::App& app, DescribeOptions& options) {
  CLI::App* describe = app.add_subcommand("describe", "Explain one component and its parameters");
  describe->footer(std::string(kDescribeHelp));
  describe->add_option("COMPONENT", options.component, "Component id, vendor.kind.name")
      ->required();
  describe->add_flag("--json", options.json, "Machine-readable output");
  add_common(*describe, options.common);
  return describe;
}

CLI::App* add_inspect(CLI::App& app, InspectOptions& options) {
  CLI::App* inspect = app.add_subcommand(
      "inspect", "Show the layers, shapes, MACs, weights and unmapped work of a network");
  inspect->footer(std::string(kInspectHelp));
  inspect->add_option("NETWORK", options.network, "Network file, .onnx or .toml")->required();
  inspect
      ->add_option("--reader", options.reader,
                   "Workload reader; default: the one named after the file's ending")
      ->type_name("COMPONENT");
  add_list(*inspect, "--set", options.parameters,
           "A parameter of the reader: weight_bits=0, bind.batch=4. May be repeated")
      ->type_name("KEY=VALUE");
  inspect->add_flag("--json", options.json, "Machine-readable output");
  add_common(*inspect, options.common);
  return inspect;
}

std::string in_quotes(std::string_view word) {
  return "'" + std::string(word) + "'";
}

int usage_error(const std::string& message, std::string_view command) {
  const std::string help =
      command.empty() ? "imbrex --help" : "imbrex " + std::string(command) + " --help";
  std::fprintf(stderr, "imbrex: error: %s\nTry '%s'.\n", message.c_str(), help.c_str());
  return kExitBadInput;
}

std::string with_suggestion(const std::string& message, std::string_view given,
                            const std::vector<std::string_view>& known) {
  const std::string_view nearest = nearest_name(given, known);
  return nearest.empty() ? message : message + "; did you mean " + in_quotes(nearest) + "?";
}

// CLI11 knows no "did you mean": name the stray word and the nearest option.
std::string describe_extras(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  const std::vector<std::string> extras = app.remaining(true);
  if (extras.empty()) {
    return "unexpected argument";
  }
  const std::string word = extras.front().substr(0, extras.front().find('='));
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (!word.starts_with("-")) {
    return "unexpected argument " + in_quotes(extras.front());
  }
  return with_suggestion("no option " + in_quotes(word), word, known);
}

// The first word that is no option must be a command.
int check_command_word(int argc, const char* const* argv) {
  const std::vector<std::string_view> known(std::begin(kCommands), std::end(kCommands));
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("-")) {
      continue;
    }
    for (const std::string_view command : known) {
      if (word == command) {
        return kExitDone;
      }
    }
    return usage_error(with_suggestion("no command " + in_quotes(word), word, known), "");
  }
  return kExitDone;
}

Command report_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    return ExitNow{app.exit(error)};  // --help, --version
  }
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App& at = chosen.empty() ? app : *chosen.front();
  const std::string command = chosen.empty() ? std::string() : at.get_name();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return ExitNow{usage_error(describe_extras(at), command)};
  }
  return ExitNow{usage_error(error.what(), command)};
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Parsed parsed;
  CLI::App app(std::string(kDescription), "imbrex");
  app.footer(std::string(kMainHelp));
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  const CLI::App* run = add_run(app, parsed.run);
  const CLI::App* check = add_check(app, parsed.check);
  const CLI::App* plugins = add_plugins(app, parsed.plugins);
  const CLI::App* describe = add_describe(app, parsed.describe);
  const CLI::App* inspect = add_inspect(app, parsed.inspect);
  parsed.folders.add_to(app);
  if (argc <= 1) {
    std::fputs(app.help().c_str(), stdout);
    return ExitNow{kExitBadInput};
  }
  if (const int code = check_command_word(argc, argv); code != kExitDone) {
    return ExitNow{code};
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_parse_error(app, error);
  }
  if (run->parsed()) {
    return parsed.run;
  }
  if (check->parsed()) {
    return parsed.check;
  }
  if (plugins->parsed()) {
    return parsed.plugins;
  }
  if (describe->parsed()) {
    return parsed.describe;
  }
  return inspect->parsed() ? Command(parsed.inspect) : parsed.folders.chosen();
}

}  // namespace imbrex::app
