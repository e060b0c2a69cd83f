// Writes what every harness starts from, made of the shipped files: FOLDER/HARNESS/NAME.
#include "base/files.hpp"
#include "example_results.hpp"

#include <iostream>

namespace {

using namespace imbrex;
namespace fs = std::filesystem;

class Seeds {
 public:
  explicit Seeds(fs::path folder) : folder_(std::move(folder)) {}

  void write(const std::string& harness, const std::string& name, const std::string& text) const {
    fs::create_directories(folder_ / harness);
    std::ofstream(folder_ / harness / name, std::ios::binary) << text;
  }
  // Every shipped TOML file in `from`, with `head` in front of it.
  void copy(const std::string& harness, const fs::path& from, const std::string& head) const {
    for (const fs::path& file : toml_files(from)) {
      std::string name = file.lexically_relative(IMBREX_SOURCE_DIR).string();
      std::replace(name.begin(), name.end(), '/', '-');
      write(harness, name, head + read_text_file(file));
    }
  }
  static std::vector<fs::path> toml_files(const fs::path& from) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(from)) {
      if (entry.path().extension() == ".toml") {
        files.push_back(entry.path());
      }
    }
    return files;
  }

 private:
  fs::path folder_;
};

const fs::path kSource = IMBREX_SOURCE_DIR;

void write_plans(const Seeds& seeds) {
  const test::TemporaryFolder folder;
  fuzz::write_small_networks(folder);
  for (const fs::path& file : Seeds::toml_files(kSource / "configs/recipes")) {
    if (const auto plan = fuzz::small_plan(file, folder.path())) {
      seeds.write("plan", file.stem(), plan->to_toml(folder.path()));
    }
  }
}

void append_lines(std::string& text, char letter, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    text += letter + line + "\n";
  }
}

// The decisions of a run as its result states them, and the constraints of the chip.
void write_decisions(const Seeds& seeds) {
  const test::TemporaryFolder folder;
  fuzz::write_small_networks(folder);
  const auto plan =
      fuzz::small_plan(kSource / "configs/recipes/resnet18-eye168.toml", folder.path());
  const auto outcome = fuzz::quiet_run(plan.value());
  std::string text;
  for (const OperatorResult& op : outcome.result.operators) {
    append_lines(text, 'p', op.placement);
    append_lines(text, 'l', op.loops);
    append_lines(text, 'o', op.outer);
    append_lines(text, 'j', op.job_extents);
  }
  seeds.write("decision", "decisions", text);
  seeds.write("decision", "nest",
              "lproduct DRAM temporal K 4\nlproduct GLB t C 4\nlproduct spad t C 16\n"
              "oproduct 1\njproduct C 64\npproduct copies 2\n");
  seeds.write("decision", "constraints",
              "c*: GLB spatial dims = Q K\nc*: spad temporal dims = none\n"
              "cfirst, sec*: GLB spatial >= 2\ncproduct: DRAM temporal K <= 2\n"
              "c*: DRAM temporal order = P Q\n");
}

void write_results(const Seeds& seeds) {
  const test::TemporaryFolder folder;
  for (const auto& [name, text] : fuzz::example_results(folder)) {
    seeds.write("result", fs::path(name).filename(), name + "\n" + text);
  }
}

void write_all(const Seeds& seeds) {
  seeds.copy("recipe", kSource / "configs/recipes", "\n");
  seeds.copy("recipe", kSource / "configs/silicon", "\n");
  for (const auto& entry : fs::directory_iterator(kSource / "tests/golden/errors")) {
    if (entry.is_directory()) {
      seeds.copy("recipe", entry.path(), "\n");
    }
  }
  seeds.write(
      "recipe", "override",
      "stage.2.samples=10\n" + read_text_file(kSource / "configs/recipes/resnet18-eye168.toml"));
  seeds.copy("workload", kSource / "configs/workloads", "");
  seeds.copy("experiment", kSource / "configs/ablations", "");
  write_plans(seeds);
  write_decisions(seeds);
  write_results(seeds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  try {
    write_all(Seeds(argv[1]));
  } catch (const std::exception& error) {
    std::cerr << "fuzz_seeds: " << error.what() << "\n";
    return 1;
  }
}
