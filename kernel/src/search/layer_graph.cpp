// File: layer_graph.cpp
#include <imbrex/search_support.hpp>

#include <algorithm>
#include <iterator>

namespace imbrex {
namespace {

constexpr std::size_t kNotALayer = static_cast<std::size_t>(-1);

void merge(std::vector<std::size_t>& into, const std::vector<std::size_t>& from) {
  std::vector<std::size_t> both;
  std::set_union(into.begin(), into.end(), from.begin(), from.end(), std::back_inserter(both));
  into = std::move(both);
}

std::int64_t size_of(const Workload& workload, const Operator& op, StartLayer metric) {
  switch (metric) {
    case StartLayer::largest_output:
      return op.bounds[Dim::N] * op.bounds[Dim::G] * op.bounds[Dim::K] * op.bounds[Dim::P] *
             op.bounds[Dim::Q];
    case StartLayer::largest_macs:
      return op.macs();
    case StartLayer::largest_overall:
      break;
  }
  std::int64_t total = op.weight_elements() + workload.at(op.output).shape.elements();
  for (const TensorId input : op.inputs) {
    total += workload.at(input).shape.elements();
  }
  return total;
}

}  // namespace

LayerGraph layer_graph(const Design& design, const CostModel& cost) {
  const Workload& workload = design.workload();
  LayerGraph graph;
  // Layers whose output reaches an operator's output; a layer hides what lies behind it.
  std::vector<std::vector<std::size_t>> reaching(workload.operators().size());
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    std::vector<std::size_t> sources;
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none) {
        merge(sources, reaching[index(producer)]);
      }
    }
    if (!cost.demand(id).mappable) {
      reaching[i] = std::move(sources);
      continue;
    }
    const std::int32_t segment = design.placement(id).segment;
    std::erase_if(sources, [&](std::size_t source) {
      return design.placement(graph.layers[source]).segment != segment;
    });
    reaching[i] = {graph.layers.size()};
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

std::size_t start_layer(const LayerGraph& graph, const Workload& workload, StartLayer metric) {
  const auto count = static_cast<std::int64_t>(graph.layers.size());
  std::size_t best = kNotALayer;
  std::int64_t best_size = -1;
  std::int64_t best_distance = 0;
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    const std::int64_t size = size_of(workload, workload.at(graph.layers[layer]), metric);
    const std::int64_t twice = 2 * static_cast<std::int64_t>(layer) - count;
    const std::int64_t distance = twice < 0 ? -twice : twice;
    if (size > best_size || (size == best_size && distance < best_distance)) {
      best = layer;
      best_size = size;
      best_distance = distance;
    }
  }
  IMBREX_ASSERT(best != kNotALayer);
  return best;
}

}  // namespace imbrex
