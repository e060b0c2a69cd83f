#include "result/seed_study.hpp"

#include <fmt/format.h>

namespace imbrex::result {
namespace {

void append(std::uint64_t seed, std::string_view prefix, const Metrics& metrics, std::string& out) {
  for (const auto& metric : metrics.values) {
    std::visit(
        [&](auto value) { out += fmt::format("{},{}{},{}\n", seed, prefix, metric.first, value); },
        metric.second);
  }
}

}  // namespace

std::string seeds_csv(const SeedStudy& study) {
  std::string out = "seed,metric,value\n";
  for (const SeedRun& run : study.runs) {
    append(run.seed, "", run.metrics, out);
    if (run.has_baseline) {
      append(run.seed, "baseline.", run.baseline, out);
    }
    if (run.speedup > 0) {
      out += fmt::format("{},speedup,{}\n", run.seed, run.speedup);
    }
    if (run.improvement > 0) {
      out += fmt::format("{},improvement,{}\n", run.seed, run.improvement);
    }
  }
  return out;
}

}  // namespace imbrex::result
