// Mappings per second and core of the bit-serial cost model and of drawing mappings at random, on
// every convolution of ResNet-18. Part of the design: at least 2 million valid mappings per second
// in batches of 256.
#include "clsa_fixture.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::int64_t kBanks = 32;  // two whole channels: nests with every slot

class BitSerialSystem {
 public:
  explicit BitSerialSystem(const std::string& network)
      : workload_(load_workload(network)),
        model_(plugin::make_instance<ArchitectureModel>(configure("imbrex.architecture.dram-pim"),
                                                        Context{workload_.get()})),
        cost_(plugin::make_instance<CostModel>(configure("imbrex.cost.bit-serial"),
                                               Context{workload_.get(), &model_->view()})) {
    placement_.units = kBanks;
  }
  const CostModel& cost() const { return *cost_; }
  const Placement& placement() const { return placement_; }
  std::vector<OperatorId> convolutions() const {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      if (workload_->operators()[i].kind == OperatorKind::convolution) {
        ids.push_back(operator_id(i));
      }
    }
    return ids;
  }
  mapspace::MapSpace space(OperatorId id) const {
    return mapspace::MapSpace(cost().map_space(id, placement_));
  }
  void give_each(std::int64_t banks) { placement_.units = banks; }
  // A batch of mappings that fit.
  std::vector<Mapping> batch(OperatorId id) const {
    const mapspace::MapSpace all = space(id);
    Random random(1, index(id));
    std::vector<Mapping> mappings;
    while (mappings.size() < kBatch) {
      const Mapping mapping = all.sample(random);
      LayerCost cost_of_one;
      cost().evaluate(id, placement_, {&mapping, 1}, {&cost_of_one, 1});
      if (cost_of_one.verdict == Verdict::feasible) {
        mappings.push_back(mapping);
      }
    }
    return mappings;
  }

 private:
  std::shared_ptr<const Workload> workload_;
  plugin::Instance<ArchitectureModel> model_;
  plugin::Instance<CostModel> cost_;
  Placement placement_;
};

void count_mappings(benchmark::State& state, std::size_t per_iteration) {
  state.counters["mappings/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(per_iteration),
      benchmark::Counter::kIsRate);
}

void evaluate_bit_serial(benchmark::State& state) {
  const BitSerialSystem system("resnet18");
  std::vector<std::pair<OperatorId, std::vector<Mapping>>> batches;
  for (const OperatorId id : system.convolutions()) {
    batches.emplace_back(id, system.batch(id));
  }
  std::vector<LayerCost> costs(kBatch);
  for (auto _ : state) {
    for (const auto& [id, mappings] : batches) {
      system.cost().evaluate(id, system.placement(), mappings, costs);
      benchmark::DoNotOptimize(costs.data());
    }
  }
  count_mappings(state, kBatch * batches.size());
}
BENCHMARK(evaluate_bit_serial)->Unit(benchmark::kMicrosecond);

void sample_map_space(benchmark::State& state) {
  const BitSerialSystem system("resnet18");
  std::vector<mapspace::MapSpace> spaces;
  for (const OperatorId id : system.convolutions()) {
    spaces.push_back(system.space(id));
  }
  Random random(2, 0);
  for (auto _ : state) {
    for (const mapspace::MapSpace& space : spaces) {
      benchmark::DoNotOptimize(space.sample(random));
    }
  }
  count_mappings(state, spaces.size());
}
BENCHMARK(sample_map_space)->Unit(benchmark::kMicrosecond);

void build_map_space(benchmark::State& state) {
  BitSerialSystem system("resnet18");
  system.give_each(state.range(1));
  const OperatorId id = system.convolutions()[static_cast<std::size_t>(state.range(0))];
  for (auto _ : state) {
    benchmark::DoNotOptimize(system.space(id).size());
  }
}
BENCHMARK(build_map_space)
    ->ArgsProduct({{0, 4, 19}, {8, 32}})
    ->ArgNames({"layer", "banks"})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
