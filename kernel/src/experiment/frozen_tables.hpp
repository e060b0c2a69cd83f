// What an experiment makes of its numbers, as JSON and back.
#pragma once

#include "experiment/experiment.hpp"

#include <nlohmann/json_fwd.hpp>

namespace imbrex::experiment {

nlohmann::ordered_json tables_json(const Experiment& experiment);
nlohmann::ordered_json contributions_json(const Experiment& experiment);
nlohmann::ordered_json fronts_json(const Experiment& experiment);
// Errors: nlohmann::json::exception; InputError for an axis or a level that is not there.
void read_tables(const nlohmann::ordered_json& json, Experiment& experiment);
void read_contributions(const nlohmann::ordered_json& json, Experiment& experiment);
void read_fronts(const nlohmann::ordered_json& json, Experiment& experiment);

}  // namespace imbrex::experiment
