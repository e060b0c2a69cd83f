// File: reader.hpp
//
// The passes in order: parse, flatten and fold, fold batch normalisations, lower.
#pragma once

#include "batch_norm.hpp"
#include "flatten.hpp"

#include <imbrex/params.hpp>
#include <imbrex/workload_builder.hpp>

#include <vector>

namespace imbrex::onnx_reader {

struct Config {
  Path file;
  std::vector<NamedInteger> bind;
  OnUnknown on_unknown = OnUnknown::error;
  bool fold_batch_norm = true;
  std::int64_t weight_bits = 8;
  std::int64_t activation_bits = 8;
  std::int64_t batch = 1;
};

// Errors: InputError whose message starts with the path of the file.
BatchNormFolding read_onnx(const Config& config, WorkloadBuilder& builder);

}  // namespace imbrex::onnx_reader
