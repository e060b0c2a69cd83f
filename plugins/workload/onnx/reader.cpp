#include "reader.hpp"

#include "lowering.hpp"
#include "model_file.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/core.h>

namespace imbrex::onnx_reader {

ReadReport read_onnx(const Config& config, WorkloadBuilder& builder) try {
  const Model model = load_model(config.file.value);
  Network network = flatten(*model, {config.bind,
                                     config.shape,
                                     config.on_unknown,
                                     {config.batch, config.batch_axis, config.batch_axes}});
  ReadReport report;
  if (config.fold_batch_norm) {
    report.folding = fold_batch_norms(network);
  }
  Lowering lowering(network, builder, {config.weight_bits, config.activation_bits});
  lowering.run();
  report.unmapped = lowering.unmapped();
  report.warnings = lowering.warnings();
  return report;
} catch (const InputError& error) {
  throw InputError(fmt::format("{}: {}", config.file.value, error.what()));
}

}  // namespace imbrex::onnx_reader
