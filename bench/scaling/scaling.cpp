// Runs the command on growing work and prints CPU seconds, memory and the fitted exponent of every
// series, as a Markdown table. Exit code 1 when something grows faster, or takes more, than it may.
//
//   imbrex_scaling [--long] [PART OF A NAME ...]
#include "series.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace imbrex::scaling {
namespace {

struct Usage {
  double seconds = 0;    // of the processor, user and system
  double megabytes = 0;  // resident at most
  bool succeeded = false;
};

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

// One thread: processor seconds are then those of the work alone.
Usage run(const std::filesystem::path& folder) {
  std::vector<std::string> words = {IMBREX_COMMAND, "run",   (folder / "recipe.toml").string(),
                                    "--threads",    "1",     "--quiet",
                                    "--force",      "--out", (folder / "result").string()};
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  if (failed != 0 || wait4(child, &status, 0, &usage) != child) {
    return {};
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024,
          WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

Usage measure(const std::filesystem::path& folder, const Files& files) {
  write(folder / "workload.toml", files.workload);
  write(folder / "recipe.toml", files.recipe);
  return run(folder);
}

// Slope of log(seconds) over log(size), least squares. Without what an empty run takes, which would
// make everything look flat.
double exponent(const std::vector<std::int64_t>& sizes, const std::vector<Usage>& usages,
                double start_seconds) {
  double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double x = std::log(static_cast<double>(sizes[i]));
    const double y = std::log(std::max(usages[i].seconds - start_seconds, 1e-3));
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const auto count = static_cast<double>(sizes.size());
  return (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x);
}

class Table {
 public:
  explicit Table(std::filesystem::path folder) : folder_(std::move(folder)) {
    fmt::print("| work | size | CPU s | MB | exponent |\n|---|---|---|---|---|\n");
  }

  // Of the smallest piece of work there is.
  void measure_start(const Series& series) {
    start_seconds_ = measure(folder_, series.files(1)).seconds;
  }

  void add(const Series& series) {
    std::vector<Usage> usages;
    for (const std::int64_t size : series.sizes) {
      usages.push_back(measure(folder_, series.files(size)));
    }
    const double slope = exponent(series.sizes, usages, start_seconds_);
    for (std::size_t i = 0; i < usages.size(); ++i) {
      const bool last = i + 1 == usages.size();
      const std::string figures =
          usages[i].succeeded
              ? fmt::format("{:.2f} | {:.0f}", usages[i].seconds, usages[i].megabytes)
              : "failed | ";
      fmt::print("| {} | {} {} | {} | {} |\n", series.name, series.sizes[i], series.unit, figures,
                 last ? fmt::format("{:.2f}", slope) : "");
      good_ = good_ && usages[i].succeeded;
    }
    std::fflush(stdout);
    judge(series, usages.back(), slope);
  }
  bool good() const noexcept { return good_; }

 private:
  void judge(const Series& series, const Usage& largest, double slope) {
    const auto limit = [&](double value, double most, std::string_view what) {
      if (most > 0 && value > most) {
        fmt::print(stderr, "{}: {} is {:.2f}, more than {:g}\n", series.name, what, value, most);
        good_ = false;
      }
    };
    limit(slope, series.most_exponent, "the exponent");
    limit(largest.seconds, series.most_seconds, "the time in seconds");
    limit(largest.megabytes, series.most_megabytes, "the memory in MB");
  }

  std::filesystem::path folder_;
  double start_seconds_ = 0;
  bool good_ = true;
};

// A name that no series has is a mistake, not an empty table.
bool all_known(const std::vector<std::string>& names, const std::vector<Series>& all) {
  for (const std::string& name : names) {
    const auto has_name = [&](const Series& series) {
      return series.name.find(name) != std::string::npos;
    };
    if (std::none_of(all.begin(), all.end(), has_name)) {
      fmt::print(stderr, "no work is called '{}'; there are:\n", name);
      for (const Series& series : all) {
        fmt::print(stderr, "  {}\n", series.name);
      }
      return false;
    }
  }
  return true;
}

int main_of(const std::vector<std::string>& arguments) {
  bool long_ones = false;
  std::vector<std::string> names;
  for (const std::string& argument : arguments) {
    argument == "--long" ? void(long_ones = true) : names.push_back(argument);
  }
  const std::vector<Series> all = all_series(IMBREX_SOURCE_DIR "/configs", long_ones);
  if (!all_known(names, all)) {
    return 2;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "imbrex-scaling-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    fmt::print(stderr, "cannot make a folder {}\n", pattern);
    return EXIT_FAILURE;
  }
  Table table(pattern);
  table.measure_start(all.front());
  for (const Series& series : all) {
    const bool wanted =
        names.empty() || std::any_of(names.begin(), names.end(), [&](const auto& name) {
          return series.name.find(name) != std::string::npos;
        });
    if (wanted) {
      table.add(series);
    }
  }
  std::filesystem::remove_all(pattern);
  return table.good() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace imbrex::scaling

int main(int count, char** words) {
  return imbrex::scaling::main_of({words + 1, words + count});
}
