// The page of an experiment: what experiment.json holds, as one HTML file that needs no network.
#pragma once

#include "experiment/tables.hpp"

#include <string>
#include <string_view>

namespace imbrex::experiment {

// The template of the page, kernel/src/experiment/page put together by the build. It has the text
// @DATA@ once, where a program reads JSON.
extern const std::string_view kPageTemplate;

// experiment.html. Names of axes, levels and quantities, messages and titles may hold any bytes:
// they reach the reader as text, never as markup. Points link to points/DIGEST.json beside the
// page. Complexity: of the quantities of all points.
std::string experiment_page(const ExperimentPlan& plan, const Records& records);

}  // namespace imbrex::experiment
