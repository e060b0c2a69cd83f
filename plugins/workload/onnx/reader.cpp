#include "reader.hpp"

#include "lowering.hpp"
#include "model_file.hpp"

#include <imbrex/error.hpp>

#include <fmt/core.h>

namespace imbrex::onnx_reader {

BatchNormFolding read_onnx(const Config& config, WorkloadBuilder& builder) try {
  const Model model = load_model(config.file.value);
  Network network = flatten(*model, {config.bind, config.on_unknown, config.batch});
  const BatchNormFolding folding =
      config.fold_batch_norm ? fold_batch_norms(network) : BatchNormFolding();
  Lowering(network, builder,
           {static_cast<std::int32_t>(config.weight_bits),
            static_cast<std::int32_t>(config.activation_bits)})
      .run();
  return folding;
} catch (const InputError& error) {
  throw InputError(fmt::format("{}: {}", config.file.value, error.what()));
}

}  // namespace imbrex::onnx_reader
