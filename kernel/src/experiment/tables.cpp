#include "experiment/tables.hpp"

#include "experiment/fields.hpp"
#include "experiment/record_lookup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

std::string text_of(const Quantity& quantity, int digits) {
  if (const auto* const text = std::get_if<std::string>(&quantity)) {
    return *text;
  }
  if (const auto* const integer = std::get_if<std::int64_t>(&quantity)) {
    return std::to_string(*integer);
  }
  return number_text(std::get<double>(quantity), digits);
}

// Whether the points have it, and not all the same. A single point has nothing to vary.
bool is_worth_a_column(const Records& records, std::string_view name) {
  const Quantity* first = nullptr;
  std::size_t have = 0;
  std::size_t done = 0;
  bool varies = false;
  for (const auto& record : records) {
    done += record && record->state == PointState::done ? 1 : 0;
    if (const Quantity* const quantity = record ? record->find(name) : nullptr) {
      first = have++ == 0 ? quantity : first;
      varies = varies || *quantity != *first;
    }
  }
  return have > 0 && (varies || have < done || done == 1);
}

// The metrics that a table of points shows when nobody chose them: those that people compare.
// Everything is in points.csv.
std::vector<std::string> shown_metrics(const ExperimentPlan& plan, const Records& records) {
  if (!plan.experiment.metrics.empty()) {
    return plan.experiment.metrics;
  }
  constexpr std::array<const char*, 6> kUsual = {"latency_ps", "throughput_per_s", "energy_pj",
                                                 "edp_js",     "utilisation",      "speedup"};
  std::vector<std::string> names;
  for (const char* const name : kUsual) {
    if (is_worth_a_column(records, name)) {
      names.emplace_back(name);
    }
  }
  return names;
}

bool all_done(const Records& records) {
  return std::all_of(records.begin(), records.end(), [](const auto& record) {
    return record && record->state == PointState::done;
  });
}

}  // namespace

std::string number_text(double value, int digits) {
  const std::string shortest = fmt::format("{:.{}g}", value, digits);
  // A plain integer of some digits more reads better than an exponent.
  const bool has_exponent = shortest.find('e') != std::string::npos;
  return has_exponent && std::abs(value) >= 1 && std::abs(value) < 1e7
             ? fmt::format("{:.0f}", value)
             : shortest;
}

Table points_table(const ExperimentPlan& plan, const Records& records) {
  constexpr int kDigits = 6;
  const std::vector<std::string> metrics = shown_metrics(plan, records);
  const bool with_state = !all_done(records) || plan.experiment.axes.empty();
  Table out{"", {}, {}, plan.experiment.axes.size() + (with_state ? 1 : 0)};
  for (const Axis& axis : plan.experiment.axes) {
    out.header.push_back(axis.name);
  }
  if (with_state) {
    out.header.emplace_back("state");
  }
  out.header.insert(out.header.end(), metrics.begin(), metrics.end());
  for (const PlannedPoint& point : plan.points) {
    const auto& record = records[point.plan];
    std::vector<std::string> row;
    for (std::size_t axis = 0; axis < point.point.levels.size(); ++axis) {
      row.push_back(plan.experiment.axes[axis].levels[point.point.levels[axis]].label);
    }
    if (with_state) {
      row.emplace_back(record ? to_string(record->state) : "not run");
    }
    for (const std::string& metric : metrics) {
      const Quantity* const quantity = record ? record->find(metric) : nullptr;
      row.push_back(quantity == nullptr ? "-" : text_of(*quantity, kDigits));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

std::vector<std::string> missing_metrics(const ExperimentPlan& plan, const Records& records) {
  std::vector<std::string> wanted = plan.experiment.metrics;
  for (const TableSpec& spec : plan.experiment.tables) {
    for (const ValueSpec& value : spec.values) {
      wanted.push_back(value.metric);
      wanted.push_back(value.times);
      wanted.push_back(value.over);
    }
  }
  for (const ContributionSpec& spec : plan.experiment.contributions) {
    wanted.push_back(spec.metric);
  }
  for (const FrontSpec& spec : plan.experiment.fronts) {
    wanted.insert(wanted.end(), spec.metrics.begin(), spec.metrics.end());
  }
  return missing_of(std::move(wanted), records);
}

std::vector<std::string> missing_of(std::vector<std::string> names, const Records& records) {
  std::vector<std::string_view> known;
  std::vector<std::string> missing;
  for (const auto& record : records) {
    if (record && record->state == PointState::done) {
      std::erase_if(names, [&](const std::string& name) {
        return name.empty() || record->find(name) != nullptr;
      });
      if (known.empty()) {
        for (const auto& [name, quantity] : record->quantities) {
          known.push_back(name);
        }
      }
    }
  }
  for (const std::string& name : names) {
    if (!known.empty()) {
      missing.push_back(fmt::format("no point has '{}'{}", name, Fields::suggestion(name, known)));
    }
  }
  return missing;
}

std::vector<Table> tables_of(const ExperimentPlan& plan, const Records& records) {
  std::vector<Table> tables;
  for (const TableSpec& spec : plan.experiment.tables) {
    tables.push_back(metric_table(plan, records, spec));
  }
  for (const ContributionSpec& spec : plan.experiment.contributions) {
    tables.push_back(contribution_table(plan, records, spec));
  }
  for (const FrontSpec& spec : plan.experiment.fronts) {
    tables.push_back(front_table(plan, records, spec));
  }
  if (!plan.generations.empty()) {
    tables.push_back(generations_table(plan, records));
  }
  if (tables.empty()) {
    tables.push_back(points_table(plan, records));
  }
  return tables;
}

}  // namespace imbrex::experiment
