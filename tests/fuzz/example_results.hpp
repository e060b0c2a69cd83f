// A folder as runs, studies and experiments leave it, made by the kernel itself.
#pragma once

#include "base/files.hpp"
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

inline experiment::ExperimentPlan example_experiment(const recipe::ResolvedPlan& plan) {
  experiment::ExperimentPlan out;
  out.experiment.name = "example";
  out.experiment.axes.push_back({"point", {{"only", {}, {}, {}}}});
  out.points.push_back({{{0}}, 0});
  out.plans.push_back(plan);
  out.sha256.push_back(plan.sha256());
  return out;
}

// Errors: as of a run that is written.
inline FileTexts example_results(const test::TemporaryFolder& folder) {
  write_small_networks(folder);
  const auto plan =
      small_plan(IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml", folder.path());
  const auto outcome = limited_run(plan.value());
  result::WriteOptions options;
  options.folder = folder.path() / "result";
  options.quiet = true;
  options.inputs = result::CarriedInputs(*plan, result::kLargestCarriedInput);
  result::write_results(outcome.value(), *plan, registry(), services(), options);
  FileTexts files;
  for (const char* const name :
       {"result.json", "plan.toml", "timeline.csv", "lock.json", "inputs/small.toml"}) {
    files.emplace_back(name, read_text_file(options.folder / name));
  }
  result::SeedStudy study{"example", "latency", 1, {}, {}};
  study.add(outcome->result);
  files.emplace_back("seeds.json", result::seeds_json(study));
  auto record = experiment::begin_record(*plan, plan->sha256(), registry(), "", folder.path());
  experiment::run_point(*plan, registry(), {}, record);
  files.emplace_back("point.json", experiment::record_json(record));
  const auto swept = example_experiment(*plan);
  files.emplace_back("experiment.json", experiment::experiment_json(swept, {record}));
  files.emplace_back("frozen.json", experiment::frozen_text(swept, folder.path()));
  return files;
}

}  // namespace imbrex::fuzz
