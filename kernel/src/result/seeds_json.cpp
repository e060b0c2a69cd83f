#include "result/seed_study.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

using Json = nlohmann::ordered_json;

// One value per seed that has it.
using Sample = std::vector<std::pair<std::uint64_t, MetricValue>>;

Json sample_json(const Sample& sample) {
  Json out;
  std::vector<double> numbers;
  for (const auto& [seed, value] : sample) {
    std::visit(
        [&, key = std::to_string(seed)](auto v) {
          out["values"][key] = v;
          numbers.push_back(static_cast<double>(v));
        },
        value);
  }
  const Spread spread = spread_of(std::move(numbers));
  out["median"] = spread.median;
  out["minimum"] = spread.minimum;
  out["maximum"] = spread.maximum;
  out["lower_quartile"] = spread.lower_quartile;
  out["upper_quartile"] = spread.upper_quartile;
  return out;
}

// Every metric that any of the runs has, in the order in which they first appear.
Json metrics_json(const std::vector<SeedRun>& runs, const Metrics SeedRun::*which) {
  std::vector<std::pair<std::string, Sample>> samples;
  for (const SeedRun& run : runs) {
    for (const auto& [name, value] : (run.*which).values) {
      auto at = std::find_if(samples.begin(), samples.end(),
                             [&name = name](const auto& sample) { return sample.first == name; });
      if (at == samples.end()) {
        at = samples.insert(samples.end(), {name, {}});
      }
      at->second.emplace_back(run.seed, value);
    }
  }
  Json out = Json::object();
  for (const auto& [name, sample] : samples) {
    out[name] = sample_json(sample);
  }
  return out;
}

Json runs_json(const std::vector<SeedRun>& runs) {
  Json out = Json::array();
  for (const SeedRun& run : runs) {
    out.push_back(
        {{"seed", run.seed}, {"folder", seed_folder(run.seed)}, {"plan_sha256", run.plan_sha256}});
  }
  return out;
}

void add_ratio(Json& out, const char* name, const std::vector<SeedRun>& runs,
               double SeedRun::*which) {
  Sample sample;
  for (const SeedRun& run : runs) {
    if (run.*which > 0) {
      sample.emplace_back(run.seed, run.*which);
    }
  }
  if (!sample.empty()) {
    out[name] = sample_json(sample);
  }
}

}  // namespace

std::string seeds_json(const SeedStudy& study) {
  Json out;
  out["schema"] = kSeedsSchema;
  out["name"] = study.name;
  out["objective"] = study.objective;
  out["requested_seeds"] = study.requested;
  if (study.partial()) {
    out["partial"] = true;
  }
  if (study.interrupted_seed) {
    out["interrupted_seed"] = *study.interrupted_seed;
  }
  out["runs"] = runs_json(study.runs);
  out["metrics"] = metrics_json(study.runs, &SeedRun::metrics);
  if (std::any_of(study.runs.begin(), study.runs.end(),
                  [](const SeedRun& run) { return run.has_baseline; })) {
    out["baseline"]["metrics"] = metrics_json(study.runs, &SeedRun::baseline);
    add_ratio(out, "speedup", study.runs, &SeedRun::speedup);
    if (!study.improvements().empty()) {
      add_ratio(out, "improvement", study.runs, &SeedRun::improvement);
    }
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imbrex::result
