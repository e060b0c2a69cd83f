// What several runs of one recipe with consecutive seeds say together: every metric's value per
// seed and its spread.
#pragma once

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::result {

// Order statistics of a sample. Between two values of the sorted sample they interpolate linearly
// (the median of an even number of values is the mean of the middle two).
struct Spread {
  double minimum = 0;
  double lower_quartile = 0;
  double median = 0;
  double upper_quartile = 0;
  double maximum = 0;
  bool operator==(const Spread&) const = default;
};

// `values` must not be empty and hold no NaN. O(n log n).
Spread spread_of(std::vector<double> values);

// The folder of one seed inside the study's: "seed-42".
std::string seed_folder(std::uint64_t seed);

// What is worth keeping of one seed's run.
struct SeedRun {
  std::uint64_t seed = 0;
  std::string plan_sha256;
  Metrics metrics;
  bool has_baseline = false;
  Metrics baseline;
  double speedup = 0;      // 0: there is none
  double improvement = 0;  // in the recipe's objective; 0: not known
};

struct SeedStudy {
  std::string name;
  std::string objective;
  std::uint64_t requested = 0;                    // seeds asked for
  std::vector<SeedRun> runs;                      // whole ones, by seed
  std::optional<std::uint64_t> interrupted_seed;  // kept and marked, but no part of any spread

  // Files a finished run; a partial one only leaves its seed.
  void add(const Result& result);
  bool partial() const noexcept { return runs.size() < requested; }
  // One value per run that has the metric, in order of seeds.
  std::vector<double> metric(std::string_view metric_name) const;
  std::vector<double> speedups() const;
  // The same in the recipe's objective; empty where that is the latency.
  std::vector<double> improvements() const;
};

// Grows when a key changes its meaning or goes away; new keys do not count.
inline constexpr int kSeedsSchema = 1;

// seeds.json (sdk/docs/recipes.md). Equal studies give equal bytes. Ends with a newline.
std::string seeds_json(const SeedStudy& study);

// seeds.csv: a line per seed and metric, those of the baseline as "baseline.METRIC". Numbers to the
// last bit.
std::string seeds_csv(const SeedStudy& study);

}  // namespace imbrex::result
