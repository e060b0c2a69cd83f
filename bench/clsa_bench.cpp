// How long CLSA-CIM analyses take. Two budgets are part of the design: one `row` evaluation of
// TinyYOLOv4 below 2 ms, and all networks x modes x granularities in one process below 2 s on one
// core.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <benchmark/benchmark.h>

namespace imbrex::test {
namespace {

constexpr std::int64_t kExtraPes = 32;
constexpr std::array<const char*, 3> kGranularities = {"row", "block", "pixel"};

Settings settings(const char* granularity, const char* implementation) {
  return {{"granularity", granularity},
          {"block", std::vector<std::int64_t>{4, 4}},
          {"implementation", implementation}};
}

// One analysis, work graph included, of a duplicated network.
void evaluate(benchmark::State& state, const char* network, const char* granularity,
              const char* implementation) {
  const ClsaSystem system(build_network(network), kExtraPes);
  const Design design = duplicated(system);
  const auto analyzer = system.clsa(settings(granularity, implementation));
  for (auto _ : state) {
    benchmark::DoNotOptimize(makespan_cycles(*analyzer, design));
  }
}

BENCHMARK_CAPTURE(evaluate, tinyyolov4_row, "tinyyolov4", "row", "auto")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, tinyyolov4_row_explicit, "tinyyolov4", "row", "explicit")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, tinyyolov4_pixel, "tinyyolov4", "pixel", "auto")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, tinyyolov4_pixel_explicit, "tinyyolov4", "pixel", "explicit")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, resnet152_row, "resnet152", "row", "auto")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, resnet152_row_explicit, "resnet152", "row", "explicit")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, resnet152_pixel, "resnet152", "pixel", "auto")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, resnet152_pixel_explicit, "resnet152", "pixel", "explicit")
    ->Unit(benchmark::kMicrosecond);

// lbl, wdup+32, xinf and wdup+32+xinf of one network at one granularity; from the network up.
std::int64_t all_modes(const std::shared_ptr<const Workload>& workload, const char* granularity) {
  std::int64_t total = 0;
  for (const std::int64_t extra_pes : {std::int64_t{0}, kExtraPes}) {
    const ClsaSystem system(workload, extra_pes);
    const Design design = extra_pes > 0 ? duplicated(system) : system.design();
    total += makespan_cycles(*system.clsa(settings(granularity, "auto")), design);
    const auto sequential =
        system.analyzer("imbrex.overlap.layer-by-layer",
                        {{"granularity", granularity}, {"block", std::vector<std::int64_t>{4, 4}}});
    total += makespan_cycles(*sequential, design);
  }
  return total;
}

void all_networks_modes_granularities(benchmark::State& state) {
  for (auto _ : state) {
    for (const std::string_view network : kClsaNetworks) {
      const auto workload = build_network(network);
      for (const char* granularity : kGranularities) {
        benchmark::DoNotOptimize(all_modes(workload, granularity));
      }
    }
  }
}
BENCHMARK(all_networks_modes_granularities)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace imbrex::test
