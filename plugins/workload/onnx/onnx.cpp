// imbrex.workload.onnx: reads ONNX networks, any opset, weights present or absent.
#include "batch_norm.hpp"
#include "flatten.hpp"
#include "lowering.hpp"
#include "model_file.hpp"
#include "reader.hpp"
#include "text.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
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
    param<&Config::shape>(
        "shape",
        "Shapes that the file leaves open, as lists of extents by the name of the tensor: results "
        "of operators nobody knows, and inputs"),
    choice<&Config::on_unknown>(
        "on_unknown",
        "Operators nobody knows: refuse the file, or keep them as barriers that "
        "wait for all of their inputs",
        kOnUnknown),
    param<&Config::fold_batch_norm>(
        "fold_batch_norm", "Fold batch normalisation into the convolution or product before it"),
    param<&Config::weight_bits>(
        "weight_bits",
        "Precision of weights; 0: as the file stores each tensor (packed and quantised ones as "
        "stored, float32 as 32). Default -1: likewise, but types above 16 bits count as 8, since "
        "they are trained with, not mapped")
        .unit("bit")
        .range(-1, 64),
    param<&Config::activation_bits>(
        "activation_bits", "Precision of inputs and results, tensor by tensor; 0 and -1 as above")
        .unit("bit")
        .range(-1, 64),
    param<&Config::batch>("batch",
                          "Samples that run together: multiplies the axis of every input that "
                          "counts samples, the first one unless `batch_axis` says otherwise. "
                          "Default 1: as the file says")
        .unit("sample")
        .range(1, 1 << 20),
    param<&Config::batch_axis>(
        "batch_axis",
        "Axis of the inputs that counts samples, so that the file holds as many as it is long; 1 "
        "where time comes first. Default -1, nobody says: the first axis of images (inputs of at "
        "least four axes), and one sample in any other file, whose axes may count steps or tokens")
        .range(kNoBatchAxis, kMaxRank - 1),
    param<&Config::batch_axes>(
        "batch_axes", "That axis for single inputs by name; -1 for an input that holds no samples"),
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
    const ReadReport report = read_onnx(config_, builder);
    if (host_ != nullptr) {
      log(report);
    }
  }

 private:
  void log(const ReadReport& report) const {
    if (config_.fold_batch_norm) {
      host_->log(LogLevel::info,
                 fmt::format("batch normalisations: {} folded, {} kept at run time; {} scales "
                             "merged",
                             report.folding.folded, report.folding.kept, report.folding.scales));
    }
    for (const std::string& warning : report.warnings) {
      host_->log(LogLevel::warning, warning);
    }
    if (!report.unmapped.empty()) {
      constexpr std::size_t kShown = 8;
      const std::size_t shown = std::min(report.unmapped.size(), kShown);
      host_->log(LogLevel::warning,
                 fmt::format("the work of {} operators is unmapped and in no figure: {}{}",
                             report.unmapped.size(), listed({report.unmapped.data(), shown}),
                             report.unmapped.size() > shown ? ", ..." : ""));
    }
  }

  Config config_;
  Host* host_;
};

constexpr Component kComponents[] = {
    component<OnnxReader, Config>("imbrex.workload.onnx", "Reads an ONNX network", kParams)
        .cites("onnx.ai, opset 1 to 24"),
};

}  // namespace
IMBREX_PLUGIN("imbrex.workload.onnx", "0.1.0", "ONNX networks", "Apache-2.0", kComponents)

}  // namespace imbrex::onnx_reader
