// What the boundary between the kernel and components costs. Part of the design: a cost model
// behind the kernel's guard takes at most 3 ns per item over a direct virtual call, in batches of
// 256.
#include "run/guarded_cost_model.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

namespace imbrex {
namespace {

constexpr std::size_t kBatch = 256;

// The least that a cost model can do: look at each mapping, write each answer.
class Trivial final : public CostModel {
 public:
  Demand demand(OperatorId) const override { return {true, 1, 8}; }
  void evaluate(OperatorId, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i] = {Verdict::feasible, mappings[i].job_extent[0], 0};
    }
  }
  Mapping canonical_mapping(OperatorId, const Placement&, const JobShape&) const override {
    return {};
  }
  JobClock job_clock(OperatorId, const Placement&, const Mapping&) const override { return {}; }
  bool lock_step() const noexcept override { return false; }
  std::int64_t movement_ps(OperatorId) const override { return 0; }
  void transfer(std::span<const Transfer>, std::span<TransferCost>) const override {}
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const override { return 0; }
};

Workload one_layer() {
  WorkloadBuilder builder("one layer");
  builder.output(builder.dense("layer", builder.input("data", {2, {1, 8}}), 8));
  return builder.finish();
}

struct EvaluateCalls {
  std::vector<Mapping> mappings = std::vector<Mapping>(kBatch);
  std::vector<LayerCost> costs = std::vector<LayerCost>(kBatch);

  // Time of a batch, over enough of them to be told by the clock, and too few to be interrupted
  // every time.
  double batch_ns(const CostModel& model) {
    constexpr int kCalls = 64;
    const Placement placement;
    const auto begin = std::chrono::steady_clock::now();
    for (int call = 0; call < kCalls; ++call) {
      model.evaluate(operator_id(0), placement, mappings, costs);
      benchmark::DoNotOptimize(costs.data());
      benchmark::ClobberMemory();
    }
    const std::chrono::duration<double, std::nano> all = std::chrono::steady_clock::now() - begin;
    return all.count() / kCalls;
  }
};

// Both in turns, so that they see the same machine; of each the least, so that neither a switch of
// tasks nor a cold cache counts.
void boundary_evaluate(benchmark::State& state) {
  const Workload workload = one_layer();
  const std::unique_ptr<const CostModel> direct = std::make_unique<Trivial>();
  const run::GuardedCostModel guarded("cost (bench)", *direct, workload);
  const CostModel* models[] = {direct.get(), &guarded};
  benchmark::DoNotOptimize(models);  // nobody knows what class is called
  EvaluateCalls calls;
  double direct_ns = std::numeric_limits<double>::infinity();
  double guarded_ns = direct_ns;
  for (auto _ : state) {
    direct_ns = std::min(direct_ns, calls.batch_ns(*models[0]));
    guarded_ns = std::min(guarded_ns, calls.batch_ns(*models[1]));
  }
  constexpr auto kItems = static_cast<double>(kBatch);
  state.counters["direct_ns"] = direct_ns / kItems;
  state.counters["guarded_ns"] = guarded_ns / kItems;
  state.counters["over_ns"] = (guarded_ns - direct_ns) / kItems;
}
BENCHMARK(boundary_evaluate)->Name("boundary/evaluate")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace imbrex
