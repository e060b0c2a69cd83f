// Which axis of each input counts samples, and inputs enlarged to a batch.
#pragma once

#include "network.hpp"

#include <imbrex/plugin/params.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <span>
#include <vector>

namespace imbrex::onnx_reader {

// What the recipe says about samples.
struct BatchOptions {
  std::int64_t batch = 1;              // samples per sample of the file
  std::int64_t axis = kNoBatchAxis;    // of every input
  std::span<const NamedInteger> axes;  // of single inputs, by name; kNoBatchAxis: holds no samples
};

// Multiplies the axis of every input that counts samples, the first one where nothing is said, and
// returns the axes that are said, one per input. Constants are left alone.
// Errors: InputError for a name that is no input, an axis that an input does not have.
std::vector<std::int64_t> enlarge(std::span<Value> inputs, const BatchOptions& options);

}  // namespace imbrex::onnx_reader
