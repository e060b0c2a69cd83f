#include <imbrex/toolkit/segments/pipeline_depth.hpp>

#include <algorithm>
#include <map>

namespace imbrex::segments {
namespace {

// Mapped operators behind a tensor, through movement operators, with the fewest elements that any
// tensor on the way holds; of several ways the widest.
class Tracer {
 public:
  Tracer(const Workload& workload, const std::vector<std::int32_t>& layer_of)
      : workload_(workload), layer_of_(layer_of) {}

  void trace(TensorId tensor, std::int64_t words) {
    const Tensor& here = workload_.at(tensor);
    words = std::min(words, here.shape.elements());
    std::int64_t& seen = seen_[tensor];
    if (here.producer == OperatorId::none || seen >= words) {
      return;
    }
    seen = words;
    const std::int32_t layer = layer_of_[index(here.producer)];
    if (layer >= 0) {
      producers_[layer] = words;
      return;
    }
    for (const TensorId input : workload_.at(here.producer).inputs) {
      trace(input, words);
    }
  }
  const std::map<std::int32_t, std::int64_t>& producers() const noexcept { return producers_; }

 private:
  const Workload& workload_;
  const std::vector<std::int32_t>& layer_of_;
  std::map<TensorId, std::int64_t> seen_;
  std::map<std::int32_t, std::int64_t> producers_;
};

}  // namespace

PipelineProblem pipeline_problem(const Workload& workload, std::span<const OperatorId> mapped) {
  PipelineProblem problem;
  problem.operators.assign(mapped.begin(), mapped.end());
  problem.layers.resize(mapped.size());
  std::vector<std::int32_t> layer_of(workload.operators().size(), -1);
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const Operator& op = workload.at(mapped[i]);
    PipelineLayer& layer = problem.layers[i];
    layer_of[index(mapped[i])] = static_cast<std::int32_t>(i);
    layer.weight_words = op.weight_elements();
    layer.output_words = workload.at(op.output).shape.elements();
    layer.macs = op.macs();
    Tracer producers(workload, layer_of);
    for (const TensorId input : op.inputs) {
      layer.input_words += workload.at(input).shape.elements();
      producers.trace(input, workload.at(input).shape.elements());
    }
    for (const auto& [producer, words] : producers.producers()) {
      if (static_cast<std::size_t>(producer) + 1 == i) {
        problem.layers[i - 1].joins_next = true;
        problem.layers[i - 1].handed_words = words;
      } else {
        problem.skips.push_back({producer, static_cast<std::int32_t>(i), words});
      }
    }
  }
  // Outputs of the network, unless the last layer makes them: that one is written anyway.
  Tracer results(workload, layer_of);
  for (const TensorId output : workload.outputs()) {
    results.trace(output, workload.at(output).shape.elements());
  }
  for (const auto& [producer, words] : results.producers()) {
    if (static_cast<std::size_t>(producer) + 1 < mapped.size()) {
      problem.skips.push_back({producer, static_cast<std::int32_t>(mapped.size()), words});
    }
  }
  return problem;
}

}  // namespace imbrex::segments
