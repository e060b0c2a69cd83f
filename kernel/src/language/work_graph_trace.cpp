// The backward walk from a region to the mapped operators that produce it. `pending` is a work list
// sorted by producer, the latest at the end: when an entry is taken, every path to it has arrived,
// so each (operator, region) is expanded once and with its largest delay. A plain breadth-first
// queue would have to expand again whenever a slower path arrived later.
#include "language/work_graph_impl.hpp"

#include <imbrex/plugin/error.hpp>

namespace imbrex {
namespace {

// Insertion into the sorted list; drops what an entry of the same producer already covers. The
// lists are a few entries long, and new entries land near the end.
void push(std::vector<Source>& pending, OperatorId producer, const Region& region,
          std::int64_t delay_ps) {
  std::size_t at = pending.size();
  while (at > 0 && pending[at - 1].producer > producer) {
    --at;
  }
  for (std::size_t i = at; i > 0 && pending[i - 1].producer == producer; --i) {
    Source& other = pending[i - 1];
    if (other.delay_ps >= delay_ps && other.region.contains(region)) {
      return;
    }
    if (other.delay_ps <= delay_ps && region.contains(other.region)) {
      other.region = region;
      other.delay_ps = delay_ps;
      return;
    }
  }
  pending.insert(pending.begin() + static_cast<std::ptrdiff_t>(at), {producer, region, delay_ps});
}

}  // namespace

namespace detail {

// Takes everything off the list; `arrived` is called for entries at mapped producers.
template <class Graph, class Arrived>
void walk(const Graph& graph, std::vector<Source>& pending, Arrived&& arrived) {
  const Workload& workload = *graph.workload;
  while (!pending.empty()) {
    const Source entry = pending.back();
    pending.pop_back();
    if (graph.is_there(entry.producer)) {
      continue;
    }
    if (graph.orders[entry.producer]) {
      arrived(Source{entry.producer, entry.region,
                     entry.delay_ps + graph.clocks[entry.producer].completion_ps});
      continue;
    }
    const Operator& op = workload.at(entry.producer);
    const std::int64_t delay_ps = entry.delay_ps + graph.movement_ps[entry.producer];
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const OperatorId producer = workload.at(op.inputs[k]).producer;
      if (producer == OperatorId::none) {
        continue;
      }
      const Region region = op.maps[k].apply(entry.region);
      if (!region.empty()) {
        push(pending, producer, region, delay_ps);
      }
    }
  }
}

}  // namespace detail

void WorkGraph::trace(OperatorId mapped_op, const DimBox& box, Scratch& scratch,
                      std::vector<Source>& out) const {
  const Impl& graph = *impl_;
  if (box.empty()) {
    return;
  }
  const Operator& op = graph.workload->at(mapped_op);
  if (op.chain && box[*op.chain].begin > 0) {
    // Whoever made the positions just before has waited for all that lie further back.
    DimBox before = op.bounds.whole();
    before[*op.chain] = {box[*op.chain].begin - 1, box[*op.chain].begin};
    out.push_back({mapped_op, graph.workload->output_region(mapped_op, before),
                   graph.clocks[mapped_op].completion_ps});
  }
  scratch.pending.clear();
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    const OperatorId producer = graph.workload->at(op.inputs[k]).producer;
    if (producer == OperatorId::none) {
      continue;
    }
    const Region region = graph.workload->input_region(mapped_op, k, box);
    if (!region.empty()) {
      push(scratch.pending, producer, region, 0);
    }
  }
  detail::walk(graph, scratch.pending, [&](const Source& entry) {
    out.push_back(entry);
    if (!graph.free_movement) {
      out.back().delay_ps += transfer_ps(entry.producer, mapped_op);
    }
  });
}

void WorkGraph::trace(TensorId tensor, const Region& region, Scratch& scratch,
                      std::vector<Source>& out) const {
  const Impl& graph = *impl_;
  scratch.pending.clear();
  const OperatorId producer = graph.workload->at(tensor).producer;
  if (producer == OperatorId::none || region.empty()) {
    return;
  }
  push(scratch.pending, producer, region, 0);
  detail::walk(graph, scratch.pending, [&](const Source& entry) { out.push_back(entry); });
}

}  // namespace imbrex
