// [[table]], [[contributions]] and the selections of points in them.
#include "experiment/experiment_keys.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/point_record.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

std::vector<std::string_view> names_of(const Experiment& experiment) {
  std::vector<std::string_view> names;
  for (const Axis& axis : experiment.axes) {
    names.push_back(axis.name);
  }
  if (experiment.seeds > 0) {
    names.emplace_back("seed");  // its axis comes last, when the recipe is known
  }
  return names;
}

std::optional<std::size_t> axis_index(const Fields& fields, DocumentNode at, std::string_view name,
                                      const Experiment& experiment) {
  const std::vector<std::string_view> names = names_of(experiment);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    fields.complain(at,
                    fmt::format("there is no axis '{}'{}", name, Fields::suggestion(name, names)));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::size_t> axes(const Fields& fields, std::string_view key,
                              const Experiment& experiment) {
  std::vector<std::size_t> out;
  for (const std::string& name : fields.texts(key)) {
    if (const auto axis = axis_index(fields, fields.node(key), name, experiment)) {
      out.push_back(*axis);
    }
  }
  return out;
}

std::optional<std::size_t> level_index(const Fields& fields, DocumentNode at, const Axis& axis) {
  const std::string label =
      at.string() ? std::string(*at.string()) : override_text("", at).substr(1);
  std::vector<std::string_view> labels;
  for (const Level& level : axis.levels) {
    labels.push_back(level.label);
  }
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end()) {
    fields.complain(at, fmt::format("axis '{}' has no value '{}'{}", axis.name, label,
                                    Fields::suggestion(label, labels)));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - labels.begin());
}

void require_metric(const Fields& fields, const std::string& metric) {
  if (metric.empty()) {
    fields.complain(fields.table(), "a table needs a metric, e.g. metric = \"latency_ps\"");
  }
}

ValueSpec read_value(const Fields& fields) {
  ValueSpec spec;
  spec.metric = fields.text("metric");
  spec.times = fields.text("times");
  spec.over = fields.text("over");
  spec.inverse = fields.boolean("inverse");
  spec.scale = fields.number("scale").value_or(1);
  const auto places = [&](std::string_view key) -> std::optional<int> {
    const auto number = fields.integer(key);
    return number ? std::optional(static_cast<int>(std::clamp<std::int64_t>(*number, 0, 17)))
                  : std::nullopt;
  };
  spec.digits = std::max(1, places("digits").value_or(spec.digits));
  spec.decimals = places("decimals");
  require_metric(fields, spec.metric);
  return spec;
}

// value = "latency_ps", { metric = ... }, or a list of either.
void read_values(const Fields& fields, TableSpec& spec) {
  const DocumentNode value = fields.node("value");
  const bool list = value.kind() == NodeKind::array;
  for (std::size_t i = 0; i < (list ? value.size() : 1); ++i) {
    const DocumentNode node = list ? value[i] : value;
    if (const auto metric = node.string()) {
      spec.values.push_back({});
      spec.values.back().metric = *metric;
    } else {
      spec.values.push_back(
          read_value({fields.document(), node, "value", kValueKeys, fields.diagnostics()}));
    }
  }
  spec.text = fields.text("text");
  if (spec.text.empty()) {
    for (std::size_t i = 0; i < spec.values.size(); ++i) {
      spec.text += i == 0 ? "{}" : ", {}";
    }
  }
  std::size_t places = 0;
  for (std::size_t at = 0; (at = spec.text.find("{}", at)) != std::string::npos; at += 2) {
    ++places;
  }
  if (places != spec.values.size()) {
    fields.complain(fields.node("text"), fmt::format("'text' has {} times {{}} for {} values",
                                                     places, spec.values.size()));
  }
}

// Without an aggregate, a cell has room for one point.
void require_room(const Fields& fields, const TableSpec& spec, const Experiment& experiment) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < experiment.axes.size(); ++axis) {
    const bool named = std::find(spec.rows.begin(), spec.rows.end(), axis) != spec.rows.end() ||
                       spec.column == axis;
    const auto chosen = std::find_if(spec.where.choices.begin(), spec.where.choices.end(),
                                     [&](const auto& choice) { return choice.first == axis; });
    if (!named) {
      count *= chosen == spec.where.choices.end() ? experiment.axes[axis].levels.size()
                                                  : chosen->second.size();
    }
  }
  count *= experiment.seeds > 1 ? static_cast<std::size_t>(experiment.seeds) : 1;
  if (count > 1 && spec.aggregate == Aggregate::none && experiment.zips.empty()) {
    fields.complain(fields.table(),
                    fmt::format("a cell of this table holds {} points: name their axes in rows, "
                                "column or where, or say how they become one, e.g. "
                                "aggregate = \"geometric mean\"",
                                count));
  }
}

}  // namespace

void require_direction(const Fields& fields, DocumentNode at, const std::string& metric) {
  if (direction_of(metric) != Direction::unknown) {
    return;
  }
  constexpr std::array<std::string_view, 6> kUsual = {"latency_ps",       "energy_pj",   "edp_js",
                                                      "throughput_per_s", "utilisation", "speedup"};
  const std::string_view near = nearest_name(metric, kUsual);
  fields.complain(at, fmt::format("nobody knows whether more or less of '{}' is better{}", metric,
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

Selection read_selection(const Fields& fields, DocumentNode table, const Experiment& experiment) {
  Selection selection;
  if (table.kind() != NodeKind::table) {
    fields.expected(table, "a table of axes and their values");
    return selection;
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    const DocumentNode node = table[i];
    const auto axis = axis_index(fields, node, node.key(), experiment);
    if (axis == experiment.axes.size()) {
      fields.complain(node,
                      "values of 'seeds' are known only with the recipe; an axis with key = "
                      "\"seed\" has some to choose from");
    }
    if (!axis || *axis == experiment.axes.size()) {
      continue;
    }
    std::vector<std::size_t> levels;
    const bool list = node.kind() == NodeKind::array;
    for (std::size_t j = 0; j < (list ? node.size() : 1); ++j) {
      if (const auto level = level_index(fields, list ? node[j] : node, experiment.axes[*axis])) {
        levels.push_back(*level);
      }
    }
    selection.choices.emplace_back(*axis, std::move(levels));
  }
  return selection;
}

void read_table(const Document& document, DocumentNode table, Experiment& experiment,
                Diagnostics& diagnostics) {
  const Fields fields(document, table, "[[table]]", kTableKeys, diagnostics);
  TableSpec spec;
  spec.title = fields.text("title");
  read_values(fields, spec);
  spec.rows = axes(fields, "rows", experiment);
  if (const std::string column = fields.text("column"); !column.empty()) {
    spec.column = axis_index(fields, fields.node("column"), column, experiment);
  }
  if (const DocumentNode where = fields.node("where")) {
    spec.where = read_selection(fields, where, experiment);
  }
  if (const DocumentNode relative = fields.node("relative")) {
    spec.relative = read_selection(fields, relative, experiment);
  }
  spec.aggregate = static_cast<Aggregate>(fields.word("aggregate", kAggregates).value_or(0));
  spec.summary = static_cast<Aggregate>(fields.word("summary", kAggregates).value_or(0));
  if (spec.rows.empty()) {
    fields.complain(fields.table(), "[[table]] needs rows, the names of one or more axes");
  }
  require_room(fields, spec, experiment);
  experiment.tables.push_back(std::move(spec));
}

void read_contributions(const Document& document, DocumentNode table, Experiment& experiment,
                        Diagnostics& diagnostics) {
  const Fields fields(document, table, "[[contributions]]", kContributionKeys, diagnostics);
  ContributionSpec spec;
  spec.title = fields.text("title");
  spec.metric = fields.text("metric");
  require_metric(fields, spec.metric);
  if (!spec.metric.empty()) {
    require_direction(fields, fields.node("metric"), spec.metric);
  }
  spec.factors = axes(fields, "factors", experiment);
  for (const std::size_t axis : spec.factors) {
    if (axis == experiment.axes.size() || experiment.axes[axis].levels.size() != 2) {
      fields.complain(fields.node("factors"),
                      "a factor is an axis of two values: without it, and with it");
    }
  }
  experiment.contributions.push_back(std::move(spec));
}

void read_front(const Document& document, DocumentNode table, Experiment& experiment,
                Diagnostics& diagnostics) {
  const Fields fields(document, table, "[[front]]", kFrontKeys, diagnostics);
  FrontSpec spec{fields.text("title"), fields.texts("metrics")};
  if (spec.metrics.size() < 2) {
    fields.complain(fields.table(),
                    "[[front]] needs two or more metrics, e.g. [\"latency_ps\", \"energy_pj\"]");
  }
  for (const std::string& metric : spec.metrics) {
    require_direction(fields, fields.node("metrics"), metric);
  }
  experiment.fronts.push_back(std::move(spec));
}

}  // namespace imbrex::experiment
