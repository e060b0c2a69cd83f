// What runs left behind, after somebody changed one file: the first line says which, the rest is
// what is in it now. Everything that reads such files reads it, and decisions run again.
#include "example_results.hpp"
#include "experiment/comparand.hpp"
#include "result/result_list.hpp"
#include "result/stored_result.hpp"

#include <algorithm>

namespace {

using namespace imbrex;
namespace fs = std::filesystem;

// As `imbrex report` does: the run again by its decisions.
void run_decisions(const fs::path& folder) {
  const result::StoredResult stored = result::read_stored_result(folder);
  const auto parsed = recipe::ParsedRecipe::of_file(folder / "plan.toml");
  const auto variant = recipe::resolve_variant(parsed, {}, fuzz::registry());
  if (!variant.plan) {
    throw InputError(variant.errors);
  }
  const auto plan = result::plan_of_decisions(*variant.plan, stored, fuzz::registry(),
                                              {"imbrex.partition.given", "imbrex.search.given"});
  if (!plan) {
    return;
  }
  if (auto outcome = fuzz::limited_run(*plan)) {
    result::restore(*variant.plan, stored, outcome->result);
    result::stored_difference(stored, *outcome);
  }
}

// As `imbrex sweep` does when all points are there: every table of the frozen experiment, of
// records that say what the one of the folder does.
void render_frozen(const fs::path& folder) {
  const auto plan = experiment::read_frozen(folder, fuzz::registry());
  const auto record = experiment::read_record(read_text_file(folder / "point.json"));
  const experiment::Records records(plan.plans.size(), record);
  experiment::experiment_json(plan, records);
}

// The folder, and how it was before somebody changed it. Without a lock.json, which would see every
// change, unless that is the changed file.
class Example {
 public:
  Example() : files_(fuzz::example_results(folder_)) {
    for (const auto& [name, text] : files_) {
      put(name, text);
    }
    restore(std::string(result::kLockFile));
  }

  fs::path path() const { return folder_.path() / "now"; }
  // Of other names nothing is written: they come out of an input.
  bool has(std::string_view name) const { return text_of(name) != nullptr; }
  void put(std::string_view name, std::string_view text) const {
    folder_.write((fs::path("now") / name).string(), text);
  }
  void restore(std::string_view name) const {
    name == result::kLockFile ? void(fs::remove(path() / name)) : put(name, *text_of(name));
  }

 private:
  const std::string* text_of(std::string_view name) const {
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&](const auto& file) { return file.first == name; });
    return found == files_.end() ? nullptr : &found->second;
  }

  test::TemporaryFolder folder_;
  fuzz::FileTexts files_;
};

void read_experiment(const fs::path& folder) {
  fuzz::answer_of([&] { experiment::read_comparand(folder / "point.json"); });
  fuzz::answer_of([&] { render_frozen(folder); });
  fuzz::answer_of([&] { experiment::first_frozen_recipe(folder); });
  result::list_result(folder);
}

void read_run(const fs::path& folder) {
  fuzz::answer_of([&] { run_decisions(folder); });
  fuzz::answer_of([&] { experiment::read_comparand(folder); });
  fuzz::answer_of([&] { result::read_lock(folder); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Example example;
  std::string_view rest = fuzz::text_of(bytes, size);
  const std::string_view name = fuzz::take_line(rest);
  if (!example.has(name)) {
    return 0;
  }
  example.put(name, rest);
  const bool of_experiment =
      name == "frozen.json" || name == "experiment.json" || name == "point.json";
  of_experiment ? read_experiment(example.path()) : read_run(example.path());
  // Without the file of an experiment the folder is listed as a study's, without that as a run's.
  for (const char* const more : {"frozen.json", "seeds.json"}) {
    fs::remove(example.path() / more);
    result::list_result(example.path());
  }
  example.restore("frozen.json");
  example.restore("seeds.json");
  example.restore(name);
  return 0;
}
