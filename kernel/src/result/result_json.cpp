#include "result/result_json.hpp"

#include "result/floor_plan_json.hpp"
#include "result/json_text.hpp"
#include "run/wait_words.hpp"

#include <imbrex/values/decision_text.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

using Json = nlohmann::ordered_json;

// In this objective the speed-up is the improvement.
constexpr std::string_view kLatencyObjective = "latency";

template <class Items, class Function>
Json array_of(const Items& items, Function function) {
  Json out = Json::array();
  for (const auto& item : items) {
    out.push_back(function(item));
  }
  return out;
}

template <class Variant>
Json scalar(const Variant& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Json metrics_json(const Metrics& metrics) {
  Json out = Json::object();
  for (const auto& [name, value] : metrics.values) {
    out[name] = scalar(value);
  }
  return out;
}

Json workload_json(const Result& result) {
  Json out;
  out["name"] = result.workload_name;
  out["sha256"] = result.workload_sha256;
  out["operators"] = result.workload_operators;
  out["macs"] = result.workload_macs;
  out["weight_bits"] = result.workload_weight_bits;
  if (result.workload_mapped_weight_bits != result.workload_weight_bits) {
    out["mapped_weight_bits"] = result.workload_mapped_weight_bits;
  }
  if (result.workload_unmapped > 0) {
    out["unmapped"] = result.workload_unmapped;
  }
  return out;
}

Json stage_json(const StageResult& stage) {
  Json out;
  out["use"] = stage.use;
  out["statistics"] = Json::object();
  for (const auto& [name, value] : stage.facts) {
    out["statistics"][name] = scalar(value);
  }
  return out;
}

// What can be given back to a run, as texts; empty lists say what goes without saying.
void add_decisions(Json& out, const OperatorResult& op) {
  if (op.is_part) {
    out["part_of_split_layer"] = true;
  }
  out["placement"] = op.placement;
  out["mapping"] = op.chosen ? "chosen" : "canonical";
  out["loops"] = op.loops;
  if (!op.outer.empty()) {
    out["outer"] = op.outer;
  }
  if (!op.job_extents.empty()) {
    out["job_extents"] = op.job_extents;
  }
  if (op.dealt_anew) {
    out["dealt_anew"] = true;
  }
}

void add_account(Json& out, const LayerAccount& account) {
  if (!account.bound_by.empty()) {
    out["bound_by"] = account.bound_by;
  }
  Json& all = out["accesses"] = Json::array();
  for (const TensorAccesses& one : account.accesses) {
    Json access;
    access["level"] = one.level;
    access["tensor"] = one.tensor;
    access["word_bits"] = one.word_bits;
    access["tile_words"] = one.tile_words;
    access["read_words"] = one.read_words;
    access["written_words"] = one.written_words;
    all.push_back(std::move(access));
  }
}

Json operator_json(const OperatorResult& op) {
  Json out;
  out["name"] = op.name;
  out["kind"] = op.kind;
  out["start_ps"] = op.times.start_ps;
  out["end_ps"] = op.times.end_ps;
  out["busy_ps"] = op.times.busy_ps;
  out["longest_server_ps"] = op.times.longest_server_ps;
  out["jobs"] = op.times.jobs;
  out["servers"] = op.times.servers;
  out["units_per_copy"] = op.units_per_copy;
  out["units"] = op.units_per_copy * op.copies;
  out["copies"] = op.copies;
  if (op.copies > 1) {
    out["dealing"] = kDealingNames[index(op.dealing)];
    out["idle_copies"] = op.idle_copies;
  }
  if (op.mac_utilisation > 0) {
    out["mac_utilisation"] = op.mac_utilisation;
  }
  if (op.account) {
    add_account(out, *op.account);
  }
  add_decisions(out, op);
  return out;
}

// Operators resident together, with what surrounds their work.
Json segment_json(const SegmentResult& segment, const Design& design) {
  Json out;
  out["segment"] = segment.times.segment;
  out["start_ps"] = segment.times.start_ps;
  out["work_start_ps"] = segment.times.work_start_ps;
  out["end_ps"] = segment.times.end_ps;
  out["weight_load_ps"] = segment.overhead.weight_load_ps;
  out["weight_write_ps"] = segment.overhead.weight_write_ps;
  out["data_ps"] = segment.overhead.data_ps;
  if (segment.overhead.external_ps > 0) {
    out["external_ps"] = segment.overhead.external_ps;
  }
  if (segment.overhead.buffer_ps > 0) {
    out["buffer_ps"] = segment.overhead.buffer_ps;
  }
  out["weight_bits"] = segment.overhead.weight_bits;
  out["load_bits"] = segment.overhead.load_bits;
  out["store_bits"] = segment.overhead.store_bits;
  if (segment.overhead.energy_pj > 0) {
    out["overhead_energy_pj"] = segment.overhead.energy_pj;
  }
  out["units"] = segment.units;
  out["operators"] = segment.operators;
  if (segment.floor_plan) {
    out["floor_plan"] = floor_plan_json(*segment.floor_plan, design);
  }
  return out;
}

std::string name_of(const Design& design, OperatorId id) {
  return design.workload().at(id).name;
}

Json critical_step_json(const CriticalStep& step, const Design& design) {
  Json out;
  out["operator"] = name_of(design, step.op);
  out["start_ps"] = step.start_ps;
  out["end_ps"] = step.end_ps;
  out["jobs"] = step.jobs;
  if (step.cause != OperatorId::none) {
    out["cause"] = name_of(design, step.cause);
  }
  if (!step.ties.empty()) {
    out["ties"] = array_of(step.ties, [&](OperatorId id) { return Json(name_of(design, id)); });
  }
  if (step.waited_for != Wait::nothing) {
    out["waited_for"] = run::wait_words(step.waited_for);
  }
  return out;
}

Json edge_json(const EdgeTraffic& edge, const Design& design) {
  return {{"producer", name_of(design, edge.producer)},
          {"consumer", name_of(design, edge.consumer)},
          {"total_bytes", edge.total_bytes},
          {"peak_live_bytes", edge.peak_live_bytes}};
}

void add_identity(Json& out, const Result& result) {
  out["schema"] = kResultSchema;
  out["name"] = result.name;
  out["plan_sha256"] = result.plan_sha256;
  out["seed"] = result.seed;
  out["objective"] = result.objective;
  if (result.partial) {
    out["partial"] = true;
  }
  out["workload"] = workload_json(result);
}

void add_outcome(Json& out, const Result& result) {
  out["metrics"] = metrics_json(result.metrics);
  if (result.has_baseline) {
    out["baseline"]["metrics"] = metrics_json(result.baseline);
    if (result.speedup > 0) {
      out["speedup"] = result.speedup;
    }
    if (result.improvement > 0 && result.objective != kLatencyObjective) {
      out["improvement"] = result.improvement;
    }
  }
  out["exactness"] = kExactnessNames[index(result.exactness)];
  if (!result.exactness_reasons.empty()) {
    out["exactness_reasons"] = result.exactness_reasons;
  }
  out["stages"] = array_of(result.stages, stage_json);
}

}  // namespace

std::string result_json(const Result& result, const Design& design) {
  Json out;
  add_identity(out, result);
  add_outcome(out, result);
  if (!result.segments.empty()) {
    out["segments"] = array_of(result.segments,
                               [&](const auto& segment) { return segment_json(segment, design); });
  }
  out["operators"] = array_of(result.operators, operator_json);
  out["critical_path"] = array_of(
      result.critical_path, [&](const auto& step) { return critical_step_json(step, design); });
  out["edges"] = array_of(result.edges, [&](const auto& edge) { return edge_json(edge, design); });
  out["plugins"] = array_of(result.plugins, [](const PluginRecord& plugin) {
    return Json{{"id", plugin.id}, {"version", plugin.version}, {"sha256", plugin.sha256}};
  });
  return json_text(out);
}

std::string environment_json(const Environment& environment) {
  Json out;
  out["imbrex"] = environment.imbrex_version;
  out["date_utc"] = environment.date_utc;
  out["host"] = environment.host;
  out["operating_system"] = environment.operating_system;
  out["compiler"] = environment.compiler;
  out["threads"] = environment.threads;
  out["hardware_threads"] = environment.hardware_threads;
  out["duration_s"] = environment.duration_s;
  return json_text(out);
}

}  // namespace imbrex::result
