// Specification compass sections 7 and 15.7: estimates of segments by hand, and what an analysis
// charges.
#include "compass_kit.hpp"

#include <imbrex/toolkit/segments/apply_segments.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <sstream>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// a: 16 -> 64 channels, b: 64 -> 64 channels, both 1 x 1 on 4 x 4: one crossbar each.
std::shared_ptr<const Workload> two_layers(std::int64_t batch) {
  WorkloadBuilder builder("two");
  ConvolutionParams params;
  params.output_channels = 64;
  params.weight_bits = params.output_bits = 4;
  const TensorId x = builder.input("x", {4, {batch, 16, 4, 4, 1, 1}}, 4);
  builder.convolution("b", builder.convolution("a", x, params), params);
  return std::make_shared<const Workload>(builder.finish());
}
Settings round_numbers() {
  return {{"cores", 2},
          {"crossbars_per_core", 2},
          {"mvm_interval_ns", 100.0},
          {"mvm_energy_pj", 10.0},
          {"weight_bytes_per_ns", 1.0},
          {"weight_write_ns", 50.0},
          {"data_ns_per_byte", 1.0},
          {"bus_ns_per_byte", 0.5},
          {"external_energy_pj_per_byte", 2.0},
          {"crossbar_write_energy_pj", 100.0},
          {"bus_energy_pj_per_byte", 3.0},
          {"core_power_mw", 1.0}};
}

SegmentCost estimate(const CompassChip& chip, UnitSpan span, std::int64_t most_copies = 0) {
  UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
  sequence.most_copies = most_copies;
  SegmentCost cost;
  chip.cost().evaluate_segments(sequence, {&span, 1}, {&cost, 1});
  return cost;
}

TEST(SegmentEstimate, AddsUpByHand) {
  const CompassChip chip(two_layers(1), round_numbers());
  const SegmentCost cost = estimate(chip, {0, 2});
  // 2560 B of weights, 50 written, 16 windows on 2 copies, 640 B at the borders, 640 B on the bus.
  EXPECT_EQ(cost.latency_ps, (2560 + 50 + 8 * 100 + 640 + 320) * 1000);
  EXPECT_EQ(cost.weight_load_ps, 2560 * 1000);
  // 32 products, 3200 B outside, 640 B on the bus, 4 crossbars written, 2 mW for 4370 ns.
  EXPECT_DOUBLE_EQ(cost.energy_pj, 32 * 10 + 3200 * 2 + 640 * 3 + 4 * 100 + 8740);
}

TEST(SegmentEstimate, MultipliesSamplesButNotWeights) {
  const CompassChip chip(two_layers(3), round_numbers());
  EXPECT_EQ(estimate(chip, {0, 2}).latency_ps, (2560 + 50 + 3 * (8 * 100 + 640 + 320)) * 1000);
}

TEST(SegmentEstimate, OfOneLayerLoadsAndStoresItsBorders) {
  const CompassChip chip(two_layers(1), round_numbers());
  // b: 2048 B of weights, 512 B in, 512 B out, 512 B on the bus; 4 copies.
  EXPECT_EQ(estimate(chip, {1, 2}).latency_ps, (2048 + 50 + 4 * 100 + 1024 + 256) * 1000);
}

TEST(SegmentEstimate, WithoutCopiesTakesEveryWindow) {
  const CompassChip chip(two_layers(1), round_numbers());
  EXPECT_EQ(estimate(chip, {0, 2}, 1).latency_ps, (2560 + 50 + 16 * 100 + 640 + 320) * 1000);
}

TEST(SegmentEstimate, DrainsWhereTheFirstCoreEndsEarly) {
  const CompassChip chip(two_layers(1), round_numbers());
  // Both copies of a fill the first core; b ends one window later.
  EXPECT_EQ(estimate(chip, {0, 2}).drain_ps, 100 * 1000);
  EXPECT_EQ(estimate(chip, {0, 2}, 1).drain_ps, 0);  // a and b share the first core
}

TEST(SegmentEstimate, CallsWhatDoesNotFitInfeasible) {
  Settings settings = round_numbers();
  settings[0].second = 1;
  settings[1].second = 1;
  const CompassChip chip(two_layers(1), settings);
  EXPECT_EQ(estimate(chip, {0, 2}).verdict, Verdict::infeasible);
  EXPECT_EQ(estimate(chip, {0, 1}).verdict, Verdict::feasible);
}

TEST(SegmentEstimate, HonoursTheLimitOfCopies) {
  Settings settings = round_numbers();
  settings[1].second = 20;
  const auto workload = two_layers(1);
  const auto windows = [&](std::int64_t limit) {
    const CompassChip chip(workload, settings, {{"segment_copies", limit}});
    return (estimate(chip, {0, 2}).latency_ps / 1000 - 2560 - 50 - 640 - 320) / 100;
  };
  EXPECT_EQ(windows(4), 4);
  EXPECT_EQ(windows(8), 2);
  EXPECT_EQ(windows(0), 1);
}

TEST(SegmentEstimate, WithTheHeapIsNeverBetter) {
  const auto workload = network("resnet18-full");
  const CompassChip exact(workload, "compass-s");
  const CompassChip heap(workload, {{"preset", std::string("compass-s")}},
                         {{"segment_replication", std::string("heap")}});
  bool differs = false;
  for (std::int32_t a = 0; a < 30; ++a) {
    const auto best = estimate(exact, {a, a + 7}).latency_ps;
    const auto found = estimate(heap, {a, a + 7}).latency_ps;
    EXPECT_GE(found, best) << a;
    differs = differs || found != best;
  }
  EXPECT_TRUE(differs);
}

TEST(SegmentEstimate, GivesTheCopiesItAssumes) {
  const CompassChip chip(two_layers(1), round_numbers());
  const UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
  std::vector<std::int64_t> copies(2);
  chip.cost().segment_copies(sequence, {0, 2}, copies);
  EXPECT_EQ(copies, (std::vector<std::int64_t>{2, 2}));
  copies.resize(1);
  chip.cost().segment_copies(sequence, {1, 2}, copies);
  EXPECT_EQ(copies, (std::vector<std::int64_t>{4}));
}

std::vector<SegmentCost> all_spans(const CompassChip& chip) {
  const UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
  const auto ends = segments::largest_ends(sequence);
  std::vector<UnitSpan> spans;
  for (std::int32_t a = 0; a < static_cast<std::int32_t>(ends.size()); ++a) {
    for (std::int32_t b = a + 1; b <= ends[static_cast<std::size_t>(a)]; ++b) {
      spans.push_back({a, b});
    }
  }
  std::vector<SegmentCost> costs(spans.size());
  chip.cost().evaluate_segments(sequence, spans, costs);
  return costs;
}

TEST(SegmentEstimate, DoublingTheBatchNeverLowersThroughput) {
  for (const char* name : {"squeezenet1.1", "resnet18-full"}) {
    std::vector<SegmentCost> before;
    for (const std::int64_t batch : {1, 2, 4, 8}) {
      std::vector<SegmentCost> costs = all_spans(CompassChip(network(name, batch), "compass-s"));
      for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_LE(costs[i].latency_ps, 2 * before[i].latency_ps) << name << " span " << i;
      }
      before = std::move(costs);
    }
  }
}

TEST(SegmentEstimate, IsProportionalToTheBatchWhenWeightsAreFree) {
  const Settings free = {
      {"preset", std::string("compass-s")}, {"weight_bytes_per_ns", 0.0}, {"weight_write_ns", 0.0}};
  const auto one = all_spans(CompassChip(network("squeezenet1.1"), free));
  const auto many = all_spans(CompassChip(network("squeezenet1.1", 16), free));
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(many[i].latency_ps),
                16.0 * static_cast<double>(one[i].latency_ps),
                16)
        << i;  // rounding to picoseconds
  }
}

// The estimate works on units of the whole network; what an analysis charges is found on the
// network after splitting. Both must see the same volumes.
struct Charged : ::testing::TestWithParam<const char*> {};

TEST_P(Charged, OverheadAndSlowestLayerAddUpToTheEstimate) {
  constexpr std::int64_t kBatch = 2;
  const CompassChip chip(network(GetParam(), kBatch), "compass-s");
  const UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
  Design design = chip.design;
  const FakeEvaluator said = partition(chip, "optimal", {}, Objective::throughput, &design);
  const auto cost =
      make<CostModel>("imbrex.cost.crossbar", {}, {&design.workload(), &chip.architecture()});
  std::istringstream ends(said.notes.at("ends"));
  UnitSpan span;
  for (std::int32_t segment = 0; ends >> span.end; ++segment, span.begin = span.end) {
    std::int64_t slowest = 0;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      const Operator& op = design.workload().operators()[i];
      const Placement& placement = design.placement(operator_id(i));
      const std::int64_t products = op.bounds[Dim::N] * op.bounds[Dim::P] * op.bounds[Dim::Q];
      if (segments::runs_on_crossbars(op) && placement.segment == segment) {
        slowest = std::max(slowest, ceil_div(products / kBatch, placement.copies));
      }
    }
    const SegmentOverhead overhead = cost->segment_overhead(design, segment);
    EXPECT_EQ(overhead.weight_load_ps + overhead.weight_write_ps + overhead.data_ps +
                  kBatch * slowest * 120'000,
              estimate(chip, span).latency_ps)
        << GetParam() << " segment " << segment;
  }
  EXPECT_EQ(span.begin, static_cast<std::int32_t>(sequence.units.size())) << "not all was compared";
}
INSTANTIATE_TEST_SUITE_P(Compass, Charged,
                         ::testing::Values("squeezenet1.1", "resnet18-full", "vgg16-full"),
                         [](const auto& instance) {
                           return std::string(instance.param).substr(0, 5);
                         });

TEST(SegmentOverhead, IsNothingOnAChipThatHoldsEverythingForFree) {
  const auto workload = two_layers(1);
  const auto model = make<ArchitectureModel>("imbrex.architecture.tiled-cim", {}, {workload.get()});
  const auto cost = make<CostModel>("imbrex.cost.crossbar", {}, {workload.get(), &model->view()});
  const SegmentOverhead overhead = cost->segment_overhead(Design(workload), 0);
  EXPECT_EQ(overhead.weight_load_ps + overhead.weight_write_ps + overhead.data_ps, 0);
  EXPECT_EQ(overhead.weight_bits + overhead.load_bits + overhead.store_bits, 0);
  EXPECT_EQ(overhead.energy_pj, 0);
}

// Any stage may ask about any segment.
TEST(SegmentOverhead, IsNothingWhereNobodyWorks) {
  const CompassChip chip(two_layers(1), round_numbers());
  for (const std::int32_t segment : {1, 7, 1000}) {
    const SegmentOverhead overhead = chip.cost().segment_overhead(chip.design, segment);
    EXPECT_FALSE(overhead.takes_time()) << segment;
    EXPECT_EQ(overhead.weight_bits + overhead.load_bits + overhead.store_bits, 0) << segment;
  }
}

TEST(SegmentOverhead, IsWhatTheEstimateSaysByHand) {
  const CompassChip chip(two_layers(1), round_numbers());
  Design design = chip.design;
  for (std::size_t i = 0; i < 2; ++i) {
    design.placement(operator_id(i)).copies = 2;
  }
  const SegmentOverhead overhead = chip.cost().segment_overhead(design, 0);
  EXPECT_EQ(overhead.weight_bits, 20480);
  EXPECT_EQ(overhead.load_bits, 1024);
  EXPECT_EQ(overhead.store_bits, 4096);
  EXPECT_EQ(overhead.weight_load_ps, 2560 * 1000);
  EXPECT_EQ(overhead.weight_write_ps, 50 * 1000);
  EXPECT_EQ(overhead.data_ps, 960 * 1000);
  EXPECT_DOUBLE_EQ(overhead.energy_pj, 3200 * 2 + 640 * 3 + 4 * 100);
}

}  // namespace
}  // namespace imbrex::test
