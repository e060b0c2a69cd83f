// Layouts of pipelined segments: specification pipeorgan, sections 5.3 and 6.6.
#include "xrbench_kit.hpp"

#include <imbrex/toolkit/spatial/segment_layout.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using segments::LayerSequence;
using spatial::ArrayRates;
using spatial::SegmentEdge;
using spatial::SegmentLayout;
using spatial::SegmentStages;

constexpr spatial::ArrayRates kRates{8, 1, 1, 1};

struct Segment {
  std::vector<std::int64_t> macs;
  std::vector<spatial::SegmentEdge> edges;
  spatial::SegmentStages stages(FlowPattern pattern = FlowPattern::one_to_one) const {
    return {macs, edges, pattern};
  }
};

// The segments of the greedy heuristic.
std::vector<Segment> segments(const xrbench::Network& network) {
  const segments::LayerSequence sequence = xrbench::sequence(network);
  std::vector<Segment> result;
  std::int32_t begin = 0;
  for (const std::int32_t end : segments::greedy_segments(sequence, test::kPublishedLimits)) {
    Segment segment;
    for (std::int32_t i = begin; i < end; ++i) {
      const segments::LayerWords& layer = sequence.layers[static_cast<std::size_t>(i)];
      segment.macs.push_back(layer.macs);
      if (i + 1 < end) {
        segment.edges.push_back({i - begin, i - begin + 1, layer.output_words});
      }
    }
    result.push_back(std::move(segment));
    begin = end;
  }
  return result;
}

TEST(BestLayout, IsTheBestCandidate) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  for (const xrbench::Network& network : xrbench::all_corrected()) {
    for (const Segment& segment : segments(network)) {
      const auto best = spatial::best_layout(mesh, segment.stages(), kRates);
      ASSERT_TRUE(best);
      const std::vector<std::int64_t> shares = best->layout.shares();
      EXPECT_EQ(shares.size(), segment.macs.size());
      for (const SpatialLayout& layout : spatial::candidate_layouts(32, 32, segment.stages())) {
        EXPECT_GE(spatial::evaluate_layout(mesh, layout, segment.stages(), kRates).period_cycles(),
                  best->period_cycles() * (1 - 1e-9))
            << network.file << "\n"
            << layout.text();
      }
    }
  }
}

TEST(BestLayout, InterleavesAFinePairAndBlocksAMulticast) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  // Two 1 x 1 layers of 32 channels: 32 MACs per word, far below what blocks need on a mesh.
  const Segment pair{{32 << 15, 32 << 15}, {{0, 1, 1 << 15}}};
  const auto fine = spatial::best_layout(mesh, pair.stages(), kRates);
  ASSERT_TRUE(fine);
  EXPECT_EQ(fine->layout.kind, LayoutKind::striped);
  EXPECT_DOUBLE_EQ(fine->loads.max_load, (1 << 15) / 512.0);
  EXPECT_DOUBLE_EQ(fine->compute_cycles, 32.0 * (1 << 15) / (512 * 8));
  const auto coarse = spatial::best_layout(mesh, pair.stages(FlowPattern::all_multicast), kRates);
  ASSERT_TRUE(coarse);
  EXPECT_EQ(coarse->layout.kind, LayoutKind::blocked_1d);
}

TEST(BestLayout, KeepsToTheKindAskedFor) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const Segment pair{{900, 100}, {{0, 1, 10}}};
  const auto blocks = spatial::best_layout(mesh, pair.stages(), kRates, LayoutKind::blocked_1d);
  ASSERT_TRUE(blocks);
  EXPECT_EQ(blocks->layout.shares(), (std::vector<std::int64_t>{28 * 32, 4 * 32}));
  EXPECT_FALSE(spatial::best_layout(mesh, pair.stages(), kRates, LayoutKind::cells));
}

TEST(CandidateLayouts, CoverTheArrayWithEveryStage) {
  for (std::size_t stages = 1; stages <= 9; ++stages) {
    std::vector<std::int64_t> macs;
    for (std::size_t i = 0; i < stages; ++i) {
      macs.push_back(static_cast<std::int64_t>(1 + i * i));
    }
    for (const FlowPattern pattern : {FlowPattern::one_to_one}) {
      const auto layouts = spatial::candidate_layouts(3, 3, {macs, {}, pattern});
      ASSERT_FALSE(layouts.empty()) << stages;
      for (const SpatialLayout& layout : layouts) {
        const std::vector<std::int64_t> shares = layout.shares();
        ASSERT_EQ(shares.size(), stages) << layout.text();
        EXPECT_GE(*std::min_element(shares.begin(), shares.end()), 1) << layout.text();
      }
    }
  }
  const std::vector<std::int64_t> many(10, 1);
  EXPECT_TRUE(spatial::candidate_layouts(3, 3, {many, {}, FlowPattern::one_to_one}).empty());
}

// --- Section 6.6: by how much links lengthen the computing time of a network, on one row of the
// array. Shares for computing are dealt in 128 units of 8 elements, four to a column.

double busiest_cycles(const Segment& segment) {
  const auto units = spatial::min_max_shares(segment.macs, 128);
  double cycles = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    cycles = std::max(cycles,
                      static_cast<double>(segment.macs[i]) / (static_cast<double>(units[i]) * 2));
  }
  return cycles;
}

double link_cycles(const Topology& row, const Segment& segment, bool also_diffused) {
  const auto shares = spatial::min_max_shares(segment.macs, 32);
  const auto cycles = [&](const SpatialLayout& layout) {
    return spatial::evaluate_layout(row, layout, segment.stages(), kRates).link_cycles;
  };
  const double blocked = cycles(spatial::blocked_1d(1, 32, shares));
  return also_diffused ? std::min(blocked, cycles(spatial::error_diffused(1, 32, shares)))
                       : blocked;
}

struct Stretch {
  double mean = 1;   // geometric, over networks with a pipelined cut
  int networks = 0;  // of these
};

Stretch stretch(const std::vector<xrbench::Network>& networks, TopologyKind kind,
                bool also_diffused) {
  const Topology row(kind, 1, 32, kind == TopologyKind::amp ? 4 : 0);
  Stretch result;
  double logarithms = 0;
  for (const xrbench::Network& network : networks) {
    double period = 0;
    double compute = 0;
    bool pipelined = false;
    for (const Segment& segment : segments(network)) {
      const double busy = busiest_cycles(segment);
      period += std::max(busy, link_cycles(row, segment, also_diffused));
      compute += busy;
      pipelined = pipelined || segment.macs.size() > 1;
    }
    logarithms += pipelined ? std::log(period / compute) : 0;
    result.networks += pipelined ? 1 : 0;
  }
  result.mean = std::exp(logarithms / result.networks);
  return result;
}

struct StretchRow {
  bool corrected, also_diffused;
  TopologyKind kind;
  double mean;
};

class StretchTable : public testing::TestWithParam<StretchRow> {};

TEST_P(StretchTable, HasTheFigureOfTheSpecification) {
  const StretchRow& row = GetParam();
  const Stretch got = stretch(row.corrected ? xrbench::all_corrected() : xrbench::networks(),
                              row.kind, row.also_diffused);
  EXPECT_EQ(got.networks, 9);
  EXPECT_NEAR(got.mean, row.mean, 6e-4);
}

INSTANTIATE_TEST_SUITE_P(Section66, StretchTable,
                         testing::Values(StretchRow{false, false, TopologyKind::mesh, 1.158},
                                         StretchRow{false, false, TopologyKind::amp, 1.057},
                                         StretchRow{false, true, TopologyKind::mesh, 1.005},
                                         StretchRow{false, true, TopologyKind::amp, 1.005},
                                         StretchRow{true, false, TopologyKind::mesh, 1.305},
                                         StretchRow{true, false, TopologyKind::amp, 1.113},
                                         StretchRow{true, true, TopologyKind::mesh, 1.046},
                                         StretchRow{true, true, TopologyKind::amp, 1.008}));

// The rule's first guess against the best candidate (section 5.3 wants it within 5 % on the
// benchmark set; several destinations per word and uneven shares miss that, which is why all are
// evaluated).
struct RuleCase {
  FlowPattern pattern;
  double least_part;  // of the segments within 5 %
  double most_mean;   // geometric mean of first over best
};
class FirstGuess : public testing::TestWithParam<RuleCase> {};

TEST_P(FirstGuess, IsCloseToTheBest) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const FlowPattern pattern = GetParam().pattern;
  int count = 0;
  int close = 0;
  double logs = 0;
  for (const xrbench::Network& network : xrbench::all_corrected()) {
    for (const Segment& segment : segments(network)) {
      if (segment.macs.size() < 2) {
        continue;
      }
      const spatial::SegmentStages stages = segment.stages(pattern);
      const double best = spatial::best_layout(mesh, stages, kRates)->period_cycles();
      const auto first = spatial::candidate_layouts(32, 32, stages).front();
      const double ratio =
          spatial::evaluate_layout(mesh, first, stages, kRates).period_cycles() / best;
      ++count;
      close += ratio <= 1.05 ? 1 : 0;
      logs += std::log(ratio);
    }
  }
  EXPECT_EQ(count, 130) << "pipelined segments in the corrected histograms of section 9.3";
  EXPECT_GE(close, GetParam().least_part * count);
  EXPECT_LE(std::exp(logs / count), GetParam().most_mean);
}

INSTANTIATE_TEST_SUITE_P(Section53, FirstGuess,
                         testing::Values(RuleCase{FlowPattern::one_to_one, 0.95, 1.01},
                                         RuleCase{FlowPattern::halo, 0.9, 1.04},
                                         RuleCase{FlowPattern::row_multicast, 0.7, 1.11}));

}  // namespace

}  // namespace imbrex
