#include "inspect_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

Json shape_json(const Shape& shape) {
  Json out = Json::array();
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    out.push_back(shape[axis]);
  }
  return out;
}

Json tensor_json(const Tensor& tensor) {
  return {{"name", tensor.name},
          {"shape", shape_json(tensor.shape)},
          {"bits_per_element", tensor.bits_per_element}};
}

Json layer_json(const Workload& workload, const Operator& op) {
  Json out;
  out["name"] = op.name;
  out["kind"] = to_string(op.kind);
  out["source"] = op.source_type;
  out["inputs"] = Json::array();
  for (const TensorId input : op.inputs) {
    out["inputs"].push_back(shape_json(workload.at(input).shape));
  }
  out["output"] = shape_json(workload.at(op.output).shape);
  out["output_bits_per_element"] = workload.at(op.output).bits_per_element;
  out["macs"] = op.macs();
  if (op.weight_elements() > 0) {
    out["weight_elements"] = op.weight_elements();
    out["weight_bits_per_element"] = op.weight_bits_per_element;
  }
  if (op.shared_weights != kOwnWeights) {
    out["shared_weights"] = op.shared_weights;
  }
  if (op.unmapped) {
    out["unmapped"] = true;
  }
  return out;
}

}  // namespace

std::string inspect_json(const Workload& workload) {
  Json out;
  out["name"] = workload.name();
  out["operators"] = workload.operators().size();
  out["samples"] = workload.samples();
  out["macs"] = workload.macs();
  out["weight_bits"] = workload.weight_bits();
  out["mapped_weight_bits"] = workload.mapped_weight_bits();
  out["unmapped"] = workload.unmapped();
  out["inputs"] = Json::array();
  for (const TensorId input : workload.inputs()) {
    out["inputs"].push_back(tensor_json(workload.at(input)));
  }
  out["layers"] = Json::array();
  for (const Operator& op : workload.operators()) {
    out["layers"].push_back(layer_json(workload, op));
  }
  return out.dump(2) + "\n";
}

}  // namespace imbrex::app
