// Metrics arranged by axes: [[table]] of an experiment.
#include "experiment/record_lookup.hpp"
#include "experiment/tables.hpp"
#include "result/seed_study.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

double aggregated(std::vector<double> values, Aggregate aggregate) {
  const auto count = static_cast<double>(values.size());
  switch (aggregate) {
    case Aggregate::mean:
      return std::accumulate(values.begin(), values.end(), 0.0) / count;
    case Aggregate::geometric_mean:
      return std::exp(std::accumulate(values.begin(), values.end(), 0.0,
                                      [](double sum, double v) { return sum + std::log(v); }) /
                      count);
    case Aggregate::minimum:
      return *std::min_element(values.begin(), values.end());
    case Aggregate::maximum:
      return *std::max_element(values.begin(), values.end());
    case Aggregate::none:
    case Aggregate::median:
    case Aggregate::spread:
      break;
  }
  return result::spread_of(std::move(values)).median;
}

std::string text_of(double value, const ValueSpec& spec) {
  value *= spec.scale;
  return spec.decimals ? fmt::format("{:.{}f}", value, *spec.decimals)
                       : number_text(value, spec.digits);
}

std::string text_of(const std::vector<double>& values, const ValueSpec& spec, Aggregate aggregate) {
  const std::string middle = text_of(aggregated(values, aggregate), spec);
  return aggregate != Aggregate::spread
             ? middle
             : fmt::format("{} [{} .. {}]", middle,
                           text_of(aggregated(values, Aggregate::minimum), spec),
                           text_of(aggregated(values, Aggregate::maximum), spec));
}

// What falls into one cell: the values of each of its numbers, point by point.
struct Cell {
  std::vector<std::vector<double>> values;
  std::string why_none = "-";

  std::string text(const TableSpec& spec, Aggregate aggregate) const {
    std::string out = spec.text;
    std::size_t at = 0;
    for (std::size_t i = 0; i < spec.values.size(); ++i) {
      if (i >= values.size() || values[i].empty()) {
        return why_none;
      }
      const std::string number = text_of(values[i], spec.values[i], aggregate);
      at = out.find("{}", at);
      out.replace(at, 2, number);
      at += number.size();
    }
    return out;
  }
};

class Pivot {
 public:
  Pivot(const ExperimentPlan& plan, const Records& records, const TableSpec& spec)
      : plan_(plan), spec_(spec), lookup_(plan, records) {
    for (const PlannedPoint& point : plan.points) {
      if (spec.where.selects(point.point.levels)) {
        add(point.point.levels);
      }
    }
  }

  Table table() const {
    Table out{spec_.title, {}, {}, spec_.rows.size()};
    for (const std::size_t axis : spec_.rows) {
      out.header.push_back(plan_.experiment.axes[axis].name);
    }
    const std::vector<std::size_t> columns = columns_in_use();
    for (const std::size_t column : columns) {
      out.header.push_back(spec_.column ? plan_.experiment.axes[*spec_.column].levels[column].label
                                        : spec_.values.front().metric);
    }
    for (const auto& [row, cells] : rows_) {
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < row.size(); ++i) {
        texts.push_back(plan_.experiment.axes[spec_.rows[i]].levels[row[i]].label);
      }
      for (const std::size_t column : columns) {
        const auto cell = cells.find(column);
        texts.push_back(cell == cells.end() ? "-" : cell->second.text(spec_, spec_.aggregate));
      }
      out.rows.push_back(std::move(texts));
    }
    if (spec_.summary != Aggregate::none) {
      out.rows.push_back(summary(columns));
    }
    return out;
  }

 private:
  void add(const std::vector<std::size_t>& levels) {
    std::vector<std::size_t> row;
    for (const std::size_t axis : spec_.rows) {
      row.push_back(levels[axis]);
    }
    Cell& cell = rows_[row][spec_.column ? levels[*spec_.column] : 0];
    cell.values.resize(spec_.values.size());
    for (std::size_t i = 0; i < spec_.values.size(); ++i) {
      if (const auto value = value_at(levels, spec_.values[i])) {
        cell.values[i].push_back(*value);
      }
    }
    if (const PointRecord* const record = lookup_.at(levels);
        record != nullptr && record->state != PointState::done) {
      cell.why_none = to_string(record->state);
    }
  }

  std::optional<double> value_at(const std::vector<std::size_t>& levels,
                                 const ValueSpec& spec) const {
    const auto value = own_value(levels, spec);
    if (!value) {
      return std::nullopt;
    }
    if (!spec_.relative) {
      return spec.inverse ? ratio(1, *value) : value;
    }
    std::vector<std::size_t> twin = levels;
    for (const auto& [axis, chosen] : spec_.relative->choices) {
      twin[axis] = chosen.front();
    }
    const auto reference = own_value(twin, spec);
    return !reference     ? std::nullopt
           : spec.inverse ? ratio(*reference, *value)
                          : ratio(*value, *reference);
  }

  std::optional<double> own_value(const std::vector<std::size_t>& levels,
                                  const ValueSpec& spec) const {
    const PointRecord* const record = lookup_.at(levels);
    auto value = number_of(record, spec.metric);
    if (value && !spec.times.empty()) {
      const auto factor = number_of(record, spec.times);
      value = factor ? std::optional(*value * *factor) : std::nullopt;
    }
    if (spec.over.empty() || !value) {
      return value;
    }
    const auto divisor = number_of(record, spec.over);
    return divisor ? ratio(*value, *divisor) : std::nullopt;
  }

  static std::optional<double> ratio(double value, double over) {
    return over == 0 ? std::nullopt : std::optional(value / over);
  }

  // Every row's aggregate counts once, however many points are in it.
  std::vector<std::string> summary(const std::vector<std::size_t>& columns) const {
    std::vector<std::string> texts(spec_.rows.size());
    texts.front() = kSummaryNames.at(static_cast<std::size_t>(spec_.summary));
    for (const std::size_t column : columns) {
      Cell all;
      all.values.resize(spec_.values.size());
      for (const auto& [row, cells] : rows_) {
        const auto cell = cells.find(column);
        for (std::size_t i = 0; cell != cells.end() && i < spec_.values.size(); ++i) {
          if (!cell->second.values[i].empty()) {
            all.values[i].push_back(aggregated(cell->second.values[i], spec_.aggregate));
          }
        }
      }
      texts.push_back(all.text(spec_, spec_.summary));
    }
    return texts;
  }

  std::vector<std::size_t> columns_in_use() const {
    std::vector<std::size_t> columns;
    for (const auto& [row, cells] : rows_) {
      for (const auto& [column, cell] : cells) {
        columns.push_back(column);
      }
    }
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    return columns;
  }

  static constexpr std::array<const char*, 7> kSummaryNames = {
      "", "mean", "geometric mean", "median", "minimum", "maximum", "median"};

  const ExperimentPlan& plan_;
  const TableSpec& spec_;
  RecordLookup lookup_;
  std::map<std::vector<std::size_t>, std::map<std::size_t, Cell>> rows_;
};

}  // namespace

void require_room(const ExperimentPlan& plan) {
  for (const TableSpec& spec : plan.experiment.tables) {
    std::map<std::vector<std::size_t>, std::size_t> points;
    for (const PlannedPoint& point : plan.points) {
      std::vector<std::size_t> cell;
      for (const std::size_t axis : spec.rows) {
        cell.push_back(point.point.levels[axis]);
      }
      cell.push_back(spec.column ? point.point.levels[*spec.column] : 0);
      const bool is_in = spec.where.selects(point.point.levels);
      if (is_in && ++points[cell] > 1 && spec.aggregate == Aggregate::none) {
        throw InputError(
            fmt::format("table '{}': a cell holds several points, '{}' among them; say "
                        "how they become one, e.g. aggregate = \"geometric mean\"",
                        spec.title, description_of(plan.experiment, point.point)));
      }
    }
  }
}

Table metric_table(const ExperimentPlan& plan, const Records& records, const TableSpec& spec) {
  return Pivot(plan, records, spec).table();
}

}  // namespace imbrex::experiment
