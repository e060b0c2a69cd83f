// Construction: the work order of every mapped operator, of all segments or of one.
#include "language/work_graph_impl.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace imbrex {
namespace {

// A job may wait for those before it in a chain only if no server runs them the other way round.
void require_chain_order(const Operator& op, const Mapping& mapping, const Placement& placement) {
  if (placement.copies != 1) {
    throw InfeasibleError("operator '" + op.name + "' has " + std::to_string(placement.copies) +
                          " copies, but its jobs along " +
                          std::string(kDimNames[index(*op.chain)]) +
                          " wait for one another: give it one copy");
  }
  bool inside = false;
  for (const Loop& loop : mapping.outer_loops()) {
    if (loop.bound == 1) {
      continue;
    }
    const bool along = loop.dim == *op.chain;
    if (along && (loop.kind == LoopKind::spatial || inside)) {
      throw InfeasibleError("operator '" + op.name + "': its jobs along " +
                            std::string(kDimNames[index(*op.chain)]) +
                            " wait for one another, so that loop of its mapping must be temporal "
                            "and the outermost");
    }
    inside = inside || (!along && loop.kind == LoopKind::temporal);
  }
}

// An operator of the segment, all in the span, must not read what a later segment makes.
void refuse_late_producers(const Workload& workload,
                           const IndexVector<OperatorId, std::int32_t>& segments,
                           const OperatorSpan& span, std::int32_t segment) {
  for (std::size_t i = span.begin; i < span.end; ++i) {
    const OperatorId id = operator_id(i);
    if (segments[id] != segment) {
      continue;
    }
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none && segments[producer] > segment) {
        throw InfeasibleError("operator '" + workload.at(id).name + "' of segment " +
                              std::to_string(segment) + " reads the output of '" +
                              workload.at(producer).name + "', which segment " +
                              std::to_string(segments[producer]) + " makes later");
      }
    }
  }
}

// What the segment makes and the network yields or another segment reads.
std::vector<TensorId> tensors_leaving(const Workload& workload,
                                      const IndexVector<OperatorId, std::int32_t>& segments,
                                      const OperatorSpan& span, std::int32_t segment) {
  std::vector<TensorId> result;
  for (std::size_t i = span.begin; i < span.end; ++i) {
    const OperatorId id = operator_id(i);
    const TensorId output = workload.at(id).output;
    if (segments[id] != segment) {
      continue;
    }
    const auto uses = workload.uses(output);
    const auto outputs = workload.outputs();
    const bool leaves = std::any_of(uses.begin(), uses.end(), [&](const Workload::Use& use) {
      return segments[use.consumer] != segment;
    });
    if (leaves || std::find(outputs.begin(), outputs.end(), output) != outputs.end()) {
      result.push_back(output);
    }
  }
  return result;
}

// From the first operator of the segment to the last.
OperatorSpan span_of(const IndexVector<OperatorId, std::int32_t>& segments, std::int32_t segment) {
  const auto first = std::find(segments.begin(), segments.end(), segment);
  if (first == segments.end()) {
    return {};
  }
  const auto last = std::find(segments.rbegin(), segments.rend(), segment).base();
  return {static_cast<std::size_t>(first - segments.begin()),
          static_cast<std::size_t>(last - segments.begin())};
}

}  // namespace

std::unique_ptr<const WorkOrder> WorkGraph::Impl::make_order(OperatorId id,
                                                             const Mapping& mapping) const {
  const Operator& op = workload->at(id);
  const Placement& placement = design->placement(id);
  auto order = make_work_order(op, mapping, placement.copies, placement.dealing, clocks[id],
                               machine.cost().lock_step());
  const std::shared_ptr<const DealtOrder>& dealt = design->dealt_order(id);
  if (dealt == nullptr) {
    return order;
  }
  if (op.chain) {
    throw InputError("operator '" + op.name +
                     "': its jobs wait for one another and cannot be dealt anew");
  }
  if (dealt->mapping != mapping) {
    throw InputError("operator '" + op.name +
                     "': its jobs were dealt anew for another mapping than it has now");
  }
  return make_dealt_order(op, std::move(order), dealt);
}

// The searched mapping, or the canonical one of the request's shape.
void WorkGraph::Impl::add_order(OperatorId id) {
  const Operator& op = workload->at(id);
  const Placement& placement = design->placement(id);
  const std::optional<Mapping>& searched = design->mapping(id);
  const CostModel& cost = machine.cost();
  const Mapping mapping =
      searched ? *searched : cost.canonical_mapping(id, placement, request.shape);
  if (mapping_verdict(op, mapping) != Verdict::feasible) {
    throw InfeasibleError("operator '" + op.name + "' has no legal mapping: the " +
                          (searched ? "searched" : "canonical") +
                          " one does not cover its loop bounds");
  }
  if (op.chain) {
    require_chain_order(op, mapping, placement);
    chains = true;
  }
  clocks[id] = cost.job_clock(id, placement, mapping);
  clocks[id].least_ps = 0;  // links are the graph's to say
  orders[id] = make_order(id, mapping);
  mappings.push_back(mapping);
  if (orders[id]->dealt_anew()) {
    dealt_orders = true;
    free_movement = false;  // partial sums may have to be merged behind the last jobs
  }
  free_movement &= clocks[id].completion_ps == 0;
}

// Operators of other segments are left out: all their orders stay null.
void WorkGraph::Impl::add_orders() {
  const CostModel& cost = machine.cost();
  orders = OperatorRange<std::unique_ptr<const WorkOrder>>::of_defaults(span);
  clocks = OperatorRange<JobClock>(span);
  movement_ps = OperatorRange<std::int64_t>(span);
  for (std::size_t i = span.begin; i < span.end; ++i) {
    const OperatorId id = operator_id(i);
    if (is_there(id)) {
      continue;
    }
    if (cost.demand(id).mappable) {
      mapped.push_back(id);
      add_order(id);
    } else {
      movement_ps[id] = cost.movement_ps(id);
      free_movement &= movement_ps[id] == 0;
    }
  }
}

WorkGraph::WorkGraph(const Design& design, const Machine& machine, const AnalysisRequest& request)
    : impl_(std::make_unique<Impl>(design, machine, request)) {
  const std::span<const TensorId> outputs = design.workload().outputs();
  impl_->outputs.assign(outputs.begin(), outputs.end());
  impl_->span = {0, design.workload().operators().size()};
  impl_->there = OperatorRange<bool>(impl_->span);
  impl_->add_orders();
  impl_->add_ways();
  impl_->add_link_rates();
}

WorkGraph::WorkGraph(const Design& design, const Machine& machine, const AnalysisRequest& request,
                     std::int32_t segment)
    : impl_(std::make_unique<Impl>(design, machine, request)) {
  const IndexVector<OperatorId, std::int32_t> segments = operator_segments(design, machine.cost());
  impl_->span = span_of(segments, segment);
  refuse_late_producers(design.workload(), segments, impl_->span, segment);
  impl_->there = OperatorRange<bool>(impl_->span);
  for (std::size_t i = impl_->span.begin; i < impl_->span.end; ++i) {
    impl_->there[operator_id(i)] = segments[operator_id(i)] != segment;
  }
  impl_->outputs = tensors_leaving(design.workload(), segments, impl_->span, segment);
  impl_->add_orders();
  impl_->add_ways();
  impl_->add_link_rates();
}

WorkGraph::WorkGraph(WorkGraph&&) noexcept = default;
WorkGraph::~WorkGraph() = default;

const Workload& WorkGraph::workload() const noexcept {
  return *impl_->workload;
}
const Design& WorkGraph::design() const noexcept {
  return *impl_->design;
}
const Machine& WorkGraph::machine() const noexcept {
  return impl_->machine;
}
const AnalysisRequest& WorkGraph::request() const noexcept {
  return impl_->request;
}
std::span<const OperatorId> WorkGraph::mapped() const noexcept {
  return impl_->mapped;
}
bool WorkGraph::is_mapped(OperatorId op) const noexcept {
  return impl_->is_mapped(op);
}
bool WorkGraph::is_there(OperatorId op) const noexcept {
  return impl_->is_there(op);
}
std::span<const TensorId> WorkGraph::outputs() const noexcept {
  return impl_->outputs;
}
const WorkOrder& WorkGraph::order(OperatorId op) const noexcept {
  IMBREX_ASSERT(is_mapped(op));
  return *impl_->orders[op];
}
const Mapping& WorkGraph::mapping(OperatorId op) const noexcept {
  IMBREX_ASSERT(is_mapped(op));
  const auto at = std::lower_bound(impl_->mapped.begin(), impl_->mapped.end(), op);
  return impl_->mappings[at - impl_->mapped.begin()];
}
bool WorkGraph::has_link_rates() const noexcept {
  return impl_->link_rates;
}
bool WorkGraph::has_dealt_orders() const noexcept {
  return impl_->dealt_orders;
}
bool WorkGraph::has_chains() const noexcept {
  return impl_->chains;
}
std::int64_t WorkGraph::movement_ps(OperatorId op) const noexcept {
  return impl_->span.holds(op) ? impl_->movement_ps[op] : 0;
}
bool WorkGraph::movement_is_free() const noexcept {
  return impl_->free_movement;
}

std::int64_t WorkGraph::transfer_ps(OperatorId producer, OperatorId consumer) const noexcept {
  const std::span<const Impl::Link> links = impl_->links_to(consumer);
  const auto found = std::lower_bound(
      links.begin(), links.end(), producer,
      [](const Impl::Link& link, OperatorId wanted) { return link.producer < wanted; });
  return found != links.end() && found->producer == producer ? found->delay_ps : 0;
}

}  // namespace imbrex
