// What tests ask of a workload that was read: operators by name, shapes, regions.
#pragma once

#include "network.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload.hpp>

#include <string>
#include <string_view>

namespace imbrex::onnx_reader {

inline Dims dims_of(const Shape& shape) {
  return {shape.extent.begin(), shape.extent.begin() + shape.rank};
}

// The operator of this name. Errors: InputError when there is none.
inline const Operator& operator_named(const Workload& workload, std::string_view name) {
  for (const Operator& op : workload.operators()) {
    if (op.name == name) {
      return op;
    }
  }
  throw InputError("no operator " + std::string(name));
}

inline Dims output_dims(const Workload& workload, std::string_view name) {
  return dims_of(workload.at(operator_named(workload, name).output).shape);
}

// What rows [lo, hi) of axis `axis` of the operator's output need of input `i`, along the same
// axis.
inline Interval needs(const Workload& workload, std::string_view name, std::size_t axis,
                      Interval rows, std::size_t i = 0, std::size_t input_axis = kMaxRank) {
  const Operator& op = operator_named(workload, name);
  Region region = Region::whole(workload.at(op.output).shape);
  region.axis[axis] = rows;
  return op.maps[i].apply(region).axis[input_axis == kMaxRank ? axis : input_axis];
}

}  // namespace imbrex::onnx_reader
