#include "problems/networks.hpp"

#include "problems/random_graphs.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <utility>

namespace imbrex::problems {
namespace {

Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns,
            std::int64_t batch = 1) {
  return {4, {batch, channels, rows, columns, 1, 1}};
}

ConvolutionParams convolution(std::int64_t channels, std::int64_t kernel, std::int64_t groups = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.groups = groups;
  params.window.kernel = {kernel, kernel};
  params.window.pad_begin = params.window.pad_end = {kernel / 2, kernel / 2};
  return params;
}

template <class Build>
OddNetwork made(std::string name, const Build& build) {
  WorkloadBuilder builder(name);
  build(builder);
  return {std::move(name), std::make_shared<const Workload>(builder.finish())};
}

void two_nets(WorkloadBuilder& builder) {
  builder.convolution("left", builder.input("a", image(2, 4, 4)), convolution(3, 3));
  builder.convolution("right", builder.input("b", image(3, 5, 2)), convolution(2, 1));
}

void product_of_inputs(WorkloadBuilder& builder) {
  const TensorId left = builder.input("a", {2, {6, 4, 1, 1, 1, 1}});
  builder.matmul("product", left, builder.input("b", {2, {4, 5, 1, 1, 1, 1}}));
}

void grouped_and_transposed(WorkloadBuilder& builder) {
  const TensorId grouped =
      builder.convolution("grouped", builder.input("a", image(4, 5, 5)), convolution(4, 3, 4));
  ConvolutionParams up = convolution(3, 3);
  up.window.stride = {2, 2};
  up.window.pad_begin = up.window.pad_end = {1, 1};
  builder.activation("rectify", builder.transposed_convolution("up", grouped, up));
}

void recurrence(WorkloadBuilder& builder) {
  const TensorId cell = builder.dense("cell", builder.input("a", {2, {7, 5, 1, 1, 1, 1}}), 6);
  builder.chain(cell, Dim::P);
  builder.dense("head", cell, 3);
}

void shared_weights(WorkloadBuilder& builder) {
  const TensorId first = builder.dense("first", builder.input("a", {2, {4, 4, 1, 1, 1, 1}}), 4);
  const TensorId second = builder.dense("second", first, 4);
  builder.shared_weights(first, 0);
  builder.shared_weights(second, 0);
}

void batch(WorkloadBuilder& builder) {
  builder.samples(3);
  const TensorId data = builder.input("a", image(2, 6, 6, 3));
  const TensorId layer = builder.convolution("layer", data, convolution(4, 3));
  const TensorId both[] = {layer, builder.convolution("side", data, convolution(4, 1))};
  builder.elementwise("sum", both);
}

}  // namespace

Network random_network(std::uint64_t seed, std::uint64_t number) {
  Random random(seed, number);
  GraphSpec graph = random_graph(random);
  graph.batch = random.between(1, 2);
  graph.weight_bits = number % 4 >= 2 ? 4 : 8;
  return std::make_shared<const Workload>(build_workload(graph));
}

std::vector<OddNetwork> odd_networks() {
  std::vector<OddNetwork> odd;
  odd.push_back(made("one layer", [](WorkloadBuilder& builder) {
    builder.convolution("only", builder.input("a", image(3, 6, 7)), convolution(4, 3));
  }));
  odd.push_back(made("extents of 1", [](WorkloadBuilder& builder) {
    builder.convolution("point", builder.input("a", image(1, 1, 1)), convolution(1, 1));
  }));
  odd.push_back(made("two networks that share nothing", two_nets));
  odd.push_back(made("a product of two inputs", product_of_inputs));
  odd.push_back(made("grouped and transposed convolutions", grouped_and_transposed));
  odd.push_back(made("a recurrence", recurrence));
  odd.push_back(made("shared weights", shared_weights));
  odd.push_back(made("a batch of three", batch));
  return odd;
}

std::vector<OddNetwork> huge_networks() {
  std::vector<OddNetwork> huge;
  huge.push_back(made("a dense layer of 2^40 weights", [](WorkloadBuilder& builder) {
    constexpr std::int64_t kWide = std::int64_t{1} << 20;
    builder.dense("wide", builder.input("a", {2, {1, kWide, 1, 1, 1, 1}}), kWide);
  }));
  huge.push_back(made("a product of 2^55 multiply-accumulates", [](WorkloadBuilder& builder) {
    constexpr std::int64_t kRows = std::int64_t{1} << 30;
    builder.dense("tall", builder.input("a", {2, {kRows, 1 << 12, 1, 1, 1, 1}}), 1 << 13);
  }));
  return huge;
}

Network long_network(std::int64_t layers, std::int64_t extent) {
  WorkloadBuilder builder("long");
  TensorId data = builder.input("a", image(8, extent, extent));
  for (std::int64_t i = 0; i < layers; ++i) {
    std::string name = "c";
    name += std::to_string(i);
    data = builder.convolution(name, data, convolution(8, 3));
  }
  return std::make_shared<const Workload>(builder.finish());
}

}  // namespace imbrex::problems
