// Networks, and the crossbar architecture and cost model around them, as the kernel would make
// them.
#pragma once

#include "component_kit.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <string>

namespace imbrex::testing {

inline const ComponentKit& crossbar_components() {
  static const ComponentKit kit{"architecture_tiled_cim", "cost_crossbar", "overlap_layer_by_layer",
                                "partition_weight_duplication"};
  return kit;
}

inline Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return {4, {1, channels, rows, columns, 1, 1}};
}

inline ConvolutionParams convolution(std::int64_t channels, std::int64_t kernel,
                                     std::int64_t groups = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.groups = groups;
  params.window.kernel = {kernel, kernel};
  params.window.pad_begin = params.window.pad_end = {kernel / 2, kernel / 2};
  return params;
}

// Specification clsa-cim section 11.2: A has c = 1, B has c = 6, both t = 16.
inline std::shared_ptr<const Workload> example_chain() {
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(16, 4, 4)), convolution(64, 3));
  builder.convolution("B", builder.activation("relu", a), convolution(300, 3));
  return std::make_shared<const Workload>(builder.finish());
}

// A chip, its cost model and a design of one workload.
struct Chip {
  explicit Chip(std::shared_ptr<const Workload> network, const Settings& settings = {})
      : workload(std::move(network)),
        model(crossbar_components().make<ArchitectureModel>("imbrex.architecture.tiled-cim",
                                                            settings, {workload.get()})),
        cost(crossbar_components().make<CostModel>("imbrex.cost.crossbar", {},
                                                   {workload.get(), &model->view()})),
        design(workload) {}
  Context context() const { return {workload.get(), &model->view(), cost.get(), nullptr}; }
  OperatorId id(std::string_view name) const {
    for (std::size_t i = 0; i < workload->operators().size(); ++i) {
      if (workload->operators()[i].name == name) {
        return operator_id(i);
      }
    }
    return OperatorId::none;
  }

  std::shared_ptr<const Workload> workload;
  plugin::Instance<ArchitectureModel> model;
  plugin::Instance<CostModel> cost;
  Design design;
};

// The message of an expected failure.
template <class Failure, class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "nothing thrown";
}

}  // namespace imbrex::testing
