#include <imbrex/toolkit/analysis/edge_path.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex::analysis {
namespace {

// More ways than real networks have between two mapped operators; beyond, a search is better served
// by whole designs.
constexpr std::size_t kMostPaths = 64;

bool is_identity(const BackwardMap& map) noexcept {
  if (map.input_shape() != map.output_shape()) {
    return false;
  }
  for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
    const bool trivial = map.input_shape()[axis] == 1 && map.rule(axis) == whole_axis(1);
    if (!trivial && map.rule(axis) != shifted_axis(axis, 0)) {
      return false;
    }
  }
  return true;
}

bool same_map(const BackwardMap& a, const BackwardMap& b) noexcept {
  if (a.input_shape() != b.input_shape() || a.output_shape() != b.output_shape()) {
    return false;
  }
  for (std::size_t axis = 0; axis < a.input_shape().rank; ++axis) {
    if (a.rule(axis) != b.rule(axis)) {
      return false;
    }
  }
  return true;
}

bool same_need(const EdgePath& a, const EdgePath& b) noexcept {
  return a.input == b.input &&
         std::equal(
             a.maps.begin(), a.maps.end(), b.maps.begin(), b.maps.end(),
             [](const BackwardMap* x, const BackwardMap* y) { return x == y || same_map(*x, *y); });
}

void add_path(std::vector<EdgePath>& paths, EdgePath path) {
  for (EdgePath& other : paths) {
    if (same_need(other, path)) {
      other.movement_ps = std::max(other.movement_ps, path.movement_ps);
      return;
    }
  }
  paths.push_back(std::move(path));
}

// Appends, joining with the last interval where they touch; begins must not descend below it.
void append(std::vector<Interval>& set, Interval next) {
  if (next.empty()) {
    return;
  }
  if (!set.empty() && next.begin <= set.back().end) {
    set.back().end = std::max(set.back().end, next.end);
  } else {
    set.push_back(next);
  }
}

void sort_and_join(std::vector<Interval>& set) {
  std::sort(set.begin(), set.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> joined;
  for (const Interval& interval : set) {
    append(joined, interval);
  }
  set = std::move(joined);
}

// Does every job need something along this axis?
bool never_empty(const Operator& op, std::size_t input, const AxisChain& chain,
                 const Workload& workload) noexcept {
  if (chain.operand_axis < 0) {
    return !chain.constant.empty() && chain.links.empty();
  }
  const auto axis = static_cast<std::size_t>(chain.operand_axis);
  const AxisProjection& projection = op.input_projection[input][axis];
  const Interval all = project(projection, op.bounds.whole());
  const Interval valid{0, workload.at(op.inputs[input]).shape[axis]};
  return chain.links.empty() && projection.divisor == 1 && valid.contains(all);
}

}  // namespace

Interval AxisChain::hull(Interval operand) const noexcept {
  Interval result = operand_axis < 0 ? constant : operand;
  for (const Link& link : links) {
    if (result.empty()) {
      return {};
    }
    result = apply_axis_rule(link.rule, result).intersect({0, link.extent});
  }
  return result;
}

void AxisChain::touched(std::vector<Interval>& set) const {
  if (operand_axis < 0) {
    set.assign(1, constant);
  }
  std::vector<Interval> next;
  for (const Link& link : links) {
    next.clear();
    for (const Interval& interval : set) {
      for (std::int64_t x = interval.begin; x < interval.end; ++x) {
        const Interval image = apply_axis_rule(link.rule, {x, x + 1}).intersect({0, link.extent});
        if (!image.empty()) {
          next.push_back(image);
        }
      }
    }
    sort_and_join(next);
    set.swap(next);
  }
}

Region EdgePath::region(const Workload& workload, OperatorId consumer,
                        const DimBox& box) const noexcept {
  Region region = workload.input_region(consumer, input, box);
  for (const BackwardMap* map : maps) {
    region = map->apply(region);
  }
  return region;
}

std::optional<std::vector<AxisChain>> EdgePath::separate(const Workload& workload,
                                                         OperatorId consumer) const {
  const Operator& op = workload.at(consumer);
  if (!op.has_macs()) {
    return std::nullopt;
  }
  std::vector<AxisChain> chains(workload.at(op.inputs[input]).shape.rank);
  for (std::size_t axis = 0; axis < chains.size(); ++axis) {
    chains[axis].operand_axis = static_cast<std::int32_t>(axis);
  }
  for (const BackwardMap* map : maps) {
    std::vector<bool> used(chains.size(), false);
    std::vector<AxisChain> next;
    for (std::size_t axis = 0; axis < map->input_shape().rank; ++axis) {
      const AxisRule& rule = map->rule(axis);
      const std::int64_t extent = map->input_shape()[axis];
      if (rule.kind == AxisRule::Kind::fixed) {
        next.push_back({-1, Interval{rule.low, rule.high}.intersect({0, extent}), {}});
        continue;
      }
      if (rule.kind != AxisRule::Kind::affine) {
        return std::nullopt;
      }
      AxisChain chain = chains[rule.output_axis];
      chain.links.push_back({rule, extent});
      next.push_back(std::move(chain));
      used[rule.output_axis] = true;
    }
    // An axis that is dropped decides nothing any more, unless padding may clip it to nothing.
    for (std::size_t axis = 0; axis < chains.size(); ++axis) {
      if (!used[axis] && !never_empty(op, input, chains[axis], workload)) {
        return std::nullopt;
      }
    }
    chains = std::move(next);
  }
  return chains;
}

std::optional<std::vector<EdgePath>> edge_paths(const Workload& workload, const CostModel& cost,
                                                OperatorId producer, OperatorId consumer) {
  std::vector<std::vector<EdgePath>> at(workload.operators().size());
  const auto arrive = [&](TensorId tensor, EdgePath path) {
    const OperatorId from = workload.at(tensor).producer;
    if (from != OperatorId::none && from >= producer) {
      add_path(at[index(from)], std::move(path));
    }
  };
  const Operator& end = workload.at(consumer);
  for (std::size_t k = 0; k < end.inputs.size(); ++k) {
    arrive(end.inputs[k], {k, {}, 0});
  }
  for (std::size_t i = index(consumer); i-- > index(producer) + 1;) {
    const OperatorId id = operator_id(i);
    const std::vector<EdgePath> here = std::move(at[i]);
    if (here.empty() || cost.demand(id).mappable) {
      continue;
    }
    if (here.size() > kMostPaths) {
      return std::nullopt;
    }
    const Operator& op = workload.at(id);
    for (const EdgePath& path : here) {
      for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        EdgePath longer = path;
        longer.movement_ps += cost.movement_ps(id);
        if (!is_identity(op.maps[k])) {
          longer.maps.push_back(&op.maps[k]);
        }
        arrive(op.inputs[k], std::move(longer));
      }
    }
  }
  if (at[index(producer)].size() > kMostPaths) {
    return std::nullopt;
  }
  return std::move(at[index(producer)]);
}

void projected_set(const AxisProjection& projection, const DimBox& box, std::int64_t extent,
                   std::vector<Interval>& out) {
  out.clear();
  const auto range = [&](std::size_t term) {
    return projection.factor[term] == 0 ? Interval{0, 1} : box[projection.dim[term]];
  };
  const Interval first = range(0);
  const Interval second = range(1);
  for (std::int64_t x = first.begin; x < first.end; ++x) {
    for (std::int64_t y = second.begin; y < second.end; ++y) {
      const std::int64_t at =
          projection.factor[0] * x + projection.factor[1] * y + projection.offset;
      const std::int64_t coordinate = floor_div(at, projection.divisor);
      if (coordinate * projection.divisor == at && coordinate >= 0 && coordinate < extent) {
        out.push_back({coordinate, coordinate + 1});
      }
    }
  }
  sort_and_join(out);
}

PairEdge::PairEdge(const PairBatch& batch, const Machine& machine)
    : workload_(&batch.design->workload()),
      design_(batch.design),
      cost_(&machine.cost()),
      transfer_(transfer_between(*batch.design, machine, batch.producer, batch.consumer)) {
  const bool chained = workload_->at(batch.producer).chain || workload_->at(batch.consumer).chain;
  if (!chained && design_->placement(batch.producer).copies == 1 &&
      design_->placement(batch.consumer).copies == 1) {
    paths_ = edge_paths(*workload_, *cost_, batch.producer, batch.consumer);
  }
}

PairEdge::Clocks PairEdge::clocks(const Mapping& producer, const LoopNest& producer_nest,
                                  const Mapping& consumer, const LoopNest& consumer_nest) const {
  const OperatorId from = transfer_.from;
  const OperatorId to = transfer_.to;
  const DimBox producer_box = producer_nest.box(0, 0);
  const JobClock producer_clock = cost_->job_clock(from, design_->placement(from), producer);
  const JobClock consumer_clock = cost_->job_clock(to, design_->placement(to), consumer);
  Transfer transfer = transfer_;
  transfer.bits = workload_->output_region(from, producer_box).elements() *
                  workload_->at(workload_->at(from).output).bits_per_element;
  TransferCost transfer_cost;
  cost_->transfer({&transfer, 1}, {&transfer_cost, 1});
  return {producer_clock.duration_ps(producer_box),
          consumer_clock.duration_ps(consumer_nest.box(0, 0)),
          producer_clock.completion_ps + transfer_cost.latency_ps, cost_->lock_step()};
}

}  // namespace imbrex::analysis
