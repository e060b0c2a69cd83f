#include "segments/movement_trace.hpp"

#include <algorithm>

namespace imbrex::segments {

Origins::Origins(const Workload& workload, std::span<const OperatorId> layers)
    : workload_(workload),
      layers_(static_cast<std::int32_t>(layers.size())),
      only_(workload.tensors().size(), kNone),
      last_(workload.tensors().size(), kNone),
      starts_(workload.tensors().size(), false) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    start(workload.at(layers[i]).output, static_cast<std::int32_t>(i));
  }
  for (std::size_t i = 0; i < workload.inputs().size(); ++i) {
    start(workload.inputs()[i], layers_ + static_cast<std::int32_t>(i));
  }
  for (const Operator& op : workload.operators()) {
    if (!starts_at(op.output)) {
      only_[index(op.output)] = common(op);
      last_[index(op.output)] = last_of(op);
    }
  }
}

void Origins::start(TensorId tensor, std::int32_t origin) {
  only_[index(tensor)] = origin;
  last_[index(tensor)] = is_layer(origin) ? origin : kNone;
  starts_[index(tensor)] = true;
}

std::int32_t Origins::common(const Operator& op) const noexcept {
  std::int32_t found = kNone;
  for (const TensorId input : op.inputs) {
    const std::int32_t origin = only(input);
    if (origin != kNone && origin != found) {
      found = found == kNone ? origin : kMany;
    }
  }
  return found;
}

std::int32_t Origins::last_of(const Operator& op) const noexcept {
  std::int32_t last = kNone;
  for (const TensorId input : op.inputs) {
    last = std::max(last, last_layer(input));
  }
  return last;
}

}  // namespace imbrex::segments
