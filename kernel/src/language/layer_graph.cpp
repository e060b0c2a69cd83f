#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <iterator>

namespace imbrex {
namespace {

void merge(std::vector<std::size_t>& into, const std::vector<std::size_t>& from) {
  std::vector<std::size_t> both;
  std::set_union(into.begin(), into.end(), from.begin(), from.end(), std::back_inserter(both));
  into = std::move(both);
}

}  // namespace

LayerGraph layer_graph(const Design& design, const CostModel& cost) {
  const Workload& workload = design.workload();
  LayerGraph graph;
  // Layers whose output reaches an operator's output; a layer hides what lies behind it.
  IndexVector<OperatorId, std::vector<std::size_t>> reaching(workload.operators().size());
  for (const OperatorId id : reaching.ids()) {
    std::vector<std::size_t> sources;
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none) {
        merge(sources, reaching[producer]);
      }
    }
    if (!cost.demand(id).mappable) {
      reaching[id] = std::move(sources);
      continue;
    }
    const std::int32_t segment = design.placement(id).segment;
    std::erase_if(sources, [&](std::size_t source) {
      return design.placement(graph.layers[source]).segment != segment;
    });
    reaching[id] = {graph.layers.size()};
    graph.layers.push_back(id);
    graph.producers.push_back(std::move(sources));
  }
  graph.consumers.resize(graph.layers.size());
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    for (const std::size_t producer : graph.producers[layer]) {
      graph.consumers[producer].push_back(layer);
    }
  }
  return graph;
}

}  // namespace imbrex
