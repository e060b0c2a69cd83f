// Pareto fronts: [[front]] of an experiment, and what a search found by when.
#include "experiment/pareto.hpp"
#include "experiment/record_lookup.hpp"
#include "experiment/tables.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// The hypervolume is worth a column as long as it costs no more than what it is about.
constexpr std::size_t kMostObjectivesOfAVolume = 3;

struct Candidates {
  std::vector<std::size_t> points;
  std::vector<Costs> costs;
};

// Those that have all of the metrics.
Candidates candidates_of(const ExperimentPlan& plan, const Records& records,
                         const std::vector<std::string>& metrics) {
  Candidates out;
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const auto& record = records[plan.points[i].plan];
    if (auto costs = costs_of(record ? &*record : nullptr, metrics)) {
      out.points.push_back(i);
      out.costs.push_back(std::move(*costs));
    }
  }
  return out;
}

// What the front becomes with more candidates: who was beaten before stays beaten.
std::vector<Costs> widened(std::vector<Costs> front, std::span<const Costs> more) {
  front.insert(front.end(), more.begin(), more.end());
  std::vector<Costs> out;
  for (const std::size_t member : front_of(front)) {
    out.push_back(front[member]);
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

  // The part of the box that the front dominates, whose equals are side by side.
  double part(std::vector<Costs> front) const {
    front.erase(std::unique(front.begin(), front.end()), front.end());
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

std::size_t infeasible_among(std::span<const PlannedPoint> points, const Records& records) {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(), [&](const PlannedPoint& point) {
        const auto& record = records[point.plan];
        return record && record->state == PointState::infeasible;
      }));
}

}  // namespace

std::vector<std::size_t> front_points(const ExperimentPlan& plan, const Records& records,
                                      const FrontSpec& spec) {
  const Candidates all = candidates_of(plan, records, spec.metrics);
  std::vector<std::size_t> points;
  for (const std::size_t member : front_of(all.costs)) {
    points.push_back(all.points[member]);
  }
  return points;
}

Table front_table(const ExperimentPlan& plan, const Records& records, const FrontSpec& spec) {
  constexpr int kSignificantDigits = 6;
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
      row.push_back(number_text(*number_of(&*records[point.plan], metric), kSignificantDigits));
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
  const Candidates all = candidates_of(plan, records, objectives);
  std::vector<Costs> front;
  std::size_t infeasible = 0;
  std::size_t begin = 0;  // of the generation's points
  std::size_t known = 0;  // candidates of the generations before
  for (const std::size_t end : plan.generations) {
    const auto last = std::lower_bound(all.points.begin(), all.points.end(), end);
    const auto candidates = static_cast<std::size_t>(last - all.points.begin());
    front = widened(std::move(front), std::span(all.costs).subspan(known, candidates - known));
    infeasible += infeasible_among(std::span(plan.points).subspan(begin, end - begin), records);
    out.rows.push_back({std::to_string(out.rows.size() + 1), std::to_string(end),
                        std::to_string(infeasible), std::to_string(front.size())});
    if (with_volume) {
      out.rows.back().push_back(
          front.empty() ? "-" : fmt::format("{:.4f}", UnitBox(all.costs).part(front)));
    }
    begin = end;
    known = candidates;
  }
  return out;
}

}  // namespace imbrex::experiment
