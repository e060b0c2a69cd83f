// The data of the page. JSON for programs: the page's scripts name its keys.
#include "figures_json.hpp"

#include <imbrex/toolkit/text/page.hpp>
#include <imbrex/values/design.hpp>

#include <nlohmann/json.hpp>

namespace imbrex::html {
namespace {

constexpr std::string_view kDataMark = "@DATA@";

template <class Value>
Json value_json(const Value& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Json metrics_json(const Result& result) {
  Json out = Json::array();
  for (const auto& [name, value] : result.metrics.values) {
    const MetricValue* const before = result.has_baseline ? result.baseline.find(name) : nullptr;
    out.push_back({name, value_json(value), before == nullptr ? Json() : value_json(*before)});
  }
  return out;
}

// "OPERATOR LEVEL temporal K 4" without the operator, which the page knows.
Json loops_json(const std::vector<std::string>& loops, const std::string& name) {
  Json out = Json::array();
  for (const std::string& loop : loops) {
    const bool named = loop.starts_with(name + " ");
    out.push_back(named ? loop.substr(name.size() + 1) : loop);
  }
  return out;
}

Json accesses_json(const LayerAccount& account) {
  Json out = Json::array();
  for (const TensorAccesses& one : account.accesses) {
    out.push_back(
        {one.level, one.tensor, one.word_bits, one.tile_words, one.read_words, one.written_words});
  }
  return out;
}

Json operator_json(const OperatorResult& op) {
  Json out = {{"node", index(op.id)},
              {"name", op.name},
              {"kind", op.kind},
              {"units", op.units_per_copy * op.copies},
              {"copies", op.copies},
              {"start_ps", op.times.start_ps},
              {"end_ps", op.times.end_ps},
              {"busy_ps", op.times.busy_ps},
              {"longest_server_ps", op.times.longest_server_ps},
              {"servers", op.times.servers},
              {"jobs", op.times.jobs},
              {"mac_utilisation", op.mac_utilisation},
              {"chosen", op.chosen},
              {"dealt_anew", op.dealt_anew},
              {"loops", loops_json(op.loops, op.name)},
              {"outer", loops_json(op.outer, op.name)},
              {"placement", loops_json(op.placement, op.name)}};
  if (op.account) {
    out["bound_by"] = op.account->bound_by;
    out["accesses"] = accesses_json(*op.account);
  }
  return out;
}

Json operators_json(const Result& result) {
  Json out = Json::array();
  for (const OperatorResult& op : result.operators) {
    out.push_back(operator_json(op));
  }
  return out;
}

Json critical_path_json(const Result& result) {
  Json out = Json::array();
  for (const CriticalStep& step : result.critical_path) {
    Json ties = Json::array();
    for (const OperatorId tie : step.ties) {
      ties.push_back(static_cast<std::int32_t>(tie));
    }
    out.push_back({static_cast<std::int32_t>(step.op), static_cast<std::int32_t>(step.cause),
                   step.start_ps, step.end_ps, step.jobs, index(step.waited_for), std::move(ties)});
  }
  return out;
}

Json edges_json(const Result& result) {
  Json out = Json::array();
  for (const EdgeTraffic& edge : result.edges) {
    out.push_back({static_cast<std::int32_t>(edge.producer),
                   static_cast<std::int32_t>(edge.consumer), edge.total_bytes,
                   edge.peak_live_bytes});
  }
  return out;
}

Json stages_json(const Result& result) {
  Json out = Json::array();
  for (const StageResult& stage : result.stages) {
    Json facts = Json::array();
    for (const auto& [name, value] : stage.facts) {
      facts.push_back({name, value_json(value)});
    }
    out.push_back({{"use", stage.use}, {"facts", std::move(facts)}});
  }
  return out;
}

Json plugins_json(const Result& result) {
  Json out = Json::array();
  for (const PluginRecord& plugin : result.plugins) {
    out.push_back({plugin.id, plugin.version, plugin.sha256});
  }
  return out;
}

Json architecture_json(const Architecture* architecture) {
  if (architecture == nullptr) {
    return nullptr;
  }
  Json levels = Json::array();
  for (const StorageLevel& level : architecture->levels) {
    levels.push_back({level.name, level.instances, level.capacity_bits,
                      level.read_energy_pj_per_bit, level.write_energy_pj_per_bit});
  }
  return {{"name", architecture->name},
          {"unit", architecture->resources.empty() ? "unit" : architecture->resources[0].name},
          {"levels", std::move(levels)}};
}

Json headline_json(const Result& result) {
  return {{"name", result.name},
          {"objective", result.objective},
          {"exactness", kExactnessNames[index(result.exactness)]},
          {"exactness_reasons", result.exactness_reasons},
          {"partial", result.partial},
          {"has_baseline", result.has_baseline},
          {"speedup", result.speedup},
          {"improvement", result.improvement},
          {"seed", result.seed},
          {"plan_sha256", result.plan_sha256},
          {"workload",
           {{"name", result.workload_name},
            {"sha256", result.workload_sha256},
            {"operators", result.workload_operators},
            {"macs", result.workload_macs},
            {"weight_bits", result.workload_weight_bits},
            {"unmapped", result.workload_unmapped}}}};
}

std::string page_data(const PageSubject& subject) {
  const Result& result = subject.result;
  const Json data = {{"schema", 1},
                     {"run", headline_json(result)},
                     {"architecture", architecture_json(subject.architecture)},
                     {"metrics", metrics_json(result)},
                     {"operators", operators_json(result)},
                     {"critical_path", critical_path_json(result)},
                     {"edges", edges_json(result)},
                     {"segments", segments_json(subject)},
                     {"network", network_json(subject)},
                     {"stages", stages_json(result)},
                     {"plugins", plugins_json(result)},
                     {"gantt", gantt_json(subject)}};
  return data.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string page_text(const PageSubject& subject) {
  return text::page_with(kPageTemplate, kDataMark, page_data(subject));
}

}  // namespace imbrex::html
