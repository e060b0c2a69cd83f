// The plan of a run with what its stages decided written out: partitioners and searches make room
// for the texts that stand in its result.
#pragma once

#include "given_kit.hpp"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

namespace imbrex::test {

// What two components cannot be told, so that stages of the run stay (sdk/docs/results.md).
struct Untold {
  bool floor_plans = false;
  bool parts = false;  // of split layers
  bool dealt_anew = false;
};

inline Untold untold_of(const nlohmann::json& result) {
  Untold untold;
  for (const auto& segment : result.value("segments", nlohmann::json::array())) {
    untold.floor_plans = untold.floor_plans || segment.contains("floor_plan");
  }
  for (const auto& op : result["operators"]) {
    untold.parts = untold.parts || op.contains("part_of_split_layer");
    untold.dealt_anew = untold.dealt_anew || op.contains("dealt_anew");
  }
  return untold;
}

// "[[stage]]" and its lines, and what stands before and behind all of them.
struct PlanParts {
  std::string head;
  Texts stages;
  std::string tail;
};

inline PlanParts parts_of(const std::string& plan) {
  const std::string mark = "\n[[stage]]\n";
  PlanParts parts;
  std::size_t at = plan.find(mark);
  parts.head = plan.substr(0, at);
  while (plan.compare(at, mark.size(), mark) == 0) {
    const std::size_t end = std::min(plan.find("\n[", at + mark.size()), plan.size());
    parts.stages.push_back(plan.substr(at, end - at));
    at = end;
  }
  parts.tail = plan.substr(at);
  return parts;
}

// The lists of all operators, one behind the other.
inline Texts texts_of(const nlohmann::json& result, const char* key) {
  Texts all;
  for (const auto& op : result["operators"]) {
    const Texts own = op.value(key, Texts{});
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

// A recipe for `folder`, from which its paths are relative. Partitioners stay where they split
// layers, before the given placements, and instead of them where they lay out arrays; stages that
// deal jobs anew stay behind the given nests.
inline std::string by_hand(const recipe::ResolvedPlan& plan, const nlohmann::json& result,
                           const std::filesystem::path& folder) {
  const Untold untold = untold_of(result);
  const PlanParts parts = parts_of(plan.to_toml(folder));
  std::string before;
  std::string behind;
  for (std::size_t i = 0; i + 1 < plan.stages.size(); ++i) {
    const Component& component = plan.stages[i].config.component();
    if (component.kind == Kind::partitioner && (untold.floor_plans || untold.parts)) {
      before += parts.stages[i];
    }
    const bool chooses_nests = has(component.provides_traits, Trait::mappings);
    if (component.kind == Kind::search_strategy && !chooses_nests && untold.dealt_anew) {
      behind += parts.stages[i];
    }
  }
  std::string given;
  if (!untold.floor_plans) {
    given = "\n[[stage]]\nuse = \"imbrex.partition.given\"\nplacements = " +
            array_of(texts_of(result, "placement")) + "\n";
  }
  given += "\n[[stage]]\nuse = \"imbrex.search.given\"\n";
  for (const char* const key : {"loops", "outer", "job_extents"}) {
    given += std::string(key) + " = " + array_of(texts_of(result, key)) + "\n";
  }
  return parts.head + before + given + behind + parts.stages.back() + parts.tail;
}

}  // namespace imbrex::test
