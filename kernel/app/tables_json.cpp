#include "tables_json.hpp"

#include "plugin/parameter_text.hpp"
#include "result/json_text.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const std::string& cell) {
  const char* const end = cell.data() + cell.size();
  std::int64_t whole = 0;
  if (const auto [stop, error] = std::from_chars(cell.data(), end, whole);
      error == std::errc() && stop == end) {
    return whole;
  }
  double real = 0;
  const auto [stop, error] = std::from_chars(cell.data(), end, real);
  return error == std::errc() && stop == end ? Json(real) : Json(cell);
}

Json table_json(const experiment::Table& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json& out = rows.emplace_back(Json::object());
    for (std::size_t column = 0; column < row.size(); ++column) {
      out[table.header[column]] = cell_json(row[column]);
    }
  }
  return rows;
}

Json planned_json(const std::string& role, const recipe::PlannedComponent& planned) {
  Json parameters = Json::object();
  for (const ParamSpec& spec : planned.config.component().params) {
    ParamSpec shown = spec;
    shown.required = false;  // a resolved plan has a value for it
    parameters[std::string(spec.name)] = plugin::value_text(shown, planned.config.value(spec));
  }
  return {{"role", role}, {"component", std::string(planned.id())}, {"parameters", parameters}};
}

Json components_json(const recipe::ResolvedPlan& plan) {
  Json out = Json::array();
  out.push_back(planned_json("workload", plan.workload));
  out.push_back(planned_json("architecture", plan.architecture));
  out.push_back(planned_json("cost", plan.cost));
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    out.push_back(planned_json(fmt::format("stage {}", i + 1), plan.stages[i]));
  }
  if (plan.baseline) {
    out.push_back(planned_json("baseline architecture", plan.baseline->architecture));
    out.push_back(planned_json("baseline cost", plan.baseline->cost));
    for (std::size_t i = 0; i < plan.baseline->stages.size(); ++i) {
      out.push_back(
          planned_json(fmt::format("baseline stage {}", i + 1), plan.baseline->stages[i]));
    }
  }
  for (std::size_t i = 0; i < plan.reports.size(); ++i) {
    out.push_back(planned_json(fmt::format("report {}", i + 1), plan.reports[i]));
  }
  return out;
}

Json simulation_json(const run::SimulationCheck& check) {
  Json operators = Json::array();
  for (const run::OperatorAgreement& op : check.operators) {
    operators.push_back({{"operator", op.name},
                         {"start_ps", op.analysed.start_ps},
                         {"end_ps", op.analysed.end_ps},
                         {"simulated_start_ps", op.simulated.start_ps},
                         {"simulated_end_ps", op.simulated.end_ps},
                         {"differing_jobs", op.differing_jobs},
                         {"agrees", op.agrees}});
  }
  Json out;
  out["agrees"] = check.agrees;
  out["makespan_ps"] = check.makespan_ps;
  out["simulated_makespan_ps"] = check.simulated_makespan_ps;
  out["off_percent"] = check.off_percent();
  if (check.makespan_with_links_ps) {
    out["makespan_with_links_ps"] = *check.makespan_with_links_ps;
  }
  out["operators"] = std::move(operators);
  return out;
}

}  // namespace

std::string tables_json(const std::vector<std::pair<std::string, experiment::Table>>& tables) {
  Json out = Json::object();
  for (const auto& [name, table] : tables) {
    out[name] = table_json(table);
  }
  return result::json_text(out);
}

std::string check_json(const recipe::ResolvedPlan& plan, const run::SimulationCheck* simulation) {
  Json out;
  out["valid"] = true;
  out["name"] = plan.name;
  out["seed"] = plan.seed;
  out["objective"] = plan.objective;
  out["plan_sha256"] = plan.sha256();
  out["components"] = components_json(plan);
  if (simulation != nullptr) {
    out["simulation"] = simulation_json(*simulation);
  }
  return result::json_text(out);
}

}  // namespace imbrex::app
