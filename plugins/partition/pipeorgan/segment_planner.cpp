#include "segment_planner.hpp"

#include "pattern.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace imbrex::pipeorgan {

struct SegmentPlanner::Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<spatial::SegmentEdge> edges;
  std::int64_t weight_words = 0;
  std::int64_t memories_ps = 0;  // whatever the plan, at least
  double limit = 0;
  std::vector<SpatialLayout> layouts;
  std::map<std::tuple<std::size_t, std::int32_t, std::int32_t, FlowPattern>, LinkLoads> loads;
  std::optional<SegmentChoice> best;
  std::size_t size() const noexcept { return end - begin; }
};

SegmentPlanner::SegmentPlanner(const Design& design, const Evaluator& evaluator,
                               const segments::LayerSequence& sequence,
                               const PlannerOptions& options)
    : design_(design),
      sequence_(sequence),
      options_(options),
      array_(evaluator.architecture()),
      topology_(topology_of(array_)),
      trial_(design, evaluator, sequence) {}

// Words that an element cannot hold twice go through the buffer.
FlowPattern SegmentPlanner::pattern_of_edge(const Segment& segment, const Dataflow& flow,
                                            std::size_t edge, const Stages& stages) const {
  const spatial::SegmentEdge& ends = segment.edges[edge];
  const auto producer = static_cast<std::size_t>(ends.producer);
  const auto consumer = static_cast<std::size_t>(ends.consumer);
  const std::int64_t registers = array_.levels.back().capacity_bits / array_.links.word_bits;
  const std::int64_t per_element =
      2 * ceil_div(flow.edges[edge].words_per_interval, stages[producer]->placed.units);
  if (registers > 0 && static_cast<double>(per_element) >
                           options_.hand_over_share * static_cast<double>(registers)) {
    return FlowPattern::global_buffer;
  }
  if (options_.pattern) {
    return *options_.pattern;
  }
  return pattern_of(design_.workload().at(sequence_.operators[segment.begin + consumer]),
                    stages[consumer]->placed.mapping, array_);
}

// Of one word per producing element.
const LinkLoads& SegmentPlanner::loads_of(Segment& segment, std::size_t layout_index,
                                          const spatial::SegmentEdge& edge, FlowPattern pattern) {
  const auto [at, fresh] =
      segment.loads.try_emplace({layout_index, edge.producer, edge.consumer, pattern});
  if (fresh) {
    FlowSet flows;
    add_flows(segment.layouts[layout_index], {edge.producer, edge.consumer, pattern, 1}, flows);
    at->second = route_flows(topology_, flows);
  }
  return at->second;
}

// Weights, kept rows, waiting skips and hand-overs through the buffer, all at once.
bool SegmentPlanner::buffers_fit(const Segment& segment, const Dataflow& flow,
                                 const FloorPlan& plan) const {
  const bool bounded = array_.levels.size() > 1 && array_.levels[1].capacity_bits > 0;
  std::int64_t words = segment.weight_words;
  for (std::size_t e = 0; e < plan.hand_overs.size(); ++e) {
    words += flow.edges[e].kept_words;
    words += plan.hand_overs[e].pattern == FlowPattern::global_buffer
                 ? 2 * flow.edges[e].words_per_interval
                 : 0;
  }
  return !bounded || segment.size() == 1 ||
         words <= array_.levels[1].capacity_bits / array_.links.word_bits;
}

// Latency of the pipeline, or what memories need beside it.
void SegmentPlanner::charge(const Segment& segment, const Dataflow& flow, const Stages& stages,
                            SegmentChoice& choice) {
  for (const Stage* stage : stages) {
    choice.energy_pj += stage->energy_pj;
    choice.compute_ps = std::max(choice.compute_ps, stage->busy_ps());
  }
  const SegmentOverhead overhead = trial_.memories(segment.begin, stages, choice.plan);
  choice.energy_pj += overhead.energy_pj;
  choice.external_ps = overhead.external_ps;
  choice.buffer_ps = overhead.buffer_ps;
  choice.estimate_ps = overhead.weight_load_ps + overhead.weight_write_ps +
                       overhead.work_ps(pipeline_ps(flow, stages, choice.link_ps)) +
                       overhead.data_ps;
}

// All hand-overs of a candidate, what links carry and what that costs.
void SegmentPlanner::route(Segment& segment, const Dataflow& flow, std::size_t layout_index,
                           const Stages& stages, SegmentChoice& choice) {
  LinkLoads all;
  all.load.assign(topology_.links_and_ports().size(), 0);
  for (std::size_t e = 0; e < segment.edges.size(); ++e) {
    const spatial::SegmentEdge& edge = segment.edges[e];
    const auto producer = static_cast<std::size_t>(edge.producer);
    const auto consumer = static_cast<std::size_t>(edge.consumer);
    const FlowPattern pattern = pattern_of_edge(segment, flow, e, stages);
    const LinkLoads& one = loads_of(segment, layout_index, edge, pattern);
    const double words =
        static_cast<double>(edge.words) / static_cast<double>(stages[producer]->placed.units);
    for (std::size_t link = 0; link < all.load.size(); ++link) {
      all.load[link] += words * one.load[link];
    }
    all.word_links += words * one.word_links;
    all.word_pitches += words * one.word_pitches;
    choice.plan.hand_overs.push_back(
        {choice.plan.stages[producer], choice.plan.stages[consumer], pattern, edge.words,
         flow.intervals, 2 * flow.edges[e].words_per_interval + flow.edges[e].kept_words});
  }
  all.max_load = *std::max_element(all.load.begin(), all.load.end());
  choice.link_ps = array_.links.words_per_ps > 0 ? all.max_load / array_.links.words_per_ps : 0;
  choice.energy_pj = link_energy_pj(array_.links, all);
}

double SegmentPlanner::consider(Segment& segment, const Dataflow& flow, std::size_t layout_index,
                                std::vector<std::int64_t>& work) {
  constexpr double kImpossible = INFINITY;
  const std::vector<std::int64_t> shares = segment.layouts[layout_index].shares();
  Stages stages;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    stages.push_back(
        &trial_.stage(sequence_.operators[segment.begin + i], flow.shapes[i], shares[i]));
    if (stages.back()->jobs == 0) {
      return kImpossible;
    }
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    work[i] = stages[i]->busy_ps() * shares[i];
  }
  const double least = worth(std::max(segment.memories_ps, pipeline_ps(flow, stages, 0)), 0);
  if (least >= segment.limit || (segment.best && least > segment.best->worth)) {
    return least;  // links would only add to it
  }
  SegmentChoice choice;
  choice.plan.layout = segment.layouts[layout_index];
  for (std::size_t i = segment.begin; i < segment.end; ++i) {
    choice.plan.stages.push_back(sequence_.operators[i]);
  }
  route(segment, flow, layout_index, stages, choice);
  if (!buffers_fit(segment, flow, choice.plan)) {
    return kImpossible;
  }
  charge(segment, flow, stages, choice);
  for (const Stage* stage : stages) {
    choice.stages.push_back(stage->placed);
  }
  choice.worth = worth(choice.estimate_ps, choice.energy_pj);
  const double result = choice.worth;
  if (result < segment.limit && (!segment.best || is_better(choice, *segment.best))) {
    segment.best = std::move(choice);
  }
  return result;
}

std::int64_t SegmentPlanner::memories_ps(std::size_t begin, std::size_t end) {
  const SegmentOverhead overhead = trial_.memories(begin, end);
  return overhead.weight_load_ps + overhead.weight_write_ps + overhead.work_ps(0) +
         overhead.data_ps;
}

double SegmentPlanner::lower_bound(std::size_t begin, std::size_t end) {
  const ComputeUnit& unit = array_.units.front();
  std::int64_t macs = 0;
  for (std::size_t i = begin; i < end; ++i) {
    macs += sequence_.layers[i].macs;
  }
  return worth(
      std::max(memories_ps(begin, end),
               static_cast<std::int64_t>(static_cast<double>(macs / (unit.rows * unit.columns)) *
                                         unit.exact_ps())),
      0);
}

std::vector<SpatialLayout> SegmentPlanner::layouts_for(const Segment& segment,
                                                       std::span<const std::int64_t> work) const {
  auto found = spatial::candidate_layouts(
      topology_.rows(), topology_.columns(),
      {work, segment.edges, options_.pattern.value_or(FlowPattern::one_to_one)});
  if (options_.layout && work.size() > 1) {
    std::erase_if(found, [&](const SpatialLayout& l) { return l.kind != *options_.layout; });
  }
  return found;
}

// First with shares by multiply-accumulates, then with shares by what the best of those spends:
// loops that do not divide evenly make some stages slower than their work says.
void SegmentPlanner::consider_all(Segment& segment, const Dataflow& flow, std::size_t layouts) {
  double best = INFINITY;
  std::vector<std::int64_t> spent;
  std::vector<std::int64_t> work(segment.size(), 1);
  for (std::size_t i = 0; i < layouts; ++i) {
    const double worth = consider(segment, flow, i, work);
    if (worth < best) {
      best = worth;
      spent = work;
    }
  }
  if (spent.empty() || segment.size() == 1) {
    return;
  }
  for (SpatialLayout& layout : layouts_for(segment, spent)) {
    const auto known = std::find(segment.layouts.begin(), segment.layouts.end(), layout);
    const auto index = static_cast<std::size_t>(known - segment.layouts.begin());
    if (index < layouts) {
      continue;
    }
    if (known == segment.layouts.end()) {
      segment.layouts.push_back(std::move(layout));
    }
    consider(segment, flow, index, work);
  }
}

std::optional<SegmentChoice> SegmentPlanner::plan(std::size_t begin, std::size_t end,
                                                  std::string& why, double limit) {
  Segment segment;
  segment.limit = limit;
  segment.begin = begin;
  segment.end = end;
  segment.edges = edges_of(sequence_, begin, end);
  std::vector<std::int64_t> work;
  for (std::size_t i = begin; i < end; ++i) {
    segment.weight_words += sequence_.layers[i].weight_words;
    work.push_back(std::max<std::int64_t>(1, sequence_.layers[i].macs));
  }
  const std::vector<Dataflow> flows =
      dataflows(design_.workload(), sequence_, begin, end, segment.edges, options_.positions_only);
  if (flows.empty()) {
    why = "no loop orders let them hand over in two intervals or more";
    return std::nullopt;
  }
  segment.layouts = layouts_for(segment, work);
  const std::size_t layouts = segment.layouts.size();
  if (layouts == 0) {
    why = "the array has no such layout of so many stages";
    return std::nullopt;
  }
  segment.memories_ps = memories_ps(begin, end);
  for (const Dataflow& flow : flows) {
    consider_all(segment, flow, layouts);
  }
  why = limit < INFINITY
            ? "no plan is good enough"
            : "what waits between them fits neither the elements nor the buffer in front of them";
  return std::move(segment.best);
}

}  // namespace imbrex::pipeorgan
