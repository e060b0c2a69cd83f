// Pareto fronts: [[front]] of an experiment.
#include "experiment/record_lookup.hpp"
#include "experiment/tables.hpp"

#include <algorithm>

namespace imbrex::experiment {
namespace {

struct Candidate {
  std::size_t point = 0;
  std::vector<double> costs;  // one per metric, less is better

  // As good in all, and better in one.
  bool dominates(const Candidate& other) const {
    bool better = false;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (costs[i] > other.costs[i]) {
        return false;
      }
      better = better || costs[i] < other.costs[i];
    }
    return better;
  }
};

std::vector<Candidate> candidates_of(const ExperimentPlan& plan, const Records& records,
                                     const FrontSpec& spec) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const auto& record = records[plan.points[i].plan];
    Candidate candidate{i, {}};
    for (const std::string& metric : spec.metrics) {
      if (const auto value = number_of(record ? &*record : nullptr, metric)) {
        candidate.costs.push_back(direction_of(metric) == Direction::more_is_better ? -*value
                                                                                    : *value);
      }
    }
    if (candidate.costs.size() == spec.metrics.size()) {
      candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

// In lexicographic order of costs nobody is dominated by somebody behind, and whoever is dominated
// is so by a member of the front: dominance is transitive.
std::vector<Candidate> front_of(std::vector<Candidate> candidates) {
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& one, const Candidate& other) { return one.costs < other.costs; });
  std::vector<Candidate> front;
  for (Candidate& candidate : candidates) {
    const bool dominated = std::any_of(front.rbegin(), front.rend(), [&](const Candidate& member) {
      return member.dominates(candidate);
    });
    if (!dominated) {
      front.push_back(std::move(candidate));
    }
  }
  return front;
}

}  // namespace

Table front_table(const ExperimentPlan& plan, const Records& records, const FrontSpec& spec) {
  constexpr int kDigits = 6;
  Table out{spec.title, {}, {}, plan.experiment.axes.size()};
  for (const Axis& axis : plan.experiment.axes) {
    out.header.push_back(axis.name);
  }
  out.header.insert(out.header.end(), spec.metrics.begin(), spec.metrics.end());
  for (const Candidate& member : front_of(candidates_of(plan, records, spec))) {
    const PlannedPoint& point = plan.points[member.point];
    std::vector<std::string> row;
    for (std::size_t axis = 0; axis < point.point.levels.size(); ++axis) {
      row.push_back(plan.experiment.axes[axis].levels[point.point.levels[axis]].label);
    }
    for (const std::string& metric : spec.metrics) {
      row.push_back(number_text(*number_of(&*records[point.plan], metric), kDigits));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace imbrex::experiment
