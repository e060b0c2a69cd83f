// Runs a harness of libFuzzer's form without libFuzzer: all inputs of a corpus, then mutations of
// them for a while.
#include "mutations.hpp"
#include "watched_inputs.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace fs = std::filesystem;
using namespace imbrex::fuzz;

struct Options {
  unsigned seconds = 0;
  std::uint64_t seed = 1;
  fs::path findings = ".";
  Limits limits;
  std::vector<fs::path> corpus;
};

constexpr const char* kUsage =
    "usage: PROGRAM [--seconds N] [--seed N] [--seconds-per-input N] [--memory-bytes N]\n"
    "               [--findings FOLDER] CORPUS ...\n"
    "Runs every file of CORPUS, files or folders, then mutations of them for N seconds.\n";

// Errors: std::exception for what is no number.
Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (!name.starts_with("--")) {
      options.corpus.emplace_back(name);
      continue;
    }
    const std::string value = ++i < argc ? argv[i] : "";
    if (name == "--seconds") {
      options.seconds = static_cast<unsigned>(std::stoul(value));
    } else if (name == "--seed") {
      options.seed = std::stoull(value);
    } else if (name == "--seconds-per-input") {
      options.limits.seconds_per_input = static_cast<unsigned>(std::stoul(value));
    } else if (name == "--memory-bytes") {
      options.limits.memory_bytes = std::stoull(value);
    } else if (name == "--findings") {
      options.findings = value;
    } else {
      throw std::invalid_argument("no option " + std::string(name));
    }
  }
  return options;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// In the order of their names, so that the inputs do not depend on the file system.
std::vector<std::string> read_corpus(const std::vector<fs::path>& places) {
  std::vector<fs::path> files;
  for (const fs::path& place : places) {
    if (fs::is_directory(place)) {
      for (const auto& entry : fs::recursive_directory_iterator(place)) {
        if (entry.is_regular_file()) {
          files.push_back(entry.path());
        }
      }
    } else if (fs::exists(place)) {
      files.push_back(place);
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  std::transform(files.begin(), files.end(), std::back_inserter(corpus), read);
  return corpus;
}

int report(const Outcome& outcome, const Options& options, double seconds, std::size_t corpus) {
  std::cout << outcome.inputs << " inputs in " << seconds << " s, "
            << static_cast<double>(outcome.inputs) / seconds << " a second; seed " << options.seed
            << ", corpus of " << corpus << "\n";
  if (!outcome.finding) {
    return 0;
  }
  const fs::path file = options.findings / ("finding-" + std::to_string(options.seed) + "-" +
                                            std::to_string(outcome.finding->number));
  std::ofstream(file, std::ios::binary) << outcome.finding->input;
  std::cout << "FINDING: " << outcome.finding->how << " with the input kept in " << file.string()
            << "; run this program with that file to see it again\n";
  return 1;
}

int fuzz(const Options& options) {
  using Clock = std::chrono::steady_clock;
  const std::vector<std::string> corpus = read_corpus(options.corpus);
  if (corpus.empty()) {
    throw std::invalid_argument("no input in the corpus");
  }
  const Mutations mutations(corpus, options.seed);
  const auto start = Clock::now();
  const auto end = start + std::chrono::seconds(options.seconds);
  const Outcome outcome = run_watched(
      [&](std::uint64_t number) -> std::optional<std::string> {
        return number < corpus.size() ? corpus[number] : mutations.input(number);
      },
      [&](std::uint64_t number) { return number < corpus.size() || Clock::now() < end; },
      [](const std::string& input) {
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
      },
      options.limits);
  return report(outcome, options, std::chrono::duration<double>(Clock::now() - start).count(),
                corpus.size());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return fuzz(options_of(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << "\n" << kUsage;
    return 2;
  }
}
