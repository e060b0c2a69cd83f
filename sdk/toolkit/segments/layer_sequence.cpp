#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>

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

LayerSequence layer_sequence(const Workload& workload, std::span<const OperatorId> operators) {
  LayerSequence sequence;
  sequence.operators.assign(operators.begin(), operators.end());
  sequence.layers.resize(operators.size());
  std::vector<std::int32_t> layer_of(workload.operators().size(), -1);
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const Operator& op = workload.at(operators[i]);
    LayerWords& layer = sequence.layers[i];
    layer_of[index(operators[i])] = static_cast<std::int32_t>(i);
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
        sequence.layers[i - 1].joins_next = true;
        sequence.layers[i - 1].handed_words = words;
      } else {
        sequence.skips.push_back({producer, static_cast<std::int32_t>(i), words});
      }
    }
  }
  // Outputs of the network, unless the last layer makes them: that one is written anyway.
  Tracer results(workload, layer_of);
  for (const TensorId output : workload.outputs()) {
    results.trace(output, workload.at(output).shape.elements());
  }
  for (const auto& [producer, words] : results.producers()) {
    if (static_cast<std::size_t>(producer) + 1 < operators.size()) {
      sequence.skips.push_back({producer, static_cast<std::int32_t>(operators.size()), words});
    }
  }
  return sequence;
}

LayerSequence layer_sequence(const Workload& workload, const CostModel& cost) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  return layer_sequence(workload, mapped);
}

}  // namespace imbrex::segments
