// imbrex.workload.onnx: reads ONNX networks, any opset, weights present or absent.
#include "batch_norm.hpp"
#include "flatten.hpp"
#include "lowering.hpp"
#include "model_file.hpp"
#include "reader.hpp"

#include <imbrex/batch.hpp>
#include <imbrex/plugin.hpp>

#include <filesystem>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::string_view kOnUnknown[] = {"error", "barrier"};  // in the order of OnUnknown

constexpr ParamSpec kParams[] = {
    param<&Config::file>("file", "ONNX file; weights may be external and absent").mandatory(),
    param<&Config::bind>(
        "bind",
        "Extents of symbolic dimensions by name (unnamed ones: \"INPUT.AXIS\"), and "
        "values of scalar inputs that steer the network"),
    choice<&Config::on_unknown>(
        "on_unknown",
        "Operators nobody knows: refuse the file, or keep them as barriers that "
        "wait for all of their inputs",
        kOnUnknown),
    param<&Config::fold_batch_norm>(
        "fold_batch_norm", "Fold batch normalisation into the convolution or product before it"),
    param<&Config::weight_bits>("weight_bits", "Precision of weights").unit("bit").range(1, 64),
    param<&Config::activation_bits>("activation_bits", "Precision of inputs and results")
        .unit("bit")
        .range(1, 64),
    param<&Config::batch>("batch",
                          "Samples that run together: multiplies the leading axis of every input, "
                          "which must be the batch. Default 1: as the file says")
        .unit("sample")
        .range(1, 1 << 20),
};

class OnnxReader final : public WorkloadReader {
 public:
  OnnxReader(const Config& config, const Context& context) : config_(config), host_(context.host) {}

  void read(WorkloadBuilder& builder) override {
    const auto build = [&](WorkloadBuilder& target, std::int64_t batch) {
      Config config = config_;
      config.batch = batch;
      read_onnx(config, target);
    };
    require_batch(config_.batch, build);
    const BatchNormFolding folding = read_onnx(config_, builder);
    if (host_ != nullptr && config_.fold_batch_norm) {
      host_->log(
          LogLevel::info,
          fmt::format("batch normalisations: {} folded, {} kept at run time; {} scales merged",
                      folding.folded, folding.kept, folding.scales));
    }
  }

 private:
  Config config_;
  Host* host_;
};

constexpr Component kComponents[] = {
    component<OnnxReader, Config>("imbrex.workload.onnx", "Reads an ONNX network", kParams)
        .cites("onnx.ai, opset 1 to 17 and what newer ones share with them"),
};

}  // namespace
}  // namespace imbrex::onnx_reader

IMBREX_PLUGIN("imbrex.workload-onnx", "0.1.0", "ONNX networks", "Apache-2.0",
              imbrex::onnx_reader::kComponents)
