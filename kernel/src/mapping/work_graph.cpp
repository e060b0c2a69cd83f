// File: work_graph.cpp
//
// Construction: the work order of every mapped operator, and what the ways between them cost.
#include "mapping/tile_span.hpp"
#include "mapping/work_graph_impl.hpp"

#include <imbrex/error.hpp>
#include <imbrex/segment_pass.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace imbrex {
namespace {

struct ClockedOrder {
  std::unique_ptr<const WorkOrder> order;
  std::int64_t completion_ps = 0;
};

ClockedOrder order_of(const Design& design, OperatorId id, const CostModel& cost,
                      const JobShape& shape) {
  const Operator& op = design.workload().at(id);
  const Placement& placement = design.placement(id);
  const std::optional<Mapping>& searched = design.mapping(id);
  const Mapping mapping = searched ? *searched : cost.canonical_mapping(id, placement, shape);
  if (mapping_verdict(op, mapping) != Verdict::feasible) {
    throw InfeasibleError("operator '" + op.name + "' has no legal mapping: the " +
                          (searched ? "searched" : "canonical") +
                          " one does not cover its loop bounds");
  }
  const JobClock clock = cost.job_clock(id, placement, mapping);
  return {
      make_work_order(op, mapping, placement.copies, placement.dealing, clock, cost.lock_step()),
      clock.completion_ps};
}

// Who makes a tensor that is not there from the start, as far as the graph knows; none otherwise.
template <class Graph>
OperatorId maker(const Graph& graph, TensorId tensor) {
  const OperatorId producer = graph.workload->at(tensor).producer;
  return producer == OperatorId::none || graph.is_there(producer) ? OperatorId::none : producer;
}

// Mapped operators whose output reaches each operator through movement operators only; ascending.
template <class Graph>
std::vector<std::vector<OperatorId>> mapped_producers(const Graph& graph) {
  const Workload& workload = *graph.workload;
  std::vector<std::vector<OperatorId>> result(workload.operators().size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    std::vector<OperatorId>& mine = result[i];
    for (const TensorId input : workload.operators()[i].inputs) {
      const OperatorId producer = maker(graph, input);
      if (producer == OperatorId::none) {
        continue;
      }
      if (graph.orders[index(producer)]) {
        mine.push_back(producer);
      } else {
        const std::vector<OperatorId>& theirs = result[index(producer)];
        mine.insert(mine.end(), theirs.begin(), theirs.end());
      }
    }
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
  }
  return result;
}

// Bits that leave an operator when one of its jobs ends; the first job is never clipped.
std::int64_t bits_of_one_job(const Workload& workload, OperatorId id, const WorkOrder& order) {
  const Tensor& output = workload.at(workload.at(id).output);
  return workload.output_region(id, order.job(0, 0).box).elements() * output.bits_per_element;
}

std::vector<TileSpan> tile_spans(const Design& design, const Architecture& architecture,
                                 const CostModel& cost, std::span<const OperatorId> mapped) {
  std::vector<TileSpan> spans(design.workload().operators().size());
  const std::int64_t per_tile =
      architecture.resources.empty() ? 1 : architecture.resources.front().per_tile;
  std::map<std::int32_t, std::int64_t> next_units;  // every segment has the chip for itself
  for (const OperatorId id : mapped) {
    const Placement& placement = design.placement(id);
    std::int64_t& next_unit = next_units[placement.segment];
    const std::int64_t units = std::max<std::int64_t>(1, owned_units(placement, cost.demand(id)));
    const std::int64_t first = placement.first_unit >= 0 ? placement.first_unit : next_unit;
    spans[index(id)] =
        tile_span(architecture.grid, first / per_tile, (first + units - 1) / per_tile);
    next_unit = first + units;
  }
  return spans;
}

// An operator of the segment must not read what a later segment makes.
void refuse_late_producers(const Workload& workload, std::span<const std::int32_t> segments,
                           std::int32_t segment) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i] != segment) {
      continue;
    }
    for (const TensorId input : workload.operators()[i].inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none && segments[index(producer)] > segment) {
        throw InfeasibleError("operator '" + workload.operators()[i].name + "' of segment " +
                              std::to_string(segment) + " reads the output of '" +
                              workload.at(producer).name + "', which segment " +
                              std::to_string(segments[index(producer)]) + " makes later");
      }
    }
  }
}

// What the segment makes and the network yields or another segment reads.
std::vector<TensorId> tensors_leaving(const Workload& workload,
                                      std::span<const std::int32_t> segments,
                                      std::int32_t segment) {
  std::vector<TensorId> result;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const TensorId output = workload.operators()[i].output;
    if (segments[i] != segment) {
      continue;
    }
    const auto uses = workload.uses(output);
    const auto outputs = workload.outputs();
    const bool leaves = std::any_of(uses.begin(), uses.end(), [&](const Workload::Use& use) {
      return segments[index(use.consumer)] != segment;
    });
    if (leaves || std::find(outputs.begin(), outputs.end(), output) != outputs.end()) {
      result.push_back(output);
    }
  }
  return result;
}

}  // namespace

Transfer transfer_between(const Design& design, const Architecture& architecture,
                          const CostModel& cost, OperatorId producer, OperatorId consumer) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  const std::vector<TileSpan> spans = tile_spans(design, architecture, cost, mapped);
  const auto [from, to] =
      farthest_tiles(architecture.grid, spans[index(producer)], spans[index(consumer)]);
  return {producer, consumer, from, to, 0};
}

// Operators of other segments are left out: all their orders stay null.
void WorkGraph::Impl::add_orders(const Design& design, const CostModel& cost,
                                 const JobShape& shape) {
  const std::size_t count = workload->operators().size();
  orders.resize(count);
  movement_ps.assign(count, 0);
  completion_ps.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const OperatorId id = operator_id(i);
    if (is_there(id)) {
      continue;
    }
    if (cost.demand(id).mappable) {
      mapped.push_back(id);
      ClockedOrder clocked = order_of(design, id, cost, shape);
      orders[i] = std::move(clocked.order);
      completion_ps[i] = clocked.completion_ps;
      free_movement &= clocked.completion_ps == 0;
    } else {
      movement_ps[i] = cost.movement_ps(id);
      free_movement &= movement_ps[i] == 0;
    }
  }
}

void WorkGraph::Impl::add_links(const Design& design, const Architecture& architecture,
                                const CostModel& cost) {
  const std::size_t count = workload->operators().size();
  const auto producers = mapped_producers(*this);
  const std::vector<TileSpan> spans = tile_spans(design, architecture, cost, mapped);
  std::vector<Transfer> transfers;
  first_link.reserve(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    first_link.push_back(transfers.size());
    if (!orders[i]) {
      continue;
    }
    for (const OperatorId producer : producers[i]) {
      const auto [from, to] = farthest_tiles(architecture.grid, spans[index(producer)], spans[i]);
      transfers.push_back({producer, operator_id(i), from, to,
                           bits_of_one_job(*workload, producer, *orders[index(producer)])});
    }
  }
  first_link.push_back(transfers.size());
  std::vector<TransferCost> costs(transfers.size());
  cost.transfer(transfers, costs);
  links.reserve(transfers.size());
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    links.push_back({transfers[i].from, costs[i].latency_ps});
    free_movement &= costs[i].latency_ps == 0;
  }
}

WorkGraph::WorkGraph(const Design& design, const Architecture& architecture, const CostModel& cost,
                     const JobShape& shape)
    : impl_(std::make_unique<Impl>(design.workload())) {
  const std::span<const TensorId> outputs = design.workload().outputs();
  impl_->outputs.assign(outputs.begin(), outputs.end());
  impl_->add_orders(design, cost, shape);
  impl_->add_links(design, architecture, cost);
}

WorkGraph::WorkGraph(const Design& design, const Architecture& architecture, const CostModel& cost,
                     const JobShape& shape, std::int32_t segment)
    : impl_(std::make_unique<Impl>(design.workload())) {
  const std::vector<std::int32_t> segments = operator_segments(design, cost);
  refuse_late_producers(design.workload(), segments, segment);
  impl_->there.reserve(segments.size());
  for (const std::int32_t other : segments) {
    impl_->there.push_back(other != segment);
  }
  impl_->outputs = tensors_leaving(design.workload(), segments, segment);
  impl_->add_orders(design, cost, shape);
  impl_->add_links(design, architecture, cost);
}

WorkGraph::WorkGraph(WorkGraph&&) noexcept = default;
WorkGraph::~WorkGraph() = default;

const Workload& WorkGraph::workload() const noexcept {
  return *impl_->workload;
}
std::span<const OperatorId> WorkGraph::mapped() const noexcept {
  return impl_->mapped;
}
bool WorkGraph::is_mapped(OperatorId op) const noexcept {
  return impl_->orders[index(op)] != nullptr;
}
bool WorkGraph::is_there(OperatorId op) const noexcept {
  return impl_->is_there(op);
}
std::span<const TensorId> WorkGraph::outputs() const noexcept {
  return impl_->outputs;
}
const WorkOrder& WorkGraph::order(OperatorId op) const noexcept {
  IMBREX_ASSERT(is_mapped(op));
  return *impl_->orders[index(op)];
}
std::int64_t WorkGraph::movement_ps(OperatorId op) const noexcept {
  return impl_->movement_ps[index(op)];
}
bool WorkGraph::movement_is_free() const noexcept {
  return impl_->free_movement;
}

std::int64_t WorkGraph::transfer_ps(OperatorId producer, OperatorId consumer) const noexcept {
  const Impl::Link* const first = impl_->links.data() + impl_->first_link[index(consumer)];
  const Impl::Link* const last = impl_->links.data() + impl_->first_link[index(consumer) + 1];
  const Impl::Link* const found = std::lower_bound(
      first, last, producer,
      [](const Impl::Link& link, OperatorId wanted) { return link.producer < wanted; });
  return found != last && found->producer == producer ? found->delay_ps : 0;
}

}  // namespace imbrex
