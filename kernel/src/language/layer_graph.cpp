#include "language/gathering.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex {

LayerGraph layer_graph(const Design& design, const CostModel& cost) {
  const IndexVector<OperatorId, std::int32_t> segments = operator_segments(design, cost);
  OperatorRange<Maker> makers(OperatorSpan{0, segments.size()});
  IndexVector<OperatorId, std::size_t> position(segments.size());
  LayerGraph graph;
  for (const OperatorId id : segments.ids()) {
    makers[id].segment = segments[id];
    if (cost.demand(id).mappable) {
      makers[id].role = Maker::Role::mapped;
      position[id] = graph.layers.size();
      graph.layers.push_back(id);
    }
  }
  const Gathering gathering = gather(design.workload(), makers, kMostGathered);
  graph.producers.resize(graph.layers.size());
  graph.consumers.resize(graph.layers.size());
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    for (const OperatorId producer : gathering.producers[graph.layers[layer]]) {
      graph.producers[layer].push_back(position[producer]);
      graph.consumers[position[producer]].push_back(layer);
    }
  }
  return graph;
}

}  // namespace imbrex
