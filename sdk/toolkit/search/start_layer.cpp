#include <imbrex/toolkit/search/search_run.hpp>

namespace imbrex::search {
namespace {

constexpr std::size_t kNotALayer = static_cast<std::size_t>(-1);

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

}  // namespace imbrex::search
