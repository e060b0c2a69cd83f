#include "segments/movement_trace.hpp"

#include <imbrex/toolkit/segments/layer_sequence.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace imbrex::segments {
namespace {

// Layers behind tensors, with the fewest elements that any tensor on the way holds; of several ways
// the widest. Layers before `earliest` are left out, with all ways that lead to no others.
class NarrowestWords {
 public:
  NarrowestWords(const Origins& origins, std::int32_t earliest)
      : origins_(origins), earliest_(earliest) {}

  void trace(TensorId tensor) {
    trace_back(origins_, tensor, std::numeric_limits<std::int64_t>::max(), *this);
  }
  const std::map<std::int32_t, std::int64_t>& by_layer() const noexcept { return by_layer_; }

  // For `trace_back`.
  bool enter(TensorId here, std::int64_t& words) {
    if (origins_.last_layer(here) < earliest_) {
      return false;
    }
    words = std::min(words, origins_.workload().at(here).shape.elements());
    std::int64_t& seen = seen_[here];
    if (seen >= words) {
      return false;
    }
    seen = words;
    return true;
  }
  void arrive(std::int32_t origin, std::int64_t words) {
    if (origins_.is_layer(origin)) {
      by_layer_[origin] = words;
    }
  }
  static bool ends_at(TensorId, const Operator&, std::int64_t) noexcept { return false; }
  static std::int64_t before(const Operator&, TensorId, std::int64_t words) noexcept {
    return words;
  }

 private:
  const Origins& origins_;
  std::int32_t earliest_;
  std::map<TensorId, std::int64_t> seen_;
  std::map<std::int32_t, std::int64_t> by_layer_;
};

}  // namespace

LayerSequence layer_sequence(const Workload& workload, std::span<const OperatorId> operators,
                             std::int64_t reach) {
  LayerSequence sequence;
  sequence.operators.assign(operators.begin(), operators.end());
  sequence.layers.resize(operators.size());
  const Origins origins(workload, operators);
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const Operator& op = workload.at(operators[i]);
    LayerWords& layer = sequence.layers[i];
    layer.weight_words = op.weight_elements();
    layer.output_words = workload.at(op.output).shape.elements();
    layer.macs = op.macs();
    const auto here = static_cast<std::int64_t>(i);
    NarrowestWords read(origins, static_cast<std::int32_t>(here - std::min(here, reach)));
    for (const TensorId input : op.inputs) {
      layer.input_words += workload.at(input).shape.elements();
      read.trace(input);
    }
    for (const auto& [producer, words] : read.by_layer()) {
      if (static_cast<std::size_t>(producer) + 1 == i) {
        sequence.layers[i - 1].joins_next = true;
        sequence.layers[i - 1].handed_words = words;
      } else {
        sequence.skips.push_back({producer, static_cast<std::int32_t>(i), words});
      }
    }
  }
  // Outputs of the network, unless the last layer makes them: that one is written anyway.
  NarrowestWords results(origins, 0);
  for (const TensorId output : workload.outputs()) {
    results.trace(output);
  }
  for (const auto& [producer, words] : results.by_layer()) {
    if (static_cast<std::size_t>(producer) + 1 < operators.size()) {
      sequence.skips.push_back({producer, static_cast<std::int32_t>(operators.size()), words});
    }
  }
  return sequence;
}

LayerSequence layer_sequence(const Workload& workload, const CostModel& cost, std::int64_t reach) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  return layer_sequence(workload, mapped, reach);
}

}  // namespace imbrex::segments
