// Reporters: something is said, through the folder alone, whatever the result holds.
#include "checks.hpp"
#include "examination.hpp"
#include "kept_files.hpp"
#include "stand.hpp"
#include "transcript.hpp"

#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kReport = kinds_of({Kind::reporter});
constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};

// A reporter and a result of a run.
template <class Use>
void with_result(Examination& examination, const Use& use) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  use(stand, result_on(stand, *services, examination.seed()));
}

void says_something(Examination& examination) {
  with_result(examination, [](const Stand& stand, const Result& result) {
    KeptFiles files;
    stand.make<Reporter>()->report(result, files);
    require(!files.empty(), [] { return std::string("it wrote no file and showed no text"); });
  });
}

// An empty folder that is the working one while this lives.
class EmptyFolder {
 public:
  EmptyFolder()
      : before_(std::filesystem::current_path()),
        path_(std::filesystem::temp_directory_path() / fmt::format("imbrex-conform-{}", getpid())) {
    std::filesystem::create_directory(path_);
    std::filesystem::current_path(path_);
  }
  ~EmptyFolder() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  EmptyFolder(const EmptyFolder&) = delete;
  EmptyFolder& operator=(const EmptyFolder&) = delete;
  bool is_empty() const { return std::filesystem::is_empty(path_); }

 private:
  std::filesystem::path before_;
  std::filesystem::path path_;
};

void writes_through_folder(Examination& examination) {
  with_result(examination, [](const Stand& stand, const Result& result) {
    const EmptyFolder folder;
    KeptFiles files;
    stand.make<Reporter>()->report(result, files);
    require(folder.is_empty(), [] {
      return std::string(
          "it wrote into the working folder; files go through OutputFolder::write, so that a "
          "result appears whole or not at all");
    });
  });
}

std::vector<std::pair<std::string, Result>> odd_results(const Result& result) {
  std::vector<std::pair<std::string, Result>> odd;
  const auto change = [&](std::string what, auto edit) {
    odd.emplace_back(std::move(what), result);
    edit(odd.back().second);
  };
  change("an interrupted run", [](Result& r) { r.partial = true; });
  change("a run with a baseline", [](Result& r) {
    r.has_baseline = true;
    r.baseline = r.metrics;
    r.speedup = r.improvement = 1;
  });
  change("names with quotes, markup and other alphabets", [](Result& r) {
    for (OperatorResult& one : r.operators) {
      one.name += " <b>\"&', \xce\xb1\xe5\x8d\xb7";
    }
  });
  change("a run without jobs and edges", [](Result& r) {
    r.jobs = {};
    r.edges.clear();
    r.critical_path.clear();
  });
  change("a run in which everything is free", [](Result& r) {
    r.jobs = {};
    r.critical_path.clear();
    r.metrics.values.clear();
    for (OperatorResult& one : r.operators) {
      one.times = {};
    }
  });
  change("a run that takes no time", [](Result& r) {
    r.metrics.set("latency_ps", std::int64_t{0});
    for (OperatorResult& one : r.operators) {
      one.times = {};
    }
  });
  return odd;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// What C and C++ print of a division by zero, as a word of its own; empty when there is none.
std::string_view no_number(const std::string& text) {
  for (const std::string_view word : {"nan", "inf"}) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      const bool begins = at == 0 || !is_letter(text[at - 1]);
      if (begins && (end == text.size() || !is_letter(text[end]))) {
        return word;
      }
    }
  }
  return {};
}

void odd_results_are_reported(Examination& examination) {
  with_result(examination, [](const Stand& stand, const Result& result) {
    for (const auto& [what, odd] : odd_results(result)) {
      KeptFiles files(80);
      try {
        stand.make<Reporter>()->report(odd, files);
      } catch (const std::exception& error) {
        throw Broken(fmt::format("it fails on {}: {}", what, error.what()));
      }
      const std::string_view word = no_number(files.text());
      require(word.empty(), [&, name = what] {
        return fmt::format("of {} it writes '{}': look what it divides by", name, word);
      });
    }
  });
}

constexpr Check kChecks[] = {
    {"report/says-something", "It writes a file or shows a text.", kReport, says_something,
     kAnswers, true},
    {"report/writes-through-the-folder", "No file appears but those of the result folder.", kReport,
     writes_through_folder, kAnswers},
    {"report/odd-results-are-reported",
     "Interrupted runs, baselines, odd names, runs without jobs or time are reported, without nan "
     "and inf.",
     kReport, odd_results_are_reported, kAnswers, true},
};

}  // namespace

std::span<const Check> report_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
