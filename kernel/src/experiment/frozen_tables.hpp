// What an experiment makes of its numbers, as JSON and back.
#pragma once

#include "experiment/plan_points.hpp"

#include <nlohmann/json_fwd.hpp>

namespace imbrex::experiment {

nlohmann::ordered_json tables_json(const Experiment& experiment);
nlohmann::ordered_json contributions_json(const Experiment& experiment);
nlohmann::ordered_json fronts_json(const Experiment& experiment);
// Errors: nlohmann::json::exception; InputError for an axis, a level or a point that is not there.
void read_zips(const nlohmann::ordered_json& json, Experiment& experiment);
void read_tables(const nlohmann::ordered_json& json, Experiment& experiment);
void read_contributions(const nlohmann::ordered_json& json, Experiment& experiment);
void read_fronts(const nlohmann::ordered_json& json, Experiment& experiment);

// What is left to say of a search that is over: its objectives, and the points by generation. The
// plan has generations; null reads as none.
nlohmann::ordered_json search_json(const ExperimentPlan& plan);
void read_search(const nlohmann::ordered_json& json, ExperimentPlan& plan);

}  // namespace imbrex::experiment
