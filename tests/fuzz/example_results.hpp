// A folder as runs, studies and experiments leave it, made by the kernel itself.
#pragma once

#include "base/files.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/frozen_plan.hpp"
#include "experiment/point_run.hpp"
#include "experiment/render.hpp"
#include "limited_run.hpp"
#include "result/result_writer.hpp"
#include "result/seed_study.hpp"
#include "small_networks.hpp"

#include <utility>
#include <vector>

namespace imbrex::fuzz {

// Files of a folder, by their names; "point.json" is a point of an experiment's store.
using FileTexts = std::vector<std::pair<std::string, std::string>>;

// Beside plan.toml: two axes, and one of everything that is said about their points.
inline constexpr std::string_view kExampleExperiment = R"toml(experiment = 1
name = "example"
recipe = "plan.toml"
exclude = [{ pes = "32", grain = "layer" }]
[[axis]]
name = "pes"
key = "architecture.extra_pes"
values = [0, 32]
[[axis]]
name = "grain"
key = "stage.2.granularity"
values = ["row", "layer"]
[[table]]
title = "Latencies"
rows = "pes"
column = "grain"
where = { grain = ["row", "layer"] }
relative = { pes = "0" }
value = [{ metric = "latency_ps", inverse = true, decimals = 2 }, { metric = "speedup" }]
text = "{} ({})"
summary = "geometric mean"
[[contributions]]
title = "Gains"
metric = "latency_ps"
factors = ["pes", "grain"]
[[front]]
title = "Worth a look"
metrics = ["latency_ps", "speedup"]
)toml";

inline experiment::PointRecord example_record(const recipe::ResolvedPlan& plan,
                                              const std::filesystem::path& folder) {
  auto record = experiment::begin_record(plan, plan.sha256(), registry(), "", folder);
  experiment::run_point(plan, registry(), {}, record);
  return record;
}

// The files of the experiment, and of its first point.
inline void append_experiment(const test::TemporaryFolder& folder, FileTexts& files) {
  const auto swept = experiment::plan_experiment(
      experiment::read_experiment(folder.write("example.toml", kExampleExperiment)), registry());
  experiment::Records records;
  for (const recipe::ResolvedPlan& plan : swept.plans) {
    records.push_back(example_record(plan, folder.path()));
  }
  files.emplace_back("point.json", experiment::record_json(*records.front()));
  files.emplace_back("experiment.json", experiment::experiment_json(swept, records));
  files.emplace_back("frozen.json", experiment::frozen_text(swept, folder.path()));
}

// Errors: as of a run that is written.
inline FileTexts example_results(const test::TemporaryFolder& folder) {
  write_small_networks(folder);
  const auto plan =
      small_plan(IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml", folder.path());
  const auto outcome = quiet_run(plan.value());
  result::WriteOptions options;
  options.folder = folder.path() / "result";
  options.quiet = true;
  options.inputs = result::CarriedInputs(*plan, result::kLargestCarriedInput);
  result::write_results(outcome, *plan, registry(), services(), options);
  FileTexts files;
  for (const char* const name :
       {"result.json", "plan.toml", "timeline.csv", "lock.json", "inputs/small.toml"}) {
    files.emplace_back(name, read_text_file(options.folder / name));
  }
  result::SeedStudy study{"example", "latency", 1, {}, {}};
  study.add(outcome.result);
  files.emplace_back("seeds.json", result::seeds_json(study));
  folder.write("plan.toml", plan->to_toml(folder.path()));
  append_experiment(folder, files);
  return files;
}

}  // namespace imbrex::fuzz
