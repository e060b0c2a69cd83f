#include "experiment/render.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + "\"";
}

// Numbers as they are, to the last bit.
std::string exact_text(const Quantity& quantity) {
  return std::visit([](const auto& value) { return fmt::format("{}", value); }, quantity);
}

void append_lines(const std::string& start, const PointRecord* record, std::string& out) {
  if (record == nullptr) {
    out += start + "not run,,,\n";
    return;
  }
  const std::string state(to_string(record->state));
  if (record->state != PointState::done) {
    out += fmt::format("{}{},,,{}\n", start, state, csv_field(record->message));
    return;
  }
  for (const auto& [name, quantity] : record->quantities) {
    out += fmt::format("{}{},{},{},{}\n", start, state, csv_field(name), unit_of(name),
                       csv_field(exact_text(quantity)));
  }
}

}  // namespace

std::optional<Format> format_of(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"table", "md", "csv", "json"};
  const auto at = std::find(kNames.begin(), kNames.end(), name);
  return at == kNames.end() ? std::nullopt
                            : std::optional(static_cast<Format>(at - kNames.begin()));
}

std::string aligned_text(const Table& table, const text::Style& style) {
  std::string alignment(table.header.size(), 'r');
  std::fill_n(alignment.begin(), std::min(table.labels, alignment.size()), 'l');
  text::Table out(table.header, alignment);
  for (const auto& row : table.rows) {
    out.row(row);
  }
  return out.text(style, 0);
}

std::string markdown_text(const Table& table) {
  std::string out;
  const auto add = [&](const std::vector<std::string>& row) {
    out += "|";
    for (std::string cell : row) {
      std::replace(cell.begin(), cell.end(), '\n', ' ');
      for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2) {
        cell.insert(at, "\\");
      }
      out += " " + cell + " |";
    }
    out += "\n";
  };
  add(table.header);
  out += "|";
  for (std::size_t column = 0; column < table.header.size(); ++column) {
    out += column < table.labels ? "---|" : "---:|";
  }
  out += "\n";
  for (const auto& row : table.rows) {
    add(row);
  }
  return out;
}

namespace {

// Of each point, the fronts of the experiment that it is on: "on_front" by name, with the number of
// the front behind it from the second one on.
std::vector<std::vector<bool>> memberships(const ExperimentPlan& plan, const Records& records) {
  std::vector<std::vector<bool>> fronts;
  for (const FrontSpec& spec : plan.experiment.fronts) {
    fronts.emplace_back(plan.points.size(), false);
    for (const std::size_t point : front_points(plan, records, spec)) {
      fronts.back()[point] = true;
    }
  }
  return fronts;
}

}  // namespace

std::string points_csv(const ExperimentPlan& plan, const Records& records) {
  const std::vector<std::vector<bool>> fronts = memberships(plan, records);
  std::string out = "point";
  for (const Axis& axis : plan.experiment.axes) {
    out += "," + csv_field(axis.name);
  }
  out += ",state,quantity,unit,value\n";
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const PlannedPoint& point = plan.points[i];
    std::string start = std::to_string(i + 1) + ",";
    for (std::size_t axis = 0; axis < point.point.levels.size(); ++axis) {
      start += csv_field(plan.experiment.axes[axis].levels[point.point.levels[axis]].label) + ",";
    }
    const auto& record = records[point.plan];
    append_lines(start, record ? &*record : nullptr, out);
    for (std::size_t front = 0; front < fronts.size(); ++front) {
      if (record && record->state == PointState::done) {
        out +=
            fmt::format("{}done,on_front{},,{}\n", start,
                        front == 0 ? "" : fmt::format("_{}", front + 1), fronts[front][i] ? 1 : 0);
      }
    }
  }
  return out;
}

std::string render(const ExperimentPlan& plan, const Records& records, Format format,
                   const text::Style& style) {
  if (format == Format::csv) {
    return points_csv(plan, records);
  }
  if (format == Format::json) {
    return experiment_json(plan, records);
  }
  std::string out;
  for (const Table& table : tables_of(plan, records)) {
    out += out.empty() ? "" : "\n";
    out += table.title.empty() ? "" : table.title + "\n\n";
    out += format == Format::markdown ? markdown_text(table) : aligned_text(table, style);
  }
  return out;
}

}  // namespace imbrex::experiment
