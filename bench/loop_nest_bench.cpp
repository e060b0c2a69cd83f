// imbrex.cost.loop-nest on the 12 distinct layers of ResNet18 and the two arrays of
// configs/architectures: evaluations per second in batches of valid mappings, also on arrays of
// other sizes; draws from the map spaces, steps in them, building them; canonical mappings.
#include "array_system.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

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

class System : public ArraySystem {
 public:
  using ArraySystem::ArraySystem;

  // Layers that differ from those before.
  std::vector<OperatorId> distinct() const {
    std::map<std::array<std::int64_t, kDimCount + 2>, bool> seen;
    std::vector<OperatorId> result;
    for (std::size_t i = 0; i < workload().operators().size(); ++i) {
      const Operator& op = workload().operators()[i];
      std::array<std::int64_t, kDimCount + 2> key{};
      std::copy(op.bounds.bound.begin(), op.bounds.bound.end(), key.begin());
      key[kDimCount] = op.stride[0];
      if (cost().demand(operator_id(i)).mappable && !seen[key]) {
        seen[key] = true;
        result.push_back(operator_id(i));
      }
    }
    return result;
  }

  // A batch of valid mappings for each of them.
  std::vector<Layer> layers() const {
    std::vector<Layer> result;
    for (const OperatorId id : distinct()) {
      result.push_back({id, valid_mappings(id)});
    }
    return result;
  }

 private:
  std::vector<Mapping> valid_mappings(OperatorId id) const {
    const mapspace::MapSpace space(cost().map_space(id, {}));
    Random random(1, index(id));
    std::vector<Mapping> mappings;
    while (mappings.size() < kBatch) {
      const Mapping mapping = space.sample(random);
      if (evaluate(id, mapping).verdict == Verdict::feasible) {
        mappings.push_back(mapping);
      }
    }
    return mappings;
  }
};

// Uniform draws from the map spaces of all layers, feasible or not.
void sample(benchmark::State& state, const System& system) {
  std::vector<mapspace::MapSpace> spaces;
  for (const OperatorId id : system.distinct()) {
    spaces.emplace_back(system.cost().map_space(id, {}));
  }
  Random random(1, 0);
  std::int64_t drawn = 0;
  for (auto _ : state) {
    for (const mapspace::MapSpace& space : spaces) {
      for (std::size_t i = 0; i < kBatch; ++i) {
        benchmark::DoNotOptimize(space.sample(random));
      }
      drawn += static_cast<std::int64_t>(kBatch);
    }
  }
  state.SetItemsProcessed(drawn);
}

// Steps to neighbours, each from where the last one led.
void walk(benchmark::State& state, const System& system) {
  std::vector<mapspace::MapSpace> spaces;
  for (const OperatorId id : system.distinct()) {
    spaces.emplace_back(system.cost().map_space(id, {}));
  }
  Random random(1, 0);
  std::int64_t drawn = 0;
  for (auto _ : state) {
    for (const mapspace::MapSpace& space : spaces) {
      Mapping mapping = space.sample(random);
      for (std::size_t i = 0; i < kBatch; ++i) {
        mapping = space.neighbour(mapping, random);
      }
      benchmark::DoNotOptimize(mapping);
      drawn += static_cast<std::int64_t>(kBatch);
    }
  }
  state.SetItemsProcessed(drawn);
}

// The map spaces of all layers, counted.
void build(benchmark::State& state, const System& system) {
  const std::vector<OperatorId> layers = system.distinct();
  for (auto _ : state) {
    for (const OperatorId id : layers) {
      benchmark::DoNotOptimize(mapspace::MapSpace(system.cost().map_space(id, {})).size());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(layers.size()));
}

// Mappings of operators that nobody searched, with shares that need not divide.
void canonical(benchmark::State& state, const System& system) {
  const std::vector<OperatorId> layers = system.distinct();
  Placement placement;
  placement.units = state.range(0);
  for (auto _ : state) {
    for (const OperatorId id : layers) {
      benchmark::DoNotOptimize(
          system.cost().canonical_mapping(id, placement, {JobShape::Kind::row}));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(layers.size()));
}

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

// `exact` follows padded windows and what uneven factors leave out; `timeloop` takes all for full.
void loop_nest_evaluate(benchmark::State& state, const char* recipe) {
  evaluate(state, System(recipe, {}));
}
void loop_nest_evaluate_uneven(benchmark::State& state, const char* recipe) {
  evaluate(state, System(recipe, {"cost.imperfect=true"}));
}
void loop_nest_evaluate_timeloop(benchmark::State& state, const char* recipe) {
  evaluate(state, System(recipe, {"cost.counting=timeloop"}));
}
BENCHMARK_CAPTURE(loop_nest_evaluate, eye168, "resnet18-eye168.toml")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_evaluate, ws256, "resnet18-ws256.toml")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_evaluate_uneven, eye168, "resnet18-eye168.toml")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_evaluate_timeloop, eye168, "resnet18-eye168.toml")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_evaluate_timeloop, ws256, "resnet18-ws256.toml")
    ->Unit(benchmark::kMillisecond);

void loop_nest_sample(benchmark::State& state, const char* recipe) {
  sample(state, System(recipe, {}));
}
BENCHMARK_CAPTURE(loop_nest_sample, eye168, "resnet18-eye168.toml")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_sample, ws256, "resnet18-ws256.toml")->Unit(benchmark::kMillisecond);

void loop_nest_walk(benchmark::State& state, const char* recipe) {
  walk(state, System(recipe, {}));
}
BENCHMARK_CAPTURE(loop_nest_walk, eye168, "resnet18-eye168.toml")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_walk, ws256, "resnet18-ws256.toml")->Unit(benchmark::kMillisecond);

void loop_nest_space(benchmark::State& state, const char* recipe) {
  build(state, System(recipe, {}));
}
BENCHMARK_CAPTURE(loop_nest_space, eye168, "resnet18-eye168.toml")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop_nest_space, ws256, "resnet18-ws256.toml")->Unit(benchmark::kMillisecond);

void loop_nest_canonical(benchmark::State& state, const char* spread) {
  canonical(state,
            System("ritnet-pipeorgan.toml",
                   {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/resnet18-full.toml",
                    "cost.imperfect=true", std::string("cost.spread=") + spread}));
}
BENCHMARK_CAPTURE(loop_nest_canonical, channels, "channels")
    ->Arg(871)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(loop_nest_canonical, pixels, "pixels")
    ->Arg(871)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);

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
