// Tables and points as texts that people and programs read.
#pragma once

#include "experiment/tables.hpp"

#include <imbrex/toolkit/text/style.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace imbrex::experiment {

enum class Format : std::uint8_t { table, markdown, csv, json };
// "table", "md", "csv", "json".
std::optional<Format> format_of(std::string_view name) noexcept;

// Every line ends with a newline. csv: the points in long form, whatever the tables are; json: the
// points with every quantity, and the tables. `style`: of the terminal that a table is meant for.
std::string render(const ExperimentPlan& plan, const Records& records, Format format,
                   const text::Style& style = {});

std::string aligned_text(const Table& table, const text::Style& style = {});
std::string markdown_text(const Table& table);

// One line per point and quantity: point, a column per axis, state, quantity, unit, value. RFC
// 4180. Points that are not done have one line, with the message as the value.
std::string points_csv(const ExperimentPlan& plan, const Records& records);

// experiment.json: points with every quantity, and the tables.
std::string experiment_json(const ExperimentPlan& plan, const Records& records);

}  // namespace imbrex::experiment
