#include "hole_completions.hpp"

#include <imbrex/toolkit/analysis/overlap_math.hpp>

#include <algorithm>

namespace imbrex::overlapim {
namespace {

// Calls visit(Region) for every box of the product of the axes' interval sets.
template <class Visit>
void for_each_box(const std::vector<std::vector<Interval>>& sets, Region& region, std::size_t axis,
                  Visit& visit) {
  if (axis == sets.size()) {
    visit(region);
    return;
  }
  for (const Interval& interval : sets[axis]) {
    region.axis[axis] = interval;
    for_each_box(sets, region, axis + 1, visit);
  }
}

// The coordinates a job needs along every axis of the producer's output. False: nothing is needed.
bool touched_sets(const Workload& workload, OperatorId consumer, std::size_t input,
                  const std::vector<analysis::AxisChain>& chains, const DimBox& box,
                  std::vector<std::vector<Interval>>& sets) {
  const Operator& op = workload.at(consumer);
  const Shape& operand = workload.at(op.inputs[input]).shape;
  sets.resize(chains.size());
  for (std::size_t axis = 0; axis < chains.size(); ++axis) {
    const std::int32_t from = chains[axis].operand_axis;
    if (from >= 0) {
      const auto i = static_cast<std::size_t>(from);
      analysis::projected_set(op.input_projection[input][i], box, operand[i], sets[axis]);
    }
    chains[axis].touched(sets[axis]);
    if (sets[axis].empty()) {
      return false;
    }
  }
  return true;
}

}  // namespace

// Ways of different length are told apart by nothing but their delay, so the trace's largest one is
// charged to all.
std::int64_t HoleCompletions::ready_ps(const Source& source, OperatorId consumer,
                                       const DimBox& box) {
  const Completion& made = completion(source.producer);
  if (consumer == OperatorId::none) {
    return made.ready_ps(source.region);
  }
  const std::optional<std::vector<Way>>& known = ways(source.producer, consumer);
  if (!known) {
    return made.ready_ps(source.region);
  }
  std::int64_t latest_ps = analysis::kNoNeed;
  std::vector<std::vector<Interval>> sets;
  for (const Way& way : *known) {
    if (touched_sets(graph().workload(), consumer, way.input, way.chains, box, sets)) {
      Region region = source.region;
      const auto visit = [&](const Region& part) {
        latest_ps = std::max(latest_ps, made.ready_ps(part));
      };
      for_each_box(sets, region, 0, visit);
    }
  }
  return latest_ps;
}

const std::optional<std::vector<HoleCompletions::Way>>& HoleCompletions::ways(OperatorId producer,
                                                                              OperatorId consumer) {
  const auto [at, fresh] = ways_.try_emplace({producer, consumer});
  if (!fresh) {
    return at->second;
  }
  const Workload& workload = graph().workload();
  const auto paths = analysis::edge_paths(workload, graph().machine().cost(), producer, consumer);
  if (!paths) {
    return at->second;
  }
  std::vector<Way> separated;
  for (const analysis::EdgePath& path : *paths) {
    auto chains = path.separate(workload, consumer);
    if (!chains) {
      return at->second;
    }
    separated.push_back({path.input, std::move(*chains)});
  }
  at->second = std::move(separated);
  return at->second;
}

}  // namespace imbrex::overlapim
