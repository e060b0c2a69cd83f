#include "result/seed_study.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cmath>

namespace imbrex::result {
namespace {

double number(const MetricValue& value) {
  return std::visit([](auto v) { return static_cast<double>(v); }, value);
}

double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = position - static_cast<double>(below);
  return sorted[below] + weight * (sorted[above] - sorted[below]);
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  IMBREX_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  return {values.front(), quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75),
          values.back()};
}

std::string seed_folder(std::uint64_t seed) {
  return "seed-" + std::to_string(seed);
}

void SeedStudy::add(const Result& result) {
  if (result.partial) {
    interrupted_seed = result.seed;
    return;
  }
  runs.push_back({result.seed, result.plan_sha256, result.metrics, result.has_baseline,
                  result.baseline, result.speedup, result.improvement});
}

std::vector<double> SeedStudy::metric(std::string_view metric_name) const {
  std::vector<double> values;
  for (const SeedRun& run : runs) {
    if (const MetricValue* const value = run.metrics.find(metric_name)) {
      values.push_back(number(*value));
    }
  }
  return values;
}

std::vector<double> SeedStudy::speedups() const {
  std::vector<double> values;
  for (const SeedRun& run : runs) {
    if (run.speedup > 0) {
      values.push_back(run.speedup);
    }
  }
  return values;
}

std::vector<double> SeedStudy::improvements() const {
  std::vector<double> values;
  for (const SeedRun& run : runs) {
    if (run.improvement > 0 && objective != "latency") {
      values.push_back(run.improvement);
    }
  }
  return values;
}

}  // namespace imbrex::result
