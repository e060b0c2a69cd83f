// File: design_pass.cpp
#include "design_pass.hpp"

#include <algorithm>

namespace imbrex::overlapim {
namespace {

// Do all jobs of every step that have work end together, and does one clock number the steps?
bool one_clock(const Layer& layer) {
  if (layer.order->server_count() == 1) {
    return true;
  }
  if (!layer.order->lock_step()) {
    return false;
  }
  std::vector<std::int64_t> ends;
  for (const TimedWork& job : layer.jobs) {
    const auto step = static_cast<std::size_t>(job.step);
    ends.resize(std::max(ends.size(), step + 1), kNoNeed);
    if (job.has_work && ends[step] != kNoNeed && ends[step] != job.end_ps) {
      return false;
    }
    ends[step] = job.has_work ? job.end_ps : ends[step];
  }
  return true;
}

// The latest end of each step and all before it.
std::vector<std::int64_t> step_ends(const Layer& layer) {
  std::vector<std::int64_t> ends;
  for (const TimedWork& job : layer.jobs) {
    const auto step = static_cast<std::size_t>(job.step);
    ends.resize(std::max(ends.size(), step + 1), 0);
    ends[step] = std::max(ends[step], job.end_ps);
  }
  for (std::size_t step = 1; step < ends.size(); ++step) {
    ends[step] = std::max(ends[step], ends[step - 1]);
  }
  return ends;
}

}  // namespace

bool touched_sets(const Workload& workload, OperatorId consumer, std::size_t input,
                  const std::vector<AxisChain>& chains, const DimBox& box,
                  std::vector<std::vector<Interval>>& sets) {
  const Operator& op = workload.at(consumer);
  const Shape& operand = workload.at(op.inputs[input]).shape;
  sets.resize(chains.size());
  for (std::size_t axis = 0; axis < chains.size(); ++axis) {
    const std::int32_t from = chains[axis].operand_axis;
    if (from >= 0) {
      const auto i = static_cast<std::size_t>(from);
      projected_set(op.input_projection[input][i], box, operand[i], sets[axis]);
    }
    chains[axis].touched(sets[axis]);
    if (sets[axis].empty()) {
      return false;
    }
  }
  return true;
}

DesignPass::DesignPass(const WorkGraph& graph, const Design& design, const CostModel& cost,
                       const JobShape& shape, const PassOptions& options)
    : graph_(graph),
      design_(design),
      cost_(cost),
      shape_(shape),
      options_(options),
      completions_(graph.workload().operators().size()) {}

Outcome DesignPass::run(bool keep_jobs) {
  for (const OperatorId op : graph_.mapped()) {
    run_operator(op, keep_jobs);
  }
  wait_for_outputs();
  return std::move(outcome_);
}

Mapping DesignPass::mapping_of(OperatorId op) const {
  const std::optional<Mapping>& searched = design_.mapping(op);
  return searched ? *searched : cost_.canonical_mapping(op, design_.placement(op), shape_);
}

void DesignPass::run_operator(OperatorId op, bool keep_jobs) {
  Layer layer(graph_.order(op));
  for (TimedWork& job : layer.jobs) {
    if (job.has_work) {
      job.arrival_ps = arrival_ps(op, layer.order->job(job.step, job.server).box);
      ++outcome_.data_spaces;
    }
  }
  layer.run_in_order();
  const Mapping mapping = mapping_of(op);
  if (options_.transform && deal_anew(op, mapping, layer, keep_jobs)) {
    return;
  }
  outcome_.makespan_ps = std::max(outcome_.makespan_ps, layer.end_ps);
  publish(op, mapping, layer);
  if (keep_jobs) {
    keep(op, layer.jobs);
  }
}

std::int64_t DesignPass::arrival_ps(OperatorId op, const DimBox& box) {
  sources_.clear();
  graph_.trace(op, box, scratch_, sources_);
  std::int64_t latest_ps = kNoNeed;
  for (const Source& source : sources_) {
    latest_ps =
        std::max(latest_ps, options_.holes == Holes::exact
                                ? ready_ps(source, op, box)
                                : completions_[index(source.producer)]->ready_ps(source.region) +
                                      source.delay_ps);
  }
  return latest_ps;
}

// Coordinates instead of boxes. Ways of different length are told apart by nothing but their
// delay, so the trace's largest one is charged to all.
std::int64_t DesignPass::ready_ps(const Source& source, OperatorId consumer, const DimBox& box) {
  const Completion& completion = *completions_[index(source.producer)];
  const std::optional<std::vector<Way>>& known = ways(source.producer, consumer);
  if (!known) {
    return completion.ready_ps(source.region) + source.delay_ps;
  }
  std::int64_t latest_ps = kNoNeed;
  std::vector<std::vector<Interval>> sets;
  for (const Way& way : *known) {
    if (touched_sets(graph_.workload(), consumer, way.input, way.chains, box, sets)) {
      Region region = source.region;
      const auto visit = [&](const Region& part) {
        latest_ps = std::max(latest_ps, completion.ready_ps(part) + source.delay_ps);
      };
      for_each_box(sets, region, 0, visit);
    }
  }
  return latest_ps;
}

const std::optional<std::vector<DesignPass::Way>>& DesignPass::ways(OperatorId producer,
                                                                    OperatorId consumer) {
  const auto [at, fresh] = ways_.try_emplace({producer, consumer});
  if (!fresh) {
    return at->second;
  }
  const auto paths = edge_paths(graph_.workload(), cost_, producer, consumer);
  if (!paths) {
    return at->second;
  }
  std::vector<Way> separated;
  for (const EdgePath& path : *paths) {
    auto chains = path.separate(graph_.workload(), consumer);
    if (!chains) {
      return at->second;
    }
    separated.push_back({path.input, std::move(*chains)});
  }
  at->second = std::move(separated);
  return at->second;
}

bool DesignPass::deal_anew(OperatorId id, const Mapping& mapping, const Layer& layer,
                           bool keep_jobs) {
  const Workload& workload = graph_.workload();
  const Operator& op = workload.at(id);
  TileTimes tiles(op, mapping, layer.order->tile_grid());
  std::vector<JobLoad> loads(layer.jobs.size());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (!layer.jobs[i].has_work) {
      continue;
    }
    const DimBox box = layer.order->job(layer.jobs[i].step, layer.jobs[i].server).box;
    loads[i] = job_load(workload, id, box);
    loads[i].tile = tiles.tile_of(box);
  }
  const Dealt dealt = deal_earliest_first(layer, loads, tiles.size(), options_.moves);
  if (dealt.end_ps >= layer.end_ps) {
    return false;
  }
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (layer.jobs[i].has_work) {
      tiles.raise(layer.order->job(layer.jobs[i].step, layer.jobs[i].server).box,
                  dealt.tile_end_ps[loads[i].tile]);
    }
  }
  completions_[index(id)].emplace(std::move(tiles));
  outcome_.makespan_ps = std::max(outcome_.makespan_ps, dealt.end_ps);
  ++outcome_.transformed;
  if (keep_jobs) {
    keep(id, dealt.jobs);
  }
  return true;
}

void DesignPass::publish(OperatorId op, const Mapping& mapping, const Layer& layer) {
  const TileGrid* const grid = layer.order->tile_grid();
  const bool nest_numbers_steps = grid == nullptr || design_.placement(op).copies == 1;
  const bool exact = one_clock(layer);
  const Operator& made = graph_.workload().at(op);
  if (nest_numbers_steps && (exact || options_.method != Method::automatic)) {
    outcome_.conservative |= !exact;
    const bool tables = options_.method == Method::tables || options_.method == Method::automatic;
    completions_[index(op)].emplace(FinishIndex(made, mapping, tables), step_ends(layer));
    return;
  }
  TileTimes tiles(made, mapping, grid);
  for (const TimedWork& job : layer.jobs) {
    if (job.has_work) {
      tiles.raise(layer.order->job(job.step, job.server).box, job.end_ps);
    }
  }
  completions_[index(op)].emplace(std::move(tiles));
}

void DesignPass::keep(OperatorId op, const std::vector<TimedWork>& jobs) {
  for (const TimedWork& job : jobs) {
    if (job.has_work) {
      outcome_.jobs.push_back(
          {op, static_cast<std::int32_t>(job.server), job.step, job.start_ps, job.end_ps});
    }
  }
}

// Movement behind the last operators delays what leaves.
void DesignPass::wait_for_outputs() {
  if (graph_.movement_is_free()) {
    return;
  }
  for (const TensorId output : graph_.outputs()) {
    sources_.clear();
    graph_.trace(output, Region::whole(graph_.workload().at(output).shape), scratch_, sources_);
    for (const Source& source : sources_) {
      outcome_.makespan_ps =
          std::max(outcome_.makespan_ps,
                   completions_[index(source.producer)]->ready_ps(source.region) + source.delay_ps);
    }
  }
}

}  // namespace imbrex::overlapim
