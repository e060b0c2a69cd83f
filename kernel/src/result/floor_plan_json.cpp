#include "result/floor_plan_json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

using Json = nlohmann::ordered_json;

Json rows_json(const SpatialLayout& layout) {
  Json rows = Json::array();
  for (std::int32_t r = 0; r < layout.rows; ++r) {
    Json row = Json::array();
    for (std::int32_t c = 0; c < layout.columns; ++c) {
      row.push_back(layout.at(r, c));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json hand_over_json(const HandOver& hand_over, const Workload& workload) {
  Json out;
  out["producer"] = workload.at(hand_over.producer).name;
  out["consumer"] = workload.at(hand_over.consumer).name;
  out["pattern"] = kFlowPatternNames[index(hand_over.pattern)];
  out["words"] = hand_over.words;
  out["intervals"] = hand_over.intervals;
  out["buffer_words"] = hand_over.buffer_words;
  return out;
}

// [row, column]; the global buffer meets a row left of its first element, at column -1.
Json node_json(std::int32_t node, const SpatialLayout& layout) {
  const std::int32_t nodes = layout.rows * layout.columns;
  return node < nodes ? Json{node / layout.columns, node % layout.columns} : Json{node - nodes, -1};
}

// Columns, not one object per link: an array has thousands.
Json links_json(const FloorPlanResult& plan) {
  Json out;
  for (const char* column : {"from", "to", "words"}) {
    out[column] = Json::array();
  }
  for (const FloorPlanResult::Load& load : plan.links) {
    out["from"].push_back(node_json(load.link.from, plan.layout));
    out["to"].push_back(node_json(load.link.to, plan.layout));
    out["words"].push_back(load.words);
  }
  return out;
}

double busiest_words(const FloorPlanResult& plan) {
  double words = 0;
  for (const FloorPlanResult::Load& load : plan.links) {
    words = std::max(words, load.words);
  }
  return words;
}

}  // namespace

Json floor_plan_json(const FloorPlanResult& plan, const Design& design) {
  Json out;
  out["topology"] = plan.topology;
  out["rows"] = plan.layout.rows;
  out["columns"] = plan.layout.columns;
  out["layout"] = kLayoutNames[index(plan.layout.kind)];
  out["cell_rows"] = plan.layout.cell_rows;
  out["cell_columns"] = plan.layout.cell_columns;
  out["stages"] = plan.stages;
  out["stage_of"] = rows_json(plan.layout);
  out["hand_overs"] = Json::array();
  for (const HandOver& hand_over : plan.hand_overs) {
    out["hand_overs"].push_back(hand_over_json(hand_over, design.workload()));
  }
  out["busiest_link_words"] = busiest_words(plan);
  out["word_links"] = plan.word_links;
  out["word_pitches"] = plan.word_pitches;
  out["links"] = links_json(plan);
  return out;
}

}  // namespace imbrex::result
