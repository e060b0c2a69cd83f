// imbrex.search.optimal's algorithm on layers of four networks and three arrays: how many layers
// are proved, and the seconds of one core that the median and the slowest of them takes.
// `imbrex_bench --benchmark_filter=Optimum`; a name says array, network and objective.
#include "array_system.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/optimum/optimum.hpp>

#include <algorithm>
#include <ctime>
#include <map>
#include <vector>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

// Energies of 200 : 6 : 1 per word and 1 per multiply-accumulate, as in sdk/docs/optimal.md.
struct Array {
  const char* name;
  const char* recipe;
  std::vector<std::string> overrides;
};
const Array kArrays[] = {
    {"eye168",
     "resnet18-eye168.toml",
     {"architecture.level_energy_pj_per_word=[200,6,0,1,1,1]", "architecture.mac_energy_pj=1"}},
    {"ws256",
     "resnet18-ws256.toml",
     {"architecture.level_energy_pj_per_word=[200,6,0,1]", "architecture.mac_energy_pj=1"}},
    {"square16384",
     "resnet18-ws256.toml",
     {"architecture.rows=128", "architecture.columns=128",
      "architecture.level_names=[\"DRAM\",\"buffer\",\"registers\"]",
      "architecture.level_words=[0,131072,512]",
      "architecture.level_per=[\"chip\",\"chip\",\"PE\"]",
      "architecture.level_read_words_per_cycle=[64,0,3]",
      "architecture.level_write_words_per_cycle=[64,0,3]",
      "architecture.level_energy_pj_per_word=[200,6,1]", "architecture.mac_energy_pj=1",
      "cost.keep=[\"WIO\",\"WIO\",\"WIO\"]", "cost.constraints=[]"}}};

struct Network {
  const char* name;
  std::vector<std::string> overrides;
};
const Network kNetworks[] = {
    {"resnet18", {}},
    {"fbnet-c",
     {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/xrbench-fbnet-c-depthwise.toml"}},
    {"bert-base", {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/bert-base-encoder.toml"}},
    {"llama-7b", {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/llama-7b-decoder.toml"}}};

constexpr Objective kObjectives[] = {Objective::latency, Objective::energy, Objective::edp};
constexpr const char* kObjectiveNames[] = {"latency", "energy", "edp"};

// Layers that differ from those before.
std::vector<OperatorId> distinct(const ArraySystem& system) {
  std::map<std::array<std::int64_t, kDimCount + 2>, bool> seen;
  std::vector<OperatorId> result;
  for (const OperatorId id : system.mapped()) {
    const Operator& op = system.workload().at(id);
    std::array<std::int64_t, kDimCount + 2> key{};
    std::copy(op.bounds.bound.begin(), op.bounds.bound.end(), key.begin());
    key[kDimCount] = op.stride[0];
    key[kDimCount + 1] = op.stationary_weights ? 1 : 0;
    if (!seen[key]) {
      seen[key] = true;
      result.push_back(id);
    }
  }
  return result;
}

void prove_layers(benchmark::State& state, const Array& array, const Network& network,
                  std::size_t objective) {
  std::vector<std::string> overrides = array.overrides;
  overrides.insert(overrides.end(), network.overrides.begin(), network.overrides.end());
  const ArraySystem system(array.recipe, overrides);
  const nests::Hierarchy hierarchy =
      nests::hierarchy_of(system.architecture(), *system.cost().nest_counting());
  const auto value = [&](const LayerCost& cost) {
    return layer_objective(kObjectives[objective], system.architecture(), cost);
  };
  const auto never = [] { return false; };
  std::vector<double> seconds;
  double proved = 0;
  double states = 0;
  for (auto _ : state) {
    for (const OperatorId id : distinct(system)) {
      const MapSpaceSpec space = system.cost().map_space(id, {});
      const nests::Problem problem = nests::prepare(system.workload(), id);
      const std::clock_t begin = std::clock();
      const optimum::Answer answer =
          optimum::solve({space, problem, hierarchy, value}, {0, 500'000'000, 0, never});
      const std::clock_t took = std::clock() - begin;  // of the processor, whoever else wants it
      seconds.push_back(static_cast<double>(took) / CLOCKS_PER_SEC);
      proved += answer.proved ? 1 : 0;
      states += static_cast<double>(answer.states);
    }
  }
  std::sort(seconds.begin(), seconds.end());
  state.counters["layers"] = static_cast<double>(seconds.size());
  state.counters["proved"] = proved;
  state.counters["median_s"] = seconds[seconds.size() / 2];
  state.counters["max_s"] = seconds.back();
  state.counters["states"] = states;
}

const bool kRegistered = [] {
  for (const Array& array : kArrays) {
    for (const Network& network : kNetworks) {
      for (std::size_t o = 0; o < std::size(kObjectives); ++o) {
        const std::string name =
            std::string("Optimum/") + array.name + "/" + network.name + "/" + kObjectiveNames[o];
        benchmark::RegisterBenchmark(name.c_str(),
                                     [&array, &network, o](benchmark::State& state) {
                                       prove_layers(state, array, network, o);
                                     })
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace imbrex::test
