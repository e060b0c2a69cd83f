// What an experiment says in the end, as tables of texts: a row per point, or metrics arranged by
// axes, aggregated and related to a baseline. Pure functions of the records.
#pragma once

#include "experiment/plan_points.hpp"
#include "experiment/point_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imbrex::experiment {

// Of all plans of an experiment; nothing where none has been run yet.
using Records = std::vector<std::optional<PointRecord>>;

struct Table {
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::size_t labels = 0;  // so many columns name the row; the others hold values
};

// A row per point: its levels, its state unless all are done, the metrics that the experiment
// names, or the usual ones among those that are not the same everywhere.
Table points_table(const ExperimentPlan& plan, const Records& records);

// Cells without a value say why: "infeasible", "timed out", "-" for a point that is excluded or has
// no such quantity.
Table metric_table(const ExperimentPlan& plan, const Records& records, const TableSpec& spec);

// Errors: InputError when a cell of a table that aggregates nothing has room for several points.
void require_room(const ExperimentPlan& plan);

// A row per factor: how many times the metric is better with it alone than with none, and with all
// of them than with all but it. The geometric mean over the values of all other axes.
Table contribution_table(const ExperimentPlan& plan, const Records& records,
                         const ContributionSpec& spec);

// A row per point that is done and that no other one dominates: as good in every metric and better
// in one. Equal points are all in it. Ascending by the first metric in its direction, ties by
// point.
Table front_table(const ExperimentPlan& plan, const Records& records, const FrontSpec& spec);

// The points of that table, in its order: indices into `plan.points`.
std::vector<std::size_t> front_points(const ExperimentPlan& plan, const Records& records,
                                      const FrontSpec& spec);

// A row per generation of a search: how many points had come up, how large their front was, and
// the part that it dominates of the box between the best and the worst of each objective.
// Complexity: that of a front, and of a hypervolume, per generation.
Table generations_table(const ExperimentPlan& plan, const Records& records);

// Every table that the experiment asks for; the points when it asks for none.
std::vector<Table> tables_of(const ExperimentPlan& plan, const Records& records);

// Metrics that tables ask for and no finished point has: "no point has 'latncy_ps'; did you mean
// ...". None while no point is done.
std::vector<std::string> missing_metrics(const ExperimentPlan& plan, const Records& records);

// The same for these names.
std::vector<std::string> missing_of(std::vector<std::string> names, const Records& records);

// As people write it, with so many significant digits: "1234567" rather than "1.235e+06".
std::string number_text(double value, int digits);

}  // namespace imbrex::experiment
