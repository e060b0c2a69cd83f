#include "explain_json.hpp"

#include "result/json_text.hpp"
#include "run/wait_words.hpp"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

// Grows when a key changes its meaning or goes away; new keys do not count.
constexpr int kExplanationSchema = 1;

Json stalls_json(const std::map<Wait, std::int64_t>& stalls_ps) {
  Json out = Json::object();
  for (const auto& [wait, time_ps] : stalls_ps) {
    const auto words = run::wait_words(wait);
    out[words.empty() ? "not said" : fmt::format("{}", fmt::join(words, "+"))] = time_ps;
  }
  return out;
}

Json layer_json(const run::OperatorBounds& bounds, const OperatorResult& op) {
  Json out;
  out["name"] = op.name;
  out["start_ps"] = op.times.start_ps;
  out["end_ps"] = op.times.end_ps;
  out["slack_ps"] = bounds.slack_ps;
  out["critical_ps"] = bounds.critical_ps;
  out["copies"] = op.copies;
  out["units"] = op.copies * op.units_per_copy;
  if (op.account) {
    out["bound_by"] = op.account->bound_by;
  }
  if (bounds.links_ps > 0) {
    out["links_ps"] = bounds.links_ps;
  }
  out["stalls_ps"] = stalls_json(bounds.stalls_ps);
  return out;
}

Json links_json(const Result& result) {
  Json out = Json::array();
  for (const SegmentResult& segment : result.segments) {
    if (!segment.floor_plan) {
      continue;
    }
    for (const auto* load : run::busiest_links(*segment.floor_plan)) {
      Json link;
      link["segment"] = segment.times.segment;
      link["from"] = load->link.from;
      link["to"] = load->link.to;
      link["words"] = load->words;
      out.push_back(std::move(link));
    }
  }
  return out;
}

Json segments_json(const Result& result) {
  constexpr std::string_view kBounds[] = {"layers", "external memory", "shared buffer"};
  Json out = Json::array();
  for (const SegmentResult& segment : result.segments) {
    Json one;
    one["segment"] = segment.times.segment;
    one["weights_ps"] = segment.times.work_start_ps - segment.times.start_ps;
    one["data_ps"] = segment.overhead.data_ps;
    one["bound_by"] = kBounds[static_cast<std::size_t>(run::segment_bound(segment))];
    out.push_back(std::move(one));
  }
  return out;
}

void add_bounds(const experiment::Explanation& explanation, Json& out) {
  const Result& result = *explanation.result;
  std::map<OperatorId, const OperatorResult*> operators;
  for (const OperatorResult& op : result.operators) {
    operators[op.id] = &op;
  }
  out["name"] = result.name;
  out["plan_sha256"] = result.plan_sha256;
  out["latency_ps"] = explanation.latency_ps;
  out["exactness"] = kExactnessNames[index(result.exactness)];
  out["bound_by"] = Json::array();
  for (const run::CriticalSet& set : explanation.bounds.sets) {
    Json one;
    one["time_ps"] = set.time_ps;
    one["layers"] = Json::array();
    for (const OperatorId op : set.operators) {
      one["layers"].push_back(operators.at(op)->name);
    }
    out["bound_by"].push_back(std::move(one));
  }
  out["layers"] = Json::array();
  for (const run::OperatorBounds& bounds : explanation.bounds.operators) {
    out["layers"].push_back(layer_json(bounds, *operators.at(bounds.id)));
  }
  if (!result.segments.empty()) {
    out["segments"] = segments_json(result);
  }
  if (Json links = links_json(result); !links.empty()) {
    out["busiest_links"] = std::move(links);
  }
}

Json change_json(const experiment::FoundChange& change) {
  Json out;
  out["option"] = change.option;
  out["setting"] = change.setting;
  if (change.without_baseline) {
    out["without_baseline"] = true;
  }
  if (change.step > 0) {
    out["step"] = change.step;
  }
  out["latency_ps"] = change.latency_ps;
  if (change.ratio > 0) {
    out["ratio"] = change.ratio;
  }
  if (!change.copies.empty()) {
    out["copies"] = Json::array();
    for (const experiment::CopyChange& one : change.copies) {
      Json copies;
      copies["layer"] = one.name;
      copies["before"] = one.before;
      copies["after"] = one.after;
      out["copies"].push_back(std::move(copies));
    }
  }
  return out;
}

}  // namespace

std::string explanation_json(const experiment::Explanation& explanation) {
  Json out;
  out["schema"] = kExplanationSchema;
  out["feasible"] = explanation.result.has_value();
  if (explanation.result) {
    add_bounds(explanation, out);
  } else {
    out["infeasible"] = explanation.infeasible;
  }
  out["evaluations"] = explanation.evaluations;
  out["out_of_tries"] = explanation.out_of_tries;
  out["interrupted"] = explanation.interrupted;
  out["changes"] = Json::array();
  for (const experiment::FoundChange& change : explanation.changes) {
    out["changes"].push_back(change_json(change));
  }
  return result::json_text(out);
}

}  // namespace imbrex::app
