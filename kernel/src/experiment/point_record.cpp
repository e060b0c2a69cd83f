#include "experiment/point_record.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"done", "infeasible", "failed", "timed out",
                                                     "crashed"};

void append(const Metrics& metrics, const std::string& prefix, PointRecord& record) {
  for (const auto& metric : metrics.values) {
    std::visit([&](auto number) { record.quantities.emplace_back(prefix + metric.first, number); },
               metric.second);
  }
}

}  // namespace

std::optional<PointState> point_state_of(std::string_view name) noexcept {
  const auto at = std::find(kStates.begin(), kStates.end(), name);
  return at == kStates.end() ? std::nullopt
                             : std::optional(static_cast<PointState>(at - kStates.begin()));
}

std::string_view to_string(PointState state) noexcept {
  return kStates[static_cast<std::size_t>(state)];
}

const Quantity* PointRecord::find(std::string_view name) const noexcept {
  const auto is_named = [&](const auto& quantity) { return quantity.first == name; };
  const auto is_fact = [&](const auto& quantity) {
    const std::string_view whole = quantity.first;
    return whole.starts_with("stage.") && whole.substr(whole.rfind('.') + 1) == name;
  };
  auto at = std::find_if(quantities.begin(), quantities.end(), is_named);
  if (at == quantities.end()) {
    at = std::find_if(quantities.begin(), quantities.end(), is_fact);
  }
  return at == quantities.end() ? nullptr : &at->second;
}

std::vector<std::pair<std::string, Quantity>> quantities_of(const Result& result) {
  PointRecord record;
  append(result.metrics, "", record);
  if (result.has_baseline) {
    append(result.baseline, "baseline.", record);
    if (result.speedup > 0) {
      record.quantities.emplace_back("speedup", result.speedup);
    }
    if (result.improvement > 0) {
      record.quantities.emplace_back("improvement", result.improvement);
    }
  }
  record.quantities.emplace_back("exactness",
                                 std::string(kExactnessNames[index(result.exactness)]));
  for (std::size_t i = 0; i < result.stages.size(); ++i) {
    for (const auto& [name, value] : result.stages[i].facts) {
      record.quantities.emplace_back(fmt::format("stage.{}.{}", i + 1, name), value);
    }
  }
  return std::move(record.quantities);
}

}  // namespace imbrex::experiment
