// Estimates of spans that grow out of one another, against a twin that adds up every span by
// itself.
#include "compass_kit.hpp"

#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// Convolutions of many kinds, some cut into several units, and additions of what skips them.
std::shared_ptr<const Workload> random_network(Random& random) {
  WorkloadBuilder builder("random");
  const std::int64_t extent = random.between(3, 9);
  TensorId x = builder.input("x", {4, {random.between(1, 3), 16, extent, extent, 1, 1}}, 4);
  std::vector<TensorId> same = {x};
  const std::int64_t layers = random.between(3, 14);
  for (std::int64_t i = 0; i < layers; ++i) {
    ConvolutionParams params;
    params.output_channels = std::int64_t{1} << random.between(3, 9);
    params.weight_bits = params.output_bits = 4;
    const bool smaller = builder.at(x).shape[2] > 2 && random.below(4) == 0;
    params.window.stride = {smaller ? 2 : 1, smaller ? 2 : 1};
    x = builder.convolution("c" + std::to_string(i), x, params);
    for (const TensorId other : same) {
      if (builder.at(other).shape == builder.at(x).shape && random.below(2) == 0) {
        const TensorId operands[] = {x, other};
        x = builder.elementwise("a" + std::to_string(i), operands);
        break;
      }
    }
    same.push_back(x);
  }
  return std::make_shared<const Workload>(builder.finish());
}

Settings random_chip(Random& random) {
  return {{"cores", random.between(2, 6)},
          {"crossbars_per_core", random.between(4, 12)},
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

// One layer after another, from the copies that the cost model states.
SegmentCost plain_estimate(const CompassChip& chip, const UnitSequence& sequence,
                           const segments::SliceTraffic& traffic, UnitSpan span) {
  std::vector<std::int64_t> copies(static_cast<std::size_t>(span.end - span.begin));
  chip.cost().segment_copies(sequence, span, copies);
  const std::int64_t batch = chip.workload().at(sequence.units[0].op).bounds[Dim::N];
  double weight_bits = 0, bus_bits = 0, products = 0;
  std::int64_t written = 0, slowest = 0, end = 0, first_core = 0, placed = 0;
  for (std::int32_t i = span.begin; i < span.end; ++i) {
    const WeightUnit& unit = sequence.units[static_cast<std::size_t>(i)];
    const Operator& op = chip.workload().at(unit.op);
    const std::int64_t made = copies[static_cast<std::size_t>(i - span.begin)];
    const std::int64_t windows = op.bounds[Dim::P] * op.bounds[Dim::Q];
    weight_bits += static_cast<double>(unit.channels.extent() * op.bounds[Dim::C] * 4);
    products += static_cast<double>(unit.size * windows * batch);
    written += unit.size * made;
    if (i == span.begin || sequence.units[static_cast<std::size_t>(i) - 1].op != unit.op) {
      bus_bits += static_cast<double>(batch * windows * op.bounds[Dim::C] * 4);
      slowest = std::max(slowest, ceil_div(windows, made));
      end = std::max(end + 1, ceil_div(windows, made));
      first_core = placed < sequence.per_core ? end : first_core;
    }
    placed += unit.size * made;
  }
  const auto data_bits = static_cast<double>(traffic.load_bits(span) + traffic.store_bits(span));
  SegmentCost cost;
  cost.weight_load_ps = std::llround(weight_bits * 125);
  cost.latency_ps = cost.weight_load_ps + 50'000 + batch * slowest * 100'000 +
                    std::llround(data_bits * 125 + bus_bits * 62.5);
  const std::int64_t cores = sequence.capacity / sequence.per_core;
  cost.energy_pj = products * 10 + (weight_bits + data_bits) / 4 + bus_bits * 3 / 8 +
                   static_cast<double>(written) * 100 +
                   static_cast<double>(cores * cost.latency_ps) / 1000;
  cost.drain_ps = (end - first_core) * 100'000;
  return cost;
}

// In order, as a partitioner asks, and one more of each beginning that does not fit.
std::vector<UnitSpan> all_spans(const UnitSequence& sequence) {
  const auto ends = segments::largest_ends(sequence);
  const auto units = static_cast<std::int32_t>(ends.size());
  std::vector<UnitSpan> spans;
  for (std::int32_t a = 0; a < units; ++a) {
    for (std::int32_t b = a + 1; b <= std::min(units, ends[static_cast<std::size_t>(a)] + 1); ++b) {
      spans.push_back({a, b});
    }
  }
  return spans;
}

void expect_equal(const CompassChip& chip, const UnitSequence& sequence,
                  const std::vector<UnitSpan>& spans, const char* order) {
  const segments::SliceTraffic traffic(sequence);
  const auto ends = segments::largest_ends(sequence);
  std::vector<SegmentCost> costs(spans.size());
  chip.cost().evaluate_segments(sequence, spans, costs);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool fits = spans[i].end <= ends[static_cast<std::size_t>(spans[i].begin)];
    SCOPED_TRACE(::testing::Message()
                 << order << " span " << spans[i].begin << ".." << spans[i].end);
    ASSERT_EQ(costs[i].verdict, fits ? Verdict::feasible : Verdict::infeasible);
    if (fits) {
      const SegmentCost plain = plain_estimate(chip, sequence, traffic, spans[i]);
      ASSERT_EQ(costs[i].latency_ps, plain.latency_ps);
      ASSERT_EQ(costs[i].weight_load_ps, plain.weight_load_ps);
      ASSERT_EQ(costs[i].drain_ps, plain.drain_ps);
      ASSERT_NEAR(costs[i].energy_pj, plain.energy_pj, 1e-9 * plain.energy_pj);
    }
  }
}

TEST(GrowingSpans, CostWhatEverySpanCostsByItself) {
  std::size_t compared = 0;
  for (std::uint64_t trial = 0; trial < 120; ++trial) {
    SCOPED_TRACE(::testing::Message() << "trial " << trial);
    Random random(41, trial);
    const auto workload = random_network(random);
    const Settings settings = random_chip(random);
    const std::string method = trial % 3 == 0 ? "heap" : "exact";
    const CompassChip chip(
        workload, settings,
        {{"segment_replication", method}, {"segment_copies", random.between(0, 5)}});
    const UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
    std::vector<UnitSpan> spans = all_spans(sequence);
    compared += spans.size();
    expect_equal(chip, sequence, spans, "in order");
    std::reverse(spans.begin(), spans.end());
    expect_equal(chip, sequence, spans, "reversed");
    for (std::size_t i = spans.size(); i > 1; --i) {
      std::swap(spans[i - 1], spans[random.below(i)]);
    }
    expect_equal(chip, sequence, spans, "in any order");
  }
  EXPECT_GT(compared, 5000u);
}

// The model keeps what it found for one sequence of its workload; it must not answer for another.
TEST(GrowingSpans, OfAnotherSequenceAreFoundAnew) {
  Random random(43, 0);
  const CompassChip chip(random_network(random), random_chip(random));
  UnitSequence sequence = segments::decompose(chip.workload(), chip.architecture());
  expect_equal(chip, sequence, all_spans(sequence), "first");
  for (WeightUnit& unit : sequence.units) {
    unit.size = 1;
  }
  expect_equal(chip, sequence, all_spans(sequence), "with units of one crossbar");
}

}  // namespace
}  // namespace imbrex::test
