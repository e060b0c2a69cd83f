#include "command_options.hpp"

#include "explain_help.hpp"
#include "help_text.hpp"

#include <imbrex/plugin/error.hpp>

namespace imbrex::app {
namespace {

constexpr std::int64_t kNoLimit = std::int64_t{1} << 40;

void add_progress(OptionSet& options, CommonOptions& common) {
  options.choice({"--progress",
                  "How far a run is, on stderr: a line that is rewritten on a terminal, one every "
                  "5 s elsewhere; an object of JSON per line; or nothing",
                  "FORM"},
                 common.progress, {"auto", "json", "none"});
}

// Options that change the recipe share one list, so that their order is that of the command line.
void add_edit(OptionSet& options, const OptionText& text, recipe::Edit::Kind kind,
              recipe::Edits& edits) {
  options.each(text, [kind, &edits](const std::string& edit) { edits.emplace_back(kind, edit); });
}

void add_edits(OptionSet& options, const std::string& set_doc, recipe::Edits& edits) {
  add_edit(options, {"--set", set_doc, "KEY=VALUE"}, recipe::Edit::Kind::set, edits);
  add_edit(options,
           {"--unset",
            "Take away what the recipe writes there, so that the default holds: "
            "architecture.topology, baseline, stage.2. May be repeated",
            "KEY"},
           recipe::Edit::Kind::unset, edits);
  add_edit(
      options,
      {"--profile",
       "Lay [profile.NAME] of the recipe on it, before --set and --unset. May be repeated", "NAME"},
      recipe::Edit::Kind::profile, edits);
}

void add_recipe(OptionSet& options, RecipeOptions& recipe) {
  options.required(
      {"RECIPE", "Recipe file, or a folder with a plan.toml (earlier results, a reproducer)"},
      recipe.recipe);
  add_edits(options,
            "Override one key of the recipe: stage.1.granularity=pixel, "
            "architecture.extra_pes=16, " IMBREX_EXAMPLE_ANALYZER
            ".rows=4, seed=7. May be repeated",
            recipe.edits);
}

void add_threads(OptionSet& options, int& threads) {
  options.integer({"--threads,-j", "Worker threads, 0 for all cores; never changes results", "N"},
                  threads, {0, 4096});
}

void add_max_memory(OptionSet& options, std::int64_t& bytes) {
  options.size({"--max-memory",
                "What an analysis may take, e.g. 8G; a design that needs more is refused before "
                "it is analysed. Default: three quarters of the machine's memory, or of what its "
                "control group allows",
                "SIZE"},
               bytes);
}

void declare_run(OptionSet& options, Parsed& parsed) {
  RunOptions& run = parsed.run;
  options.footer(kRunHelp);
  add_recipe(options, run.recipe);
  options.text({"--out,-o", "Result folder; default results/NAME-HASH8", "DIR"}, run.out);
  options.flag({"--force,-f", "Replace existing results"}, run.force);
  options.flag({"--locked",
                "With a result folder as RECIPE: refuse to run when Imbrex, a plugin, an input or "
                "the plan differs from its lock.json, and compare the result"},
               run.locked);
  options.size({"--carry-inputs",
                "Copy files that the plan names into the result folder up to this size each; "
                "larger ones are named by path and digest. 0 copies none; default 64M",
                "SIZE"},
               run.carry_inputs_bytes, true);
  options.integer({"--seeds",
                   "Run N times, with the recipe's seed and the following ones; the result folder "
                   "holds a folder per seed and seeds.json with the spread of every metric",
                   "N"},
                  run.seeds, {1, 10'000}, false);
  add_threads(options, run.threads);
  add_max_memory(options, run.max_memory_bytes);
  add_isolate(options, run.isolate);
  options.integer(
      {"--timeline-jobs",
       "Up to this many jobs, timeline.csv lists every job; above, every operator", "N"},
      run.timeline_jobs, {0, kNoLimit}, true);
  add_progress(options, run.common);
  add_common(options, run.common);
}

void declare_sweep(OptionSet& options, Parsed& parsed) {
  SweepOptions& sweep = parsed.sweep;
  options.footer(kSweepHelp);
  options.required({"FILE", "A recipe, the file of an experiment, or the folder of a sweep"},
                   sweep.recipe.recipe);
  add_edits(options,
            "As for run; several values make an axis: architecture.extra_pes=0..64:16, "
            "architecture.rows=64..512:*2, stage.1.granularity=row,pixel. May be repeated: axes "
            "are crossed",
            sweep.recipe.edits);
  options.text({"--out,-o", "Folder of the experiment; default results/NAME", "DIR"}, sweep.out);
  options.choice({"--format", "What is printed in the end", "FORMAT"}, sweep.format,
                 {"table", "md", "csv", "json"});
  options.flag({"--dry-run,-n", "Only say which points there are and which of them would run"},
               sweep.dry_run);
  options.number({"--time-limit", "Give up a point that takes longer", "SECONDS"},
                 sweep.time_limit_s, {1e-3, 1e9});
  options.flag({"--stop", "Stop when a point fails; an infeasible one does not"},
               sweep.stop_on_failure);
  options.integer({"--threads,-j", "Points at a time, 0 for all cores; never changes results", "N"},
                  sweep.threads, {0, 4096});
  add_max_memory(options, sweep.max_memory_bytes);
  options.choice({"--engine",
                  "Who runs the points: this machine, job arrays of Slurm, or whoever takes the "
                  "commands that are printed",
                  "ENGINE"},
                 sweep.engine, {"local", "slurm", "commands"});
  options.integer({"--runs-per-task", "Runs of one task of a cluster", "N"}, sweep.runs_per_task,
                  {1, 1'000'000}, true);
  options.list({"--slurm", "An option of sbatch: --slurm=--mem=2G. May be repeated", "OPTION"},
               sweep.slurm_options);
  options.text(
      {"--chunk", "Run only part I of N and print no tables: what tasks of a cluster do", "I/N"},
      sweep.chunk);
  options.flag({"--collect", "Run nothing; tables of what there is, and what is missing"},
               sweep.collect);
  add_progress(options, sweep.common);
  add_common(options, sweep.common);
}

void declare_compare(OptionSet& options, Parsed& parsed) {
  CompareOptions& compare = parsed.compare;
  options.footer(kCompareHelp);
  options.rest(
      {"RESULT", "Result folders, or points of experiments (EXPERIMENT/points/DIGEST.json)"},
      compare.results, 2);
  options.list({"--fail-if",
                "Exit with 1 when a quantity of a later result differs so from the first: "
                "latency>+1%, speedup<-0.5%. May be repeated",
                "LIMIT"},
               compare.limits);
  options.flag({"--all,-a", "Also what is equal, and every operator"}, compare.all);
  options.choice({"--format", "For people, for Markdown or for programs", "FORMAT"}, compare.format,
                 {"table", "md", "json"});
}

void declare_explain(OptionSet& options, Parsed& parsed) {
  ExplainOptions& explain = parsed.explain;
  options.footer(kExplainHelp);
  add_recipe(options, explain.recipe);
  options.integer({"--tries", "Run at most N changed recipes; 0: only say what bounds it", "N"},
                  explain.tries, {0, 1'000'000}, true);
  options.integer({"--layers", "Rows of layers, those that bound it longest first; 0: all", "N"},
                  explain.layers, {0, kNoLimit}, true);
  options.choice({"--format", "For people or for programs", "FORMAT"}, explain.format,
                 {"text", "json"});
  add_threads(options, explain.threads);
  add_max_memory(options, explain.max_memory_bytes);
  add_progress(options, explain.common);
  add_common(options, explain.common);
}

void declare_report(OptionSet& options, Parsed& parsed) {
  ReportOptions& report = parsed.report;
  options.footer(kReportHelp);
  options.required({"FOLDER", "A result folder"}, report.folder);
  options.list({"--with", "A reporter, instead of those of the plan. May be repeated", "COMPONENT"},
               report.components);
  add_edit(options,
           {"--set",
            "A parameter of a report: report.1.width_mm=176, " IMBREX_EXAMPLE_REPORTER
            ".figure=bars. May be repeated",
            "KEY=VALUE"},
           recipe::Edit::Kind::set, report.edits);
  options.text({"--out,-o", "Where files of reports go; default FOLDER", "DIR"}, report.out);
  options.flag({"--force,-f", "Replace files of earlier reports"}, report.force);
  add_threads(options, report.threads);
  add_max_memory(options, report.max_memory_bytes);
  add_common(options, report.common);
}

void declare_check(OptionSet& options, Parsed& parsed) {
  CheckOptions& check = parsed.check;
  options.footer(kCheckHelp);
  add_recipe(options, check.recipe);
  options.flag(
      {"--simulate", "Run the recipe, analyse its final design again by simulation and compare"},
      check.simulate);
  options.number({"--tolerance",
                  "How far the analysis may be off, in percent of the simulated makespan; default "
                  "0, and 10 for an estimate",
                  "PERCENT"},
                 check.tolerance_percent, {0, 1000});
  options.text({"--simulator", "Overlap analyzer that --simulate trusts", "COMPONENT"},
               check.simulator, true);
  options.choice({"--format", "For people or for programs", "FORMAT"}, check.format,
                 {"table", "json"});
  add_threads(options, check.threads);
  add_progress(options, check.common);
  add_common(options, check.common);
}

void declare_plugins(OptionSet& options, Parsed& parsed) {
  options.footer(kPluginsHelp);
  add_json(options, parsed.plugins.json);
  options.flag(
      {"--matrix", "Which cost model for which architecture, which stage for which of them"},
      parsed.plugins.matrix);
  add_common(options, parsed.plugins.common);
}

void declare_describe(OptionSet& options, Parsed& parsed) {
  options.footer(kDescribeHelp);
  options.required({"COMPONENT", "Component id, vendor.kind.name"}, parsed.describe.component);
  add_json(options, parsed.describe.json);
  add_common(options, parsed.describe.common);
}

void declare_inspect(OptionSet& options, Parsed& parsed) {
  InspectOptions& inspect = parsed.inspect;
  options.footer(kInspectHelp);
  options.required({"NETWORK", "Network file, .onnx or .toml"}, inspect.network);
  options.text(
      {"--reader", "Workload reader; default: the one named after the file's ending", "COMPONENT"},
      inspect.reader);
  options.list({"--set", "A parameter of the reader: weight_bits=0, bind.batch=4. May be repeated",
                "KEY=VALUE"},
               inspect.parameters);
  add_json(options, inspect.json);
  add_common(options, inspect.common);
}

template <auto Member>
Command take(const Parsed& parsed) {
  return parsed.*Member;
}

}  // namespace

void add_common(OptionSet& options, CommonOptions& common) {
  options.list({"--plugin",
                "Load this plugin library as well; its components win over equal ids elsewhere. "
                "May be repeated",
                "FILE"},
               common.plugin_files);
  options.choice({"--log-level", "What components may report on stderr", "LEVEL"}, common.log_level,
                 {"trace", "debug", "info", "warning", "error"});
  options.flag({"--quiet,-q", "No summary, no progress; errors only"}, common.quiet);
}

void add_json(OptionSet& options, bool& json) {
  options.flag({"--json", "Machine-readable output, as --format=json"}, json);
  options.each({"--format", "For people, table, or for programs, json", "FORMAT"},
               [&json](const std::string& format) {
                 if (format != "table" && format != "json") {
                   throw InputError("'" + format + "' is neither table nor json");
                 }
                 json = format == "json";
               });
}

const std::array<CommandEntry, 16> kCommandEntries = {{
    {"run", "Run a recipe and write a result folder", declare_run, take<&Parsed::run>},
    {"sweep", "Run every point of an experiment, each once, and print its tables", declare_sweep,
     take<&Parsed::sweep>},
    {"compare", "Say what is better, worse or other in one result than in another", declare_compare,
     take<&Parsed::compare>},
    {"explain", "Say what bounds the makespan of a recipe or result, and what moves it",
     declare_explain, take<&Parsed::explain>},
    {"report", "Make reports of a result that is there already", declare_report,
     take<&Parsed::report>},
    {"check", "Validate a recipe and build its components; run nothing", declare_check,
     take<&Parsed::check>},
    {"plugins", "List plugin libraries and their components", declare_plugins,
     take<&Parsed::plugins>},
    {"describe", "Explain one component and its parameters", declare_describe,
     take<&Parsed::describe>},
    {"inspect", "Show the layers, shapes, MACs, weights and unmapped work of a network",
     declare_inspect, take<&Parsed::inspect>},
    {"log", "List the results in a folder, newest first", declare_log, take<&Parsed::log>},
    {"gc", "Remove what killed runs left, and old results", declare_gc, take<&Parsed::gc>},
    {"bundle", "Pack a result folder into an archive", declare_bundle, take<&Parsed::bundle>},
    {"schema", "Print a JSON Schema of recipes or ablations, for editors", declare_schema,
     take<&Parsed::schema>},
    {"reference", "Print all components of a kind as a page of Markdown", declare_reference,
     take<&Parsed::reference>},
    {"doctor", "Say what is wrong with this installation, and what to do", declare_doctor,
     take<&Parsed::doctor>},
    {"new", "Write a project for a component of your own", declare_new, take<&Parsed::project>},
}};

}  // namespace imbrex::app
