// The prose of --help: what the option tables cannot say.
#pragma once

#include "shipped_components.hpp"

#include <string_view>

namespace imbrex::app {

inline constexpr std::string_view kDescription =
    "Imbrex maps deep neural networks onto processing-in-memory, compute-in-memory\n"
    "and spatial accelerators, and overlaps the execution of their layers. A recipe\n"
    "(TOML) names a workload, an architecture, a cost model and a chain of stages;\n"
    "every one of them is a plugin component.";

#define IMBREX_HELP_EXIT_CODES                                                            \
  "EXIT CODES\n"                                                                          \
  "  0    done\n"                                                                         \
  "  1    the run failed, also by a crash of a component, and the message says how to\n"  \
  "       repeat it; or what it printed could not be written, and its results are kept\n" \
  "  2    bad input: usage, recipe, workload, other results in the way, --locked\n"       \
  "  3    infeasible: no design fits; the message names the capacity and the shortfall\n" \
  "  130  interrupted; partial results are kept and marked\n"
#define IMBREX_HELP_ENVIRONMENT                                                     \
  "ENVIRONMENT\n"                                                                   \
  "  IMBREX_PLUGIN_PATH  folders with plugins (*.imbrex.so), separated by colons\n" \
  "  NO_COLOR            when set, no colour on the terminal\n"

inline constexpr std::string_view kMainHelp =
    "EXAMPLES\n"
    "  imbrex run configs/recipes/tinyyolov4-clsa-cim.toml\n"
    "  imbrex sweep my.toml --set architecture.extra_pes=0..64:16\n"
    "  imbrex compare results/before results/after\n"
    "  imbrex explain results/before\n"
    "  imbrex report results/first --with " IMBREX_EXAMPLE_REPORTER
    "\n"
    "  imbrex check my.toml --set architecture.extra_pes=32\n"
    "  imbrex plugins\n"
    "  imbrex describe " IMBREX_EXAMPLE_ANALYZER
    "\n"
    "  imbrex inspect network.onnx\n"
    "  imbrex log\n\n" IMBREX_HELP_EXIT_CODES "\n" IMBREX_HELP_ENVIRONMENT
    "\nEvery command has its own --help.";

inline constexpr std::string_view kRunHelp =
    "DESCRIPTION\n"
    "  Runs the stages of the recipe in order and writes one folder, which appears only when\n"
    "  it is complete:\n"
    "    result.json       metrics, operators, critical path, edges, plan and plugin digests;\n"
    "                      equal runs give equal bytes at any number of threads\n"
    "    plan.toml         the recipe with every default filled in; running it reproduces\n"
    "                      result.json bit for bit\n"
    "    timeline.csv      start and end of every job, or of every operator (--timeline-jobs)\n"
    "    environment.json  date, host, compiler, threads, duration\n"
    "    inputs/           copies of the files that the plan names, so that the folder runs\n"
    "                      wherever it is copied to\n"
    "    lock.json         digests of Imbrex, plugins, inputs and results, for --locked\n"
    "  and what the recipe's reports add. Where the whole result of this very run lies already,\n"
    "  nothing runs; other results are kept unless --force is given.\n"
    "  Ctrl-C stops at the next batch and keeps what is known; a second one stops at once\n"
    "  and says which component was waited for.\n"
    "  With --seeds the folder holds one such folder per seed and seeds.json: every seed's value,\n"
    "  median, extremes and quartiles of each metric and of the speed-up.\n\n"
    "EXAMPLES\n"
    "  imbrex run my.toml --out results/first\n"
    "  imbrex run my.toml --seeds 8 --out results/study\n"
    "  imbrex run my.toml --set stage.2.granularity=pixel --set seed=7\n"
    "  imbrex run my.toml --profile small --unset baseline\n"
    "  imbrex run results/first --out results/again     replays "
    "results/first/plan.toml\n"
    "  imbrex run results/first --locked --out again    refuses whatever "
    "changed\n\n" IMBREX_HELP_EXIT_CODES "\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kSweepHelp =
    "DESCRIPTION\n"
    "  Resolves every point before the first one runs, then runs those whose results the folder\n"
    "  does not hold yet, each in a process of its own, and prints the tables of the experiment,\n"
    "  or a row per point. The folder holds\n"
    "    points/           a file per run, put there when the run has ended: interrupt or kill "
    "the\n"
    "                      sweep at any moment and start it again, nothing is lost or run twice\n"
    "    points.csv        a line per point and quantity, with every axis and the unit\n"
    "    experiment.json   points and tables; the Python package imbrex reads it\n"
    "    experiment.sqlite the same as a database\n"
    "    experiment.html   figures with filters, and every point, for a browser\n"
    "    tables.md         the tables as Markdown\n"
    "  A point runs again when imbrex or one of its plugins has changed, or when its last run\n"
    "  failed. An infeasible point is a row with the reason. sdk/docs/experiments.md describes\n"
    "  the files of experiments.\n\n"
    "EXAMPLES\n"
    "  imbrex sweep my.toml --set architecture.extra_pes=0..64:16\n"
    "  imbrex sweep my.toml --set architecture.rows=64..512:*2 --set objective=latency,energy\n"
    "  imbrex sweep configs/ablations/clsa-cim.toml --dry-run\n"
    "  imbrex sweep my-experiment.toml --format md\n\n"
    "EXIT CODES\n"
    "  0    every point is done or infeasible, and at least one is done\n"
    "  1    a point failed, crashed or took too long; the others are kept\n"
    "  2    bad input: no point was run\n"
    "  3    all points are infeasible\n"
    "  130  interrupted; the next sweep goes on\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kCompareHelp =
    "DESCRIPTION\n"
    "  Prints the settings of the plans that differ, the quantities that differ with their change\n"
    "  relative to the first result, and the operators whose time changes most.\n\n"
    "EXAMPLES\n"
    "  imbrex compare results/before results/after\n"
    "  imbrex compare results/before results/after --fail-if latency>+1%\n\n"
    "EXIT CODES\n"
    "  0    compared, and no --fail-if holds\n"
    "  1    a --fail-if holds\n"
    "  2    bad input\n";

inline constexpr std::string_view kReportHelp =
    "DESCRIPTION\n"
    "  Gives the result of a finished run to the reporters of its plan, or to those named with\n"
    "  --with. The result is made again from the decisions in result.json, without searching;\n"
    "  where they do not give the same bytes, the plan runs once more, and where that does not\n"
    "  either, nothing is written. The run's own files are never touched, and no file of\n"
    "  another report is replaced without --force.\n\n"
    "EXAMPLES\n"
    "  imbrex report results/first\n"
    "  imbrex report results/first --with " IMBREX_EXAMPLE_REPORTER
    " --out figures\n"
    "  imbrex report results/first --with " IMBREX_EXAMPLE_REPORTER
    " --set report.1.figure=bars\n\n"
    "EXIT CODES\n"
    "  0    done\n"
    "  1    the result cannot be made again: the message names the first difference\n"
    "  2    bad input, or files in the way\n"
    "  130  interrupted; nothing was written\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kCheckHelp =
    "DESCRIPTION\n"
    "  Reports every mistake of the recipe at once, with file, line, column and the nearest\n"
    "  valid name; when there is none, reads the workload, makes every component as a run would,\n"
    "  so that what one of them refuses is known, and prints the chain that would run.\n"
    "  With --simulate the recipe is run and its final design is analysed a second time by an\n"
    "  independent event-driven simulation that is asked the same. An exact analysis must agree\n"
    "  to the picosecond, a conservative one must never be early, the makespan of an estimate\n"
    "  may be off by 10 %; --tolerance sets other limits. A schedule without overlap delays\n"
    "  operators on purpose: of it only is asked that nothing is early.\n\n"
    "EXAMPLES\n"
    "  imbrex check my.toml\n"
    "  imbrex check my.toml --simulate\n"
    "  imbrex check my.toml --simulate --tolerance 5\n\n"
    "EXIT CODES\n"
    "  0    valid (and simulation agrees)\n"
    "  1    simulation disagrees\n"
    "  2    bad input\n"
    "  3    infeasible: known already when components are made, or with "
    "--simulate\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kPluginsHelp =
    "DESCRIPTION\n"
    "  Lists every library on the search path, in order of precedence: --plugin,\n"
    "  IMBREX_PLUGIN_PATH, the installation's own folder. A library that could not be used is\n"
    "  listed with the reason.\n\n"
    "EXAMPLES\n"
    "  imbrex plugins\n"
    "  imbrex plugins --matrix\n"
    "  imbrex plugins --json | jq '.components[].id'\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kDescribeHelp =
    "EXAMPLES\n"
    "  imbrex describe " IMBREX_EXAMPLE_ARCHITECTURE
    "\n"
    "  imbrex describe " IMBREX_EXAMPLE_ANALYZER " --json\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kInspectHelp =
    "DESCRIPTION\n"
    "  Reads a network as a run would and prints what came of it: every layer with its shapes,\n"
    "  MACs and weights, weights that layers share, and operators whose work is unmapped.\n\n"
    "EXAMPLES\n"
    "  imbrex inspect network.onnx\n"
    "  imbrex inspect network.onnx --set bind.batch=4 --set weight_bits=0\n"
    "  imbrex inspect configs/workloads/tinyyolov4.toml --json | jq "
    ".macs\n\n" IMBREX_HELP_ENVIRONMENT;

inline constexpr std::string_view kCompletionHelp =
    "DESCRIPTION\n"
    "  Behind --set, keys and values are those of the recipe that stands before it.\n\n"
    "EXAMPLES\n"
    "  source <(imbrex completion bash)\n"
    "  imbrex completion zsh >~/.zfunc/_imbrex\n";

inline constexpr std::string_view kManHelp =
    "EXAMPLES\n"
    "  imbrex man | man -l -\n";

#undef IMBREX_HELP_EXIT_CODES
#undef IMBREX_HELP_ENVIRONMENT

}  // namespace imbrex::app
