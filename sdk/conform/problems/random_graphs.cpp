#include "problems/random_graphs.hpp"

#include <algorithm>
#include <sstream>

namespace imbrex::problems {
namespace {

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  GraphSpec generate() {
    Node input;
    input.channels = random_.between(1, 4);
    input.rows = random_.between(3, 12);
    input.columns = random_.between(3, 12);
    spec_.nodes.push_back(input);
    const std::int64_t steps = random_.between(3, 10);
    for (std::int64_t i = 0; i < steps; ++i) {
      add_node();
    }
    if (std::none_of(spec_.nodes.begin(), spec_.nodes.end(),
                     [](const Node& node) { return node.is_base(); })) {
      push(convolution(last()));
    }
    return spec_;
  }

 private:
  std::size_t last() const { return spec_.nodes.size() - 1; }
  void push(const Node& node) { spec_.nodes.push_back(node); }

  // Mostly the newest tensor, so that chains are deep; sometimes an old one, so that they branch.
  std::size_t any_tensor() {
    return random_.below(3) == 0 ? random_.below(spec_.nodes.size()) : last();
  }

  void add_node() {
    const std::size_t operand = any_tensor();
    switch (random_.below(14)) {
      case 0:
        return push(pool(operand));
      case 1:
        return push(upsample(operand));
      case 2:
        return push(combine(operand, NodeType::channel_concat));
      case 3:
        return push(combine(operand, NodeType::add));
      case 4:
        return push(channel_slice(operand));
      case 5:
        return push(pad(operand));
      case 6:
        return push(row_slice(operand));
      case 7:
        return push(combine(operand, NodeType::row_concat));
      case 8:
        return push(unary(operand, NodeType::activation));
      case 9:
        return push(transposed_convolution(operand));
      case 10:
        return push(random_.below(4) == 0 ? global_pool(operand) : convolution(operand));
      default:
        return push(convolution(operand));
    }
  }

  Node unary(std::size_t operand, NodeType type) {
    Node node = spec_.nodes[operand];
    node = Node{type, {operand}, node.channels, node.rows, node.columns};
    return node;
  }

  // Window over rows and columns; the pads are random but never make a window see padding only.
  bool fit_window(Node& node, std::int64_t kernel, std::int64_t stride) {
    const std::array<std::int64_t, 2> input{node.rows, node.columns};
    std::array<std::int64_t, 2> output{};
    const bool same = random_.below(2) == 0;
    for (std::size_t s = 0; s < 2; ++s) {
      node.kernel[s] = kernel;
      node.stride[s] = stride;
      if (same) {  // TensorFlow: surplus at the end
        const std::int64_t wanted = (input[s] + stride - 1) / stride;
        const std::int64_t total =
            std::max<std::int64_t>((wanted - 1) * stride + kernel - input[s], 0);
        node.pad_begin[s] = total / 2;
        node.pad_end[s] = total - total / 2;
      } else {
        node.pad_begin[s] = kernel > 1 ? random_.between(0, kernel - 1) : 0;
        node.pad_end[s] = kernel > 1 ? random_.between(0, kernel - 1) : 0;
      }
      const std::int64_t padded = input[s] + node.pad_begin[s] + node.pad_end[s];
      if (padded < kernel) {
        return false;
      }
      output[s] = (padded - kernel) / stride + 1;
    }
    node.rows = output[0];
    node.columns = output[1];
    return true;
  }

  Node convolution(std::size_t operand) {
    Node node = unary(operand, NodeType::convolution);
    if (node.channels % 2 == 0 && random_.below(3) == 0) {
      node.groups = 2;
    }
    node.channels = node.groups * random_.between(1, 2);
    const std::int64_t kernel = random_.below(2) == 0 ? 1 : 3;
    if (!fit_window(node, kernel, random_.between(1, 2))) {
      fit_window(node, 1, 1);
    }
    return node;
  }

  Node transposed_convolution(std::size_t operand) {
    Node node = unary(operand, NodeType::transposed_convolution);
    if (node.rows > 6 || node.columns > 6) {
      return convolution(operand);
    }
    node.channels = random_.between(1, 3);
    for (std::size_t s = 0; s < 2; ++s) {
      node.stride[s] = 2;
      node.kernel[s] = random_.between(1, 4);
      node.pad_begin[s] = random_.between(0, std::max<std::int64_t>(0, node.kernel[s] - 2));
      node.pad_end[s] = random_.between(0, std::max<std::int64_t>(0, node.kernel[s] - 2));
    }
    const auto extent = [&node](std::size_t s, std::int64_t input) {
      return (input - 1) * node.stride[s] + node.kernel[s] - node.pad_begin[s] - node.pad_end[s];
    };
    if (extent(0, node.rows) < 1 || extent(1, node.columns) < 1) {
      return convolution(operand);
    }
    node.rows = extent(0, node.rows);
    node.columns = extent(1, node.columns);
    return node;
  }

  Node pool(std::size_t operand) {
    Node node = unary(operand, NodeType::pool);
    const bool halving = random_.below(2) == 0;
    if (!fit_window(node, halving ? 2 : 3, halving ? 2 : 1)) {
      return convolution(operand);
    }
    return node;
  }

  Node global_pool(std::size_t operand) {
    Node node = unary(operand, NodeType::global_pool);
    node.rows = 1;
    node.columns = 1;
    return node;
  }

  Node upsample(std::size_t operand) {
    Node node = unary(operand, NodeType::upsample);
    node.offset = random_.between(2, 3);
    if (node.rows * node.offset > 14 || node.columns * node.offset > 14) {
      return convolution(operand);
    }
    node.rows *= node.offset;
    node.columns *= node.offset;
    return node;
  }

  // A second operand that fits, the operand itself if need be.
  Node combine(std::size_t operand, NodeType type) {
    const Node& first = spec_.nodes[operand];
    std::vector<std::size_t> partners;
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
      const Node& other = spec_.nodes[i];
      const bool rows_fit = type == NodeType::row_concat || other.rows == first.rows;
      const bool channels_fit =
          type == NodeType::channel_concat || other.channels == first.channels;
      if (i != operand && rows_fit && channels_fit && other.columns == first.columns) {
        partners.push_back(i);
      }
    }
    const std::size_t partner =
        partners.empty() ? operand : partners[random_.below(partners.size())];
    Node node = unary(operand, type);
    node.operands.push_back(partner);
    if (type == NodeType::channel_concat) {
      node.channels += spec_.nodes[partner].channels;
    }
    if (type == NodeType::row_concat) {
      node.rows += spec_.nodes[partner].rows;
    }
    return node.channels > 8 || node.rows > 14 ? convolution(operand) : node;
  }

  Node channel_slice(std::size_t operand) {
    Node node = unary(operand, NodeType::channel_slice);
    if (node.channels == 1) {
      return convolution(operand);
    }
    node.offset = random_.between(0, node.channels - 1);
    node.channels = random_.between(1, node.channels - node.offset);
    return node;
  }

  Node row_slice(std::size_t operand) {
    Node node = unary(operand, NodeType::row_slice);
    if (node.rows < 4) {
      return convolution(operand);
    }
    node.offset = random_.between(0, 2);
    node.rows = random_.between(2, node.rows - node.offset);
    return node;
  }

  Node pad(std::size_t operand) {
    Node node = unary(operand, NodeType::pad);
    for (std::size_t s = 0; s < 2; ++s) {
      node.pad_begin[s] = random_.between(0, 2);
      node.pad_end[s] = random_.between(0, 2);
    }
    node.rows += node.pad_begin[0] + node.pad_end[0];
    node.columns += node.pad_begin[1] + node.pad_end[1];
    return node.rows > 14 || node.columns > 14 ? convolution(operand) : node;
  }

  Random& random_;
  GraphSpec spec_;
};

}  // namespace

bool GraphSpec::strides_within_kernels() const noexcept {
  return std::none_of(nodes.begin(), nodes.end(), [](const Node& node) {
    return node.stride[0] > node.kernel[0] || node.stride[1] > node.kernel[1];
  });
}

std::string GraphSpec::to_string() const {
  constexpr const char* kNames[] = {"input",       "convolution",   "transposed", "pool",
                                    "global_pool", "upsample",      "concat",     "row_concat",
                                    "add",         "channel_slice", "row_slice",  "pad",
                                    "activation"};
  std::ostringstream text;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    text << i << ": " << kNames[static_cast<std::size_t>(node.type)] << " of";
    for (const std::size_t operand : node.operands) {
      text << ' ' << operand;
    }
    text << " -> " << node.channels << 'x' << node.rows << 'x' << node.columns;
    for (std::size_t s = 0; s < 2; ++s) {
      text << " [k" << node.kernel[s] << " s" << node.stride[s] << " p" << node.pad_begin[s] << ','
           << node.pad_end[s] << ']';
    }
    text << " groups " << node.groups << " offset " << node.offset << '\n';
  }
  return text.str();
}

GraphSpec random_graph(Random& random) {
  return Generator(random).generate();
}

}  // namespace imbrex::problems
