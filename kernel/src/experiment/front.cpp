// Pareto fronts: [[front]] of an experiment, and what a search found by when.
#include "experiment/pareto.hpp"
#include "experiment/record_lookup.hpp"
#include "experiment/tables.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// The hypervolume is worth a column as long as it costs no more than what it is about.
constexpr std::size_t kMostObjectivesOfAVolume = 3;

struct Candidates {
  std::vector<std::size_t> points;
  std::vector<Costs> costs;
};

// Those of the first `count` points that have all of the metrics.
Candidates candidates_of(const ExperimentPlan& plan, const Records& records,
                         const std::vector<std::string>& metrics, std::size_t count) {
  Candidates out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& record = records[plan.points[i].plan];
    if (auto costs = costs_of(record ? &*record : nullptr, metrics)) {
      out.points.push_back(i);
      out.costs.push_back(std::move(*costs));
    }
  }
  return out;
}

std::vector<Costs> front_costs(const Candidates& candidates) {
  std::vector<Costs> out;
  for (const std::size_t member : front_of(candidates.costs)) {
    out.push_back(candidates.costs[member]);
  }
  return out;
}

// Between the best and the worst that any point has of each objective.
class UnitBox {
 public:
  explicit UnitBox(const std::vector<Costs>& all) : best_(all.front()), worst_(all.front()) {
    for (const Costs& costs : all) {
      for (std::size_t i = 0; i < costs.size(); ++i) {
        best_[i] = std::min(best_[i], costs[i]);
        worst_[i] = std::max(worst_[i], costs[i]);
      }
    }
  }

  // The part of the box that the front dominates.
  double part(std::vector<Costs> front) const {
    for (Costs& costs : front) {
      for (std::size_t i = 0; i < costs.size(); ++i) {
        const double width = worst_[i] - best_[i];
        costs[i] = width > 0 ? (costs[i] - best_[i]) / width : 0;
      }
    }
    return hypervolume(std::move(front), Costs(best_.size(), 1));
  }

 private:
  Costs best_;
  Costs worst_;
};

std::size_t infeasible_among(const ExperimentPlan& plan, const Records& records,
                             std::size_t count) {
  return static_cast<std::size_t>(
      std::count_if(plan.points.begin(), plan.points.begin() + static_cast<std::ptrdiff_t>(count),
                    [&](const PlannedPoint& point) {
                      const auto& record = records[point.plan];
                      return record && record->state == PointState::infeasible;
                    }));
}

}  // namespace

std::vector<std::size_t> front_points(const ExperimentPlan& plan, const Records& records,
                                      const FrontSpec& spec) {
  const Candidates all = candidates_of(plan, records, spec.metrics, plan.points.size());
  std::vector<std::size_t> points;
  for (const std::size_t member : front_of(all.costs)) {
    points.push_back(all.points[member]);
  }
  return points;
}

Table front_table(const ExperimentPlan& plan, const Records& records, const FrontSpec& spec) {
  constexpr int kDigits = 6;
  Table out{spec.title, {}, {}, plan.experiment.axes.size()};
  for (const Axis& axis : plan.experiment.axes) {
    out.header.push_back(axis.name);
  }
  out.header.insert(out.header.end(), spec.metrics.begin(), spec.metrics.end());
  for (const std::size_t member : front_points(plan, records, spec)) {
    const PlannedPoint& point = plan.points[member];
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

Table generations_table(const ExperimentPlan& plan, const Records& records) {
  const std::vector<std::string>& objectives = plan.experiment.search->objectives;
  Table out{"What each generation added", {"generation", "points", "infeasible", "front"}, {}, 1};
  const bool with_volume = objectives.size() <= kMostObjectivesOfAVolume;
  if (with_volume) {
    out.header.emplace_back("hypervolume");
  }
  const Candidates all = candidates_of(plan, records, objectives, plan.points.size());
  for (std::size_t generation = 0; generation < plan.generations.size(); ++generation) {
    const std::size_t count = plan.generations[generation];
    const Candidates known = candidates_of(plan, records, objectives, count);
    const std::vector<Costs> front = front_costs(known);
    out.rows.push_back({std::to_string(generation + 1), std::to_string(count),
                        std::to_string(infeasible_among(plan, records, count)),
                        std::to_string(front.size())});
    if (with_volume) {
      out.rows.back().push_back(
          front.empty() ? "-" : fmt::format("{:.4f}", UnitBox(all.costs).part(front)));
    }
  }
  return out;
}

}  // namespace imbrex::experiment
