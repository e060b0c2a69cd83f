// What runs left behind, after somebody changed one file: the first line says which, the rest is
// what is in it now. Everything that reads such files reads it, and decisions run again.
#include "example_results.hpp"
#include "experiment/comparand.hpp"
#include "result/result_list.hpp"
#include "result/stored_result.hpp"

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

struct Example {
  test::TemporaryFolder folder;
  fuzz::FileTexts files = fuzz::example_results(folder);

  // All files, but `name` as it is now. Without a lock.json, which would see every change, unless
  // that is the one; a run, a study and an experiment have folders of their own.
  void write(const fs::path& into, std::string_view name, std::string_view now) const {
    for (const auto& [file, text] : files) {
      if (file != result::kLockFile || name == file) {
        folder.write((into / file).string(), file == name ? now : std::string_view(text));
      }
    }
    if (name != result::kLockFile) {
      fs::remove(folder.path() / into / result::kLockFile);
    }
  }
};

void read_all(const fs::path& folder) {
  fuzz::answer_of([&] { run_decisions(folder); });
  fuzz::answer_of([&] { experiment::read_comparand(folder); });
  fuzz::answer_of([&] { experiment::read_comparand(folder / "point.json"); });
  fuzz::answer_of([&] { experiment::read_frozen(folder, fuzz::registry()); });
  fuzz::answer_of([&] { experiment::first_frozen_recipe(folder); });
  fuzz::answer_of([&] { result::read_lock(folder); });
  result::list_result(folder);
  for (const char* const name : {"frozen.json", "seeds.json"}) {
    fs::remove(folder / name);  // of an experiment, of a study, of a run
    result::list_result(folder);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Example example;
  std::string_view rest = fuzz::text_of(bytes, size);
  const std::string_view name = fuzz::take_line(rest);
  example.write("now", name, rest);
  read_all(example.folder.path() / "now");
  return 0;
}
