// The sub-commands as the command line knows them: what each is called, which options it has, and
// the `Command` that they make.
#pragma once

#include "option_set.hpp"
#include "options.hpp"

#include <array>
#include <string_view>

namespace imbrex::app {

// The options of all sub-commands, one of which is chosen.
struct Parsed {
  RunOptions run;
  SweepOptions sweep;
  CompareOptions compare;
  ExplainOptions explain;
  CheckOptions check;
  PluginsOptions plugins;
  DescribeOptions describe;
  InspectOptions inspect;
  ReportOptions report;
  LogOptions log;
  GcOptions gc;
  BundleOptions bundle;
  SchemaOptions schema;
  ReferenceOptions reference;
  DoctorOptions doctor;
  NewOptions project;
};

struct CommandEntry {
  std::string_view name;
  std::string_view summary;
  void (*declare)(OptionSet& options, Parsed& parsed);
  Command (*take)(const Parsed& parsed);
};

// Those that look after folders of results.
void declare_log(OptionSet& options, Parsed& parsed);
void declare_gc(OptionSet& options, Parsed& parsed);
void declare_bundle(OptionSet& options, Parsed& parsed);

// Those for authors of recipes and plugins.
void declare_schema(OptionSet& options, Parsed& parsed);
void declare_reference(OptionSet& options, Parsed& parsed);
void declare_doctor(OptionSet& options, Parsed& parsed);
void declare_new(OptionSet& options, Parsed& parsed);

// --plugin, --log-level and --quiet.
void add_common(OptionSet& options, CommonOptions& common);

// --json and --format for a command that prints tables.
void add_json(OptionSet& options, bool& json);

// --isolate and its limits.
void add_isolate(OptionSet& options, IsolateOptions& isolate);

// In the order of --help.
extern const std::array<CommandEntry, 16> kCommandEntries;

}  // namespace imbrex::app
