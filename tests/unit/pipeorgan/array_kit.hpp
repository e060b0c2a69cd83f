// Small networks on small arrays, put together from plugins the way the kernel does it, and an
// evaluator for partitioners that take costs from the cost model alone.
#pragma once

#include "clsa_fixture.hpp"
#include "fakes/evaluator.hpp"
#include "recipe/load_recipe.hpp"
#include "run/bound_machine.hpp"

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/segments.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::pipeorgan_test {

inline ConvolutionParams conv(std::int64_t channels, std::int64_t kernel = 1,
                              std::int64_t stride = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  params.window.stride = {stride, stride};
  return params;
}

inline std::string numbered(std::string_view before, std::int64_t number,
                            std::string_view after = "") {
  return std::string(before).append(std::to_string(number)).append(after);
}

// 1 x 1 convolutions of 16 channels on 4 rows of 8 pixels: each has 8 192 multiply-accumulates, 256
// weights, 512 words of input and as many of output.
inline std::shared_ptr<const Workload> equal_layers(int count) {
  WorkloadBuilder builder("equal");
  TensorId data = builder.input("x", {4, {1, 16, 4, 8, 1, 1}});
  for (int i = 0; i < count; ++i) {
    data = builder.convolution(numbered("c", i), data, conv(16));
  }
  builder.output(data);
  return std::make_shared<const Workload>(builder.finish());
}

// configs/recipes/ritnet-pipeorgan.toml on 4 x 4 elements of one multiplier; a clock of 1 ns, words
// of 8 bits, memories without limits of bandwidth unless `overrides` say otherwise. The last
// override of a parameter counts.
inline recipe::ResolvedPlan small_plan(const std::vector<std::string>& overrides) {
  std::vector<std::string> all = {"architecture.rows=4",
                                  "architecture.columns=4",
                                  "architecture.macs_per_pe=1",
                                  "architecture.level_instances=[1, 1, 16]",
                                  "architecture.level_read_words_per_cycle=[0.0, 0.0, 0.0]",
                                  "architecture.level_write_words_per_cycle=[0.0, 0.0, 0.0]"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  return recipe::resolve({IMBREX_SOURCE_DIR "/configs/recipes/ritnet-pipeorgan.toml", all},
                         test::registry());
}

class ArraySystem {
 public:
  explicit ArraySystem(std::shared_ptr<const Workload> workload,
                       const std::vector<std::string>& overrides = {})
      : plan_(small_plan(overrides)),
        machine_(plan_.architecture, plan_.cost, std::move(workload), services(), plan_.seed) {}

  const Workload& workload() const { return machine_.workload(); }
  const run::BoundMachine& machine() const { return machine_; }
  UnitSequence units() const { return segments::decompose(workload(), machine_.architecture()); }
  std::int32_t layers() const { return static_cast<std::int32_t>(units().units.size()); }
  SegmentCost cost_of(std::int32_t begin, std::int32_t end) const {
    const UnitSpan span{begin, end};
    SegmentCost out;
    machine_.cost().evaluate_segments(units(), {&span, 1}, {&out, 1});
    return out;
  }

 private:
  static plugin::HostServices& services() {
    static plugin::HostServices services{plugin::HostOptions{}};
    return services;
  }
  recipe::ResolvedPlan plan_;
  run::BoundMachine machine_;
};

// What imbrex.partition.optimal says, and what it does to the design.
struct Partitioned : test::FakeEvaluator {
  Partitioned(const ArraySystem& system, std::shared_ptr<const Workload> workload,
              Objective objective = Objective::latency)
      : FakeEvaluator(system.machine().cost(), system.machine().architecture(), objective),
        design(std::move(workload)) {
    test::make<Partitioner>("imbrex.partition.optimal", {}, system.machine().context(test::host()))
        ->partition(design, *this);
  }

  Design design;
};

}  // namespace imbrex::pipeorgan_test
