#include "batch_norm.hpp"

#include "node_view.hpp"
#include "old_broadcast.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace imbrex::onnx_reader {
namespace {

constexpr std::array<std::string_view, 4> kProducts = {"Conv", "ConvTranspose", "Gemm", "MatMul"};

class Folder {
 public:
  explicit Folder(Network& network)
      : network_(network), uses_(network.values.size(), 0), affine_(network.nodes.size(), false) {
    const auto count = [&](const std::vector<ValueId>& ids) {
      for (const ValueId id : ids) {
        if (id != kNoValue) {
          ++uses_[id];
        }
      }
    };
    for (const Node& node : network.nodes) {
      count(node.inputs);
    }
    count(network.outputs);
  }

  BatchNormFolding run() {
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      Node& node = network_.nodes[i];
      if (is_batch_norm(node)) {
        visit_batch_norm(i);
      } else if (node.domain.empty() && (node.type == "Mul" || node.type == "Add")) {
        visit_scale(i);
      }
    }
    return counts_;
  }

 private:
  bool is_batch_norm(const Node& node) const {
    const NodeView view(network_, node);
    if (node.type != "BatchNormalization" || !node.domain.empty() ||
        view.integer("training_mode", 0) != 0) {
      return false;
    }
    for (std::size_t i = 1; i < view.input_count(); ++i) {
      if (view.is_dynamic(i)) {
        return false;
      }
    }
    return true;
  }

  // The node that makes the only run-time operand, when nobody else reads what it makes.
  std::optional<std::size_t> only_producer(ValueId operand) const {
    const Value& value = network_.at(operand);
    if (value.producer < 0 || uses_[operand] != 1) {
      return std::nullopt;
    }
    return static_cast<std::size_t>(value.producer);
  }

  // A factor per channel is one per column of the weights: of a product, where its last axis is
  // the channel axis; never one per element (`spatial` = 0 of old opsets).
  bool scales_columns(const NodeView& norm, const Node& product) const {
    const Dims& data = norm.dims(0);
    const bool matrix = product.type != "MatMul" || data.size() == 2;
    return matrix && is_stationary_product(product) &&
           (norm.integer("spatial", 1) != 0 || norm.dims(1).size() == 1);
  }

  bool is_stationary_product(const Node& node) const {
    if (!node.domain.empty() ||
        std::find(kProducts.begin(), kProducts.end(), node.type) == kProducts.end()) {
      return false;
    }
    const NodeView view(network_, node);
    return view.is_dynamic(0) && !view.is_dynamic(1) && !view.is_dynamic(2);
  }

  void visit_batch_norm(std::size_t i) {
    Node& node = network_.nodes[i];
    const auto producer = only_producer(node.inputs[0]);
    affine_[i] = true;
    if (producer && scales_columns(NodeView(network_, node), network_.nodes[*producer])) {
      node.absorbed = true;
      ++counts_.folded;
    } else {
      ++counts_.kept;
    }
  }

  // Caffe's Scale layer: x * constant, x + constant, behind a normalisation.
  void visit_scale(std::size_t i) {
    Node& node = network_.nodes[i];
    const NodeView view(network_, node);
    if (view.input_count() != 2 || view.is_dynamic(0) == view.is_dynamic(1)) {
      return;
    }
    const std::size_t data = view.is_dynamic(0) ? 0 : 1;
    const auto producer = only_producer(node.inputs[data]);
    if (!producer || !affine_[*producer] ||
        !is_per_channel(aligned_dims(view, 1 - data), view.dims(data))) {
      return;
    }
    std::swap(node.inputs[0], node.inputs[data]);  // an absorbed node passes on operand 0
    node.absorbed = true;
    affine_[i] = true;
    ++counts_.scales;
  }

  // A scalar, or [C, 1, 1] with any number of leading ones.
  static bool is_per_channel(const Dims& constant, const Dims& data) {
    if (constant.size() > data.size()) {
      return false;
    }
    const std::size_t missing = data.size() - constant.size();
    for (std::size_t axis = 0; axis < constant.size(); ++axis) {
      if (constant[axis] != 1 && (axis + missing != 1 || constant[axis] != data[1])) {
        return false;
      }
    }
    return true;
  }

  Network& network_;
  IndexVector<ValueId, std::int32_t> uses_;
  std::vector<bool> affine_;  // normalisations and scales behind them
  BatchNormFolding counts_;
};

}  // namespace

BatchNormFolding fold_batch_norms(Network& network) {
  return Folder(network).run();
}

}  // namespace imbrex::onnx_reader
