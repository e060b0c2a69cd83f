// File: loop_nest_bench.cpp
//
// Mapping evaluations per second of imbrex.cost.loop-nest: batches of valid mappings of the 12
// distinct layers of ResNet18 on the two arrays of configs/architectures, and on arrays of other
// sizes.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"
#include "run/load_workload.hpp"
#include "run/machine.hpp"

#include <imbrex/map_space.hpp>

#include <map>
#include <vector>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

constexpr std::size_t kBatch = 256;

struct Layer {
  OperatorId id;
  std::vector<Mapping> mappings;
};

class System {
 public:
  System(const std::string& recipe, const std::vector<std::string>& overrides)
      : services_(quiet()),
        plan_(resolve({IMBREX_SOURCE_DIR "/configs/recipes/" + recipe, overrides}, registry())),
        workload_(load_workload(plan_.workload, plan_.seed, services_)),
        machine_(plan_.architecture, plan_.cost, workload_, services_, plan_.seed) {}

  const CostModel& cost() const { return machine_.cost(); }

  // A batch of valid mappings for each layer that differs from those before.
  std::vector<Layer> layers() const {
    std::map<std::array<std::int64_t, kDimCount + 2>, bool> seen;
    std::vector<Layer> result;
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      const Operator& op = workload_->operators()[i];
      std::array<std::int64_t, kDimCount + 2> key{};
      std::copy(op.bounds.bound.begin(), op.bounds.bound.end(), key.begin());
      key[kDimCount] = op.stride[0];
      if (!cost().demand(operator_id(i)).mappable || seen[key]) {
        continue;
      }
      seen[key] = true;
      result.push_back({operator_id(i), valid_mappings(operator_id(i))});
    }
    return result;
  }

 private:
  static HostOptions quiet() {
    HostOptions options;
    options.threads = 1;
    options.quiet = true;
    return options;
  }

  std::vector<Mapping> valid_mappings(OperatorId id) const {
    const MapSpace space(cost().map_space(id, {}));
    Random random(1, index(id));
    std::vector<Mapping> mappings;
    while (mappings.size() < kBatch) {
      const Mapping mapping = space.sample(random);
      LayerCost out;
      cost().evaluate(id, {}, {&mapping, 1}, {&out, 1});
      if (out.verdict == Verdict::feasible) {
        mappings.push_back(mapping);
      }
    }
    return mappings;
  }

  HostServices services_;
  ResolvedPlan plan_;
  std::shared_ptr<const Workload> workload_;
  Machine machine_;
};

void evaluate(benchmark::State& state, const System& system) {
  const std::vector<Layer> layers = system.layers();
  std::vector<LayerCost> out(kBatch);
  std::int64_t evaluated = 0;
  for (auto _ : state) {
    for (const Layer& layer : layers) {
      system.cost().evaluate(layer.id, {}, layer.mappings, out);
      benchmark::DoNotOptimize(out.data());
      evaluated += static_cast<std::int64_t>(kBatch);
    }
  }
  state.SetItemsProcessed(evaluated);
  state.counters["layers"] = static_cast<double>(layers.size());
}

void loop_nest_evaluate(benchmark::State& state, const char* recipe) {
  evaluate(state, System(recipe, {}));
}
BENCHMARK_CAPTURE(loop_nest_evaluate, eye168, "resnet18-eye168.toml")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_evaluate, ws256, "resnet18-ws256.toml")->Unit(benchmark::kMillisecond);

// The same array at 4 x 4, 16 x 16 and 32 x 32: the cost of a mapping must not grow with it.
void loop_nest_evaluate_size(benchmark::State& state) {
  const std::string side = std::to_string(state.range(0));
  const std::string all = std::to_string(state.range(0) * state.range(0));
  evaluate(state, System("resnet18-ws256.toml",
                         {"architecture.rows=" + side, "architecture.columns=" + side,
                          "architecture.level_instances=[1,1," + side + "," + all + "]"}));
}
BENCHMARK(loop_nest_evaluate_size)->Arg(4)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
