#include "figures_json.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace imbrex::html {
namespace {

// More links than this are no lines on a screen; the heaviest are kept.
constexpr std::size_t kMostLinks = 20'000;

Json links_json(const FloorPlanResult& plan) {
  std::vector<FloorPlanResult::Load> links = plan.links;
  if (links.size() > kMostLinks) {
    const auto kept = links.begin() + kMostLinks;
    std::stable_sort(links.begin(), links.end(),
                     [](const auto& a, const auto& b) { return a.words > b.words; });
    links.erase(kept, links.end());
  }
  std::vector<std::int64_t> from;
  std::vector<std::int64_t> to;
  Json words = Json::array();
  for (const auto& load : links) {
    from.push_back(load.link.from);
    to.push_back(load.link.to);
    words.push_back(static_cast<std::int64_t>(load.words + 0.5));
  }
  return {{"all", plan.links.size()},
          {"from", packed(from)},
          {"to", packed(to)},
          {"words", std::move(words)}};
}

Json hand_overs_json(const FloorPlanResult& plan, const Workload& workload) {
  Json out = Json::array();
  for (const HandOver& one : plan.hand_overs) {
    out.push_back({workload.at(one.producer).name, workload.at(one.consumer).name,
                   kFlowPatternNames[index(one.pattern)], one.words, one.intervals,
                   one.buffer_words});
  }
  return out;
}

Json floor_plan_json(const FloorPlanResult& plan, const Workload& workload) {
  const std::vector<std::int64_t> stages(plan.layout.stage_of.begin(), plan.layout.stage_of.end());
  return {{"rows", plan.layout.rows},
          {"columns", plan.layout.columns},
          {"layout", kLayoutNames[index(plan.layout.kind)]},
          {"topology", plan.topology},
          {"stages", plan.stages},
          {"stage_of", packed(stages)},
          {"links", links_json(plan)},
          {"hand_overs", hand_overs_json(plan, workload)}};
}

}  // namespace

Json segments_json(const PageSubject& subject) {
  Json out = Json::array();
  for (const SegmentResult& segment : subject.result.segments) {
    const SegmentOverhead& overhead = segment.overhead;
    Json one = {{"segment", segment.times.segment},
                {"start_ps", segment.times.start_ps},
                {"work_start_ps", segment.times.work_start_ps},
                {"end_ps", segment.times.end_ps},
                {"weight_load_ps", overhead.weight_load_ps},
                {"weight_write_ps", overhead.weight_write_ps},
                {"data_ps", overhead.data_ps},
                {"external_ps", overhead.external_ps},
                {"buffer_ps", overhead.buffer_ps},
                {"weight_bits", overhead.weight_bits},
                {"load_bits", overhead.load_bits},
                {"store_bits", overhead.store_bits},
                {"energy_pj", overhead.energy_pj},
                {"units", segment.units},
                {"operators", segment.operators}};
    if (segment.floor_plan) {
      one["floor_plan"] = floor_plan_json(*segment.floor_plan, subject.workload);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace imbrex::html
