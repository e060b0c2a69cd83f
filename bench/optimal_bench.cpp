// imbrex.search.optimal's algorithm on layers of six networks and three arrays, and of two networks
// on two arrays whose levels are free to do anything: how many layers are proved, how far the
// others are from their bound at most, and the seconds of one core that the median and the slowest
// of them takes. `imbrex_bench --benchmark_filter=Optimum`; a name says array, network and
// objective, `-uneven` that factors need not divide. `OptimumFront/`: likewise, all of latency and
// energy at once.
#include "array_system.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/optimum/front.hpp>
#include <imbrex/toolkit/optimum/optimum.hpp>

#include <algorithm>
#include <ctime>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

// Energies of 200 : 6 : 1 per word and 1 per multiply-accumulate, as in sdk/docs/optimal.md.
struct Array {
  const char* name;
  const char* recipe;
  std::vector<std::string> overrides;
  bool is_free = false;  // no constraints on four or more levels: large spaces, fewer networks
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
      "cost.keep=[\"WIO\",\"WIO\",\"WIO\"]", "cost.constraints=[]"}},
    {"slices1024",
     "resnet18-ws256.toml",
     {"architecture.rows=4", "architecture.columns=256",
      "architecture.level_names=[\"DRAM\",\"buffer\",\"slice\",\"registers\"]",
      "architecture.level_words=[0,524288,16384,256]",
      "architecture.level_per=[\"chip\",\"chip\",\"row\",\"PE\"]",
      "architecture.level_read_words_per_cycle=[16,0,0,3]",
      "architecture.level_write_words_per_cycle=[16,0,0,3]",
      "architecture.level_energy_pj_per_word=[200,12,3,1]", "architecture.mac_energy_pj=1",
      "cost.keep=[\"WIO\",\"WIO\",\"WIO\",\"WIO\"]", "cost.constraints=[]"},
     true},
    {"eye168-free",
     "resnet18-eye168.toml",
     {"architecture.level_energy_pj_per_word=[200,6,0,1,1,1]", "architecture.mac_energy_pj=1",
      "cost.constraints=[]"},
     true}};

struct Network {
  const char* name;
  std::vector<std::string> overrides;
};
const Network kNetworks[] = {
    {"resnet18", {}},
    {"bert-base", {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/bert-base-encoder.toml"}},
    {"fbnet-c",
     {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/xrbench-fbnet-c-depthwise.toml"}},
    {"llama-7b", {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/llama-7b-decoder.toml"}},
    {"llama-7b-decode",
     {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/llama-7b-decode.toml"}},
    {"mobilenetv2", {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/mobilenetv2.toml"}}};

constexpr std::size_t kNetworksOfFreeArrays = 2;

// With factors that need not divide.
Array uneven(const Array& array) {
  Array result = array;
  result.overrides.push_back("cost.imperfect=true");
  return result;
}
constexpr const char* kUnevenNetworks[] = {"resnet18", "bert-base", "llama-7b"};

// About ten seconds of one core where levels are free; else so many that none is stopped.
constexpr std::int64_t kStatesOfFreeArrays = 40'000'000;
constexpr std::int64_t kStates = 500'000'000;
// About ten seconds of one core, twice: for factors that divide, and for those that need not.
constexpr std::int64_t kStatesOfUneven = 10'000'000;

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

struct Proofs {
  std::vector<double> seconds;  // of the processor, per layer
  double proved = 0;
  double states = 0;
  double most_gap_percent = 0;
};

void prove(const ArraySystem& system, OperatorId id, Objective objective, std::int64_t most_states,
           Proofs& proofs) {
  const nests::Hierarchy hierarchy =
      nests::hierarchy_of(system.architecture(), *system.cost().nest_counting());
  const auto value = [&](const LayerCost& cost) {
    return layer_objective(objective, system.architecture(), cost);
  };
  const auto never = [] { return false; };
  const MapSpaceSpec space = system.cost().map_space(id, {});
  const nests::Problem problem = nests::prepare(system.workload(), id);
  const std::clock_t begin = std::clock();
  const optimum::Answer answer =
      optimum::solve({space, problem, hierarchy, value}, {0, most_states, 0, never});
  const std::clock_t took = std::clock() - begin;  // of the processor, whoever else wants it
  proofs.seconds.push_back(static_cast<double>(took) / CLOCKS_PER_SEC);
  proofs.proved += answer.proved ? 1 : 0;
  proofs.states += static_cast<double>(answer.states);
  if (!answer.proved) {
    proofs.most_gap_percent =
        std::max(proofs.most_gap_percent, 100 * (answer.objective / answer.bound - 1));
  }
}

void prove_layers(benchmark::State& state, const Array& array, const Network& network,
                  Objective objective, std::int64_t most_states) {
  std::vector<std::string> overrides = array.overrides;
  overrides.insert(overrides.end(), network.overrides.begin(), network.overrides.end());
  const ArraySystem system(array.recipe, overrides);
  Proofs proofs;
  for (auto _ : state) {
    for (const OperatorId id : distinct(system)) {
      prove(system, id, objective, most_states, proofs);
    }
  }
  std::sort(proofs.seconds.begin(), proofs.seconds.end());
  state.counters["layers"] = static_cast<double>(proofs.seconds.size());
  state.counters["proved"] = proofs.proved;
  state.counters["median_s"] = proofs.seconds[proofs.seconds.size() / 2];
  state.counters["max_s"] = proofs.seconds.back();
  state.counters["states"] = proofs.states;
  state.counters["max_gap_percent"] = proofs.most_gap_percent;
}

void find_fronts(benchmark::State& state, const Array& array, const Network& network) {
  std::vector<std::string> overrides = array.overrides;
  overrides.insert(overrides.end(), network.overrides.begin(), network.overrides.end());
  const ArraySystem system(array.recipe, overrides);
  const nests::Hierarchy hierarchy =
      nests::hierarchy_of(system.architecture(), *system.cost().nest_counting());
  const auto never = [] { return false; };
  std::vector<double> seconds;
  std::vector<std::size_t> points;
  double proved = 0;
  for (auto _ : state) {
    for (const OperatorId id : distinct(system)) {
      const std::clock_t begin = std::clock();
      const optimum::Front front =
          optimum::front(system.cost().map_space(id, {}), nests::prepare(system.workload(), id),
                         hierarchy, {0, kStates, 0, never});
      seconds.push_back(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
      points.push_back(front.points.size());
      proved += front.proved ? 1 : 0;
    }
  }
  std::sort(seconds.begin(), seconds.end());
  std::sort(points.begin(), points.end());
  state.counters["layers"] = static_cast<double>(seconds.size());
  state.counters["proved"] = proved;
  state.counters["median_s"] = seconds[seconds.size() / 2];
  state.counters["max_s"] = seconds.back();
  state.counters["median_points"] = static_cast<double>(points[points.size() / 2]);
  state.counters["max_points"] = static_cast<double>(points.back());
}

void add(const std::string& name, const std::function<void(benchmark::State&)>& measure) {
  benchmark::RegisterBenchmark(name.c_str(), measure)->Iterations(1)->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
  for (const Array& array : kArrays) {
    const std::size_t networks = array.is_free ? kNetworksOfFreeArrays : std::size(kNetworks);
    for (const Network& network : std::span(kNetworks).first(networks)) {
      const std::string both = std::string(array.name) + "/" + network.name;
      for (std::size_t o = 0; o < std::size(kObjectives); ++o) {
        add("Optimum/" + both + "/" + kObjectiveNames[o],
            [&array, &network, o](benchmark::State& state) {
              prove_layers(state, array, network, kObjectives[o],
                           array.is_free ? kStatesOfFreeArrays : kStates);
            });
        const bool is_measured = std::find(std::begin(kUnevenNetworks), std::end(kUnevenNetworks),
                                           std::string(network.name)) != std::end(kUnevenNetworks);
        if (!array.is_free && is_measured) {
          add("Optimum/" + std::string(array.name) + "-uneven/" + network.name + "/" +
                  kObjectiveNames[o],
              [&array, &network, o](benchmark::State& state) {
                prove_layers(state, uneven(array), network, kObjectives[o], kStatesOfUneven);
              });
        }
      }
      if (!array.is_free) {
        add("OptimumFront/" + both,
            [&array, &network](benchmark::State& state) { find_fronts(state, array, network); });
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace imbrex::test
