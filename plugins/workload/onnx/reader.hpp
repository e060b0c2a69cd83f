// The passes in order: parse, flatten and fold, fold batch normalisations, lower.
#pragma once

#include "batch_norm.hpp"
#include "flatten.hpp"
#include "widths.hpp"

#include <imbrex/plugin/params.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <vector>

namespace imbrex::onnx_reader {

struct Config {
  Path file;
  std::vector<NamedInteger> bind;
  std::vector<NamedInteger> shape;  // as given_shapes.hpp reads it
  OnUnknown on_unknown = OnUnknown::error;
  bool fold_batch_norm = true;
  std::int64_t weight_bits = kUnlessWide;
  std::int64_t activation_bits = kUnlessWide;
  std::int64_t batch = 1;
  std::int64_t batch_axis = kNoBatchAxis;
  std::vector<NamedInteger> batch_axes;
};

// What happened to the network on the way in.
struct ReadReport {
  BatchNormFolding folding;
  std::vector<std::string> unmapped;  // nodes kept as barriers whose work nobody knows
  std::vector<std::string> warnings;  // sentences about figures that come out too low
};

// Errors: InputError whose message starts with the path of the file.
ReadReport read_onnx(const Config& config, WorkloadBuilder& builder);

}  // namespace imbrex::onnx_reader
