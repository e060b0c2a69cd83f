// The description of a random network, turned into the workload under test.
#include "problems/random_graphs.hpp"

#include <imbrex/values/workload_builder.hpp>

namespace imbrex::problems {
namespace {

Shape shape_of(const Node& node, std::int64_t batch) {
  return {4, {batch, node.channels, node.rows, node.columns, 1, 1}};
}

Window window_of(const Node& node) {
  Window window;
  window.kernel = node.kernel;
  window.stride = node.stride;
  window.pad_begin = node.pad_begin;
  window.pad_end = node.pad_end;
  return window;
}

ConvolutionParams convolution_of(const Node& node, std::int32_t weight_bits) {
  ConvolutionParams params;
  params.weight_bits = weight_bits;
  params.output_channels = node.channels;
  params.groups = node.groups;
  params.window = window_of(node);
  return params;
}

TensorId add_node(WorkloadBuilder& builder, const std::string& name, const Node& node,
                  const GraphSpec& spec, const std::vector<TensorId>& in) {
  const std::int64_t batch = spec.batch;
  switch (node.type) {
    case NodeType::input:
      return builder.input(name, shape_of(node, batch));
    case NodeType::convolution:
      return builder.convolution(name, in[0], convolution_of(node, spec.weight_bits));
    case NodeType::transposed_convolution:
      return builder.transposed_convolution(name, in[0], convolution_of(node, spec.weight_bits));
    case NodeType::pool:
      return builder.pool(name, in[0], window_of(node));
    case NodeType::global_pool:
      return builder.global_pool(name, in[0]);
    case NodeType::upsample:
      return builder.resize(name, in[0], shape_of(node, batch),
                            WorkloadBuilder::ResizeMode::nearest);
    case NodeType::channel_concat:
      return builder.concat(name, in, 1);
    case NodeType::row_concat:
      return builder.concat(name, in, 2);
    case NodeType::add:
      return builder.elementwise(name, in);
    case NodeType::channel_slice:
      return builder.slice(name, in[0], 1, node.offset, node.offset + node.channels);
    case NodeType::row_slice:
      return builder.slice(name, in[0], 2, node.offset, node.offset + node.rows);
    case NodeType::pad: {
      const std::int64_t begin[] = {0, 0, node.pad_begin[0], node.pad_begin[1]};
      const std::int64_t end[] = {0, 0, node.pad_end[0], node.pad_end[1]};
      return builder.pad(name, in[0], begin, end);
    }
    case NodeType::activation:
      break;
  }
  return builder.activation(name, in[0]);
}

std::string node_name(std::size_t i) {
  std::string name = "n";
  name += std::to_string(i);
  return name;
}

}  // namespace

Workload build_workload(const GraphSpec& spec) {
  WorkloadBuilder builder("random");
  builder.samples(spec.batch);
  std::vector<TensorId> tensors;
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    std::vector<TensorId> operands;
    for (const std::size_t operand : spec.nodes[i].operands) {
      operands.push_back(tensors[operand]);
    }
    tensors.push_back(add_node(builder, node_name(i), spec.nodes[i], spec, operands));
    if (spec.nodes[i].row_chain) {
      builder.chain(tensors.back(), Dim::P);
    }
  }
  return builder.finish();
}

}  // namespace imbrex::problems
