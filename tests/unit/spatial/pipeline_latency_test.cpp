// Latency of pipelined segments: specification pipeorgan, sections 6.6, 7.1 and 10 (items 7 and 8),
// section 11 items 11 and 13.
#include "load_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <numeric>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using spatial::PipelineStage;
using Stages = std::vector<spatial::PipelineStage>;

Stages stages(const std::vector<std::int64_t>& times, const std::vector<std::int64_t>& halos) {
  Stages result;
  for (std::size_t i = 0; i < times.size(); ++i) {
    result.push_back({times[i], times[i], halos[i]});
  }
  return result;
}

struct Vector {
  std::vector<std::int64_t> times, halos;
  std::int64_t intervals, exact, lockstep;
};

class LatencyVectors : public testing::TestWithParam<Vector> {};

TEST_P(LatencyVectors, AreThoseOfTheSpecification) {
  const Vector& v = GetParam();
  EXPECT_EQ(spatial::pipeline_latency_ps(stages(v.times, v.halos), v.intervals), v.exact);
  EXPECT_EQ(spatial::lockstep_latency_ps(stages(v.times, v.halos), v.intervals), v.lockstep);
}

INSTANTIATE_TEST_SUITE_P(Section71, LatencyVectors,
                         testing::Values(Vector{{3, 5, 2}, {0, 0, 0}, 10, 55, 60},
                                         Vector{{4, 4}, {0, 1}, 8, 40, 40},
                                         Vector{{3, 5, 2}, {0, 1, 1}, 10, 60, 70},
                                         Vector{{36, 28}, {0, 0}, 572, 20620, 20628}));

TEST(PipelineLatency, EqualsTheRecurrenceAndKeepsItsBounds) {
  Random random(5, 0);
  for (int round = 0; round < 500; ++round) {
    const auto depth = static_cast<std::size_t>(random.between(1, 6));
    const std::int64_t n = random.between(1, 20);
    Stages pipeline;
    std::vector<std::vector<std::int64_t>> durations;
    std::vector<std::int64_t> halos;
    std::int64_t longest_stage = 0;
    std::int64_t one_interval = 0;
    const bool plain = random.below(3) == 0;
    for (std::size_t i = 0; i < depth; ++i) {
      const std::int64_t time = random.between(1, 30);
      const std::int64_t last = plain ? time : random.between(1, time);
      const std::int64_t halo = plain || i == 0 ? 0 : random.between(0, 3);
      pipeline.push_back({time, last, halo});
      durations.emplace_back(static_cast<std::size_t>(n), time);
      durations.back().back() = last;
      halos.push_back(halo);
      longest_stage = std::max(
          longest_stage,
          std::accumulate(durations.back().begin(), durations.back().end(), std::int64_t{0}));
      one_interval += std::min(time, last);
    }
    const std::int64_t latency = spatial::pipeline_latency_ps(pipeline, n);
    EXPECT_EQ(latency, spatial::pipeline_finish_ps(durations, halos).back().back()) << round;
    EXPECT_LE(latency, spatial::lockstep_latency_ps(pipeline, n)) << round;
    EXPECT_GE(latency, longest_stage) << round;
    EXPECT_GE(latency, one_interval) << round;
  }
}

TEST(PipelineLatency, GrowsWithNoStageMadeFaster) {
  Random random(6, 0);
  for (int round = 0; round < 300; ++round) {
    Stages pipeline;
    for (int i = 0; i < 4; ++i) {
      const std::int64_t time = random.between(2, 30);
      pipeline.push_back({time, random.between(1, time), i == 0 ? 0 : random.between(0, 2)});
    }
    const std::int64_t before = spatial::pipeline_latency_ps(pipeline, 15);
    spatial::PipelineStage& faster = pipeline[random.below(4)];
    faster.interval_ps -= 1;
    faster.last_interval_ps = std::min(faster.last_interval_ps, faster.interval_ps);
    EXPECT_LE(spatial::pipeline_latency_ps(pipeline, 15), before) << round;
  }
}

TEST(PipelineLatency, CountsTheRemainderOnce) {
  // One stage, 571.4 intervals: 571 whole ones and four tenths of one.
  const Stages one{{10, 4, 0}};
  EXPECT_EQ(spatial::pipeline_latency_ps(one, 572), 571 * 10 + 4);
}

// Section 10 item 7: 4 x 4 array, 4 words per producer, 8 MACs per cycle, links of a word per
// cycle.
struct Case {
  bool striped;
  bool amp;
  std::int64_t macs_per_word, interval, latency;
};

class WorkedLatency : public testing::TestWithParam<Case> {};

TEST_P(WorkedLatency, MatchesThePaperArithmetic) {
  const Case& want = GetParam();
  using namespace load_kit;
  const auto layout =
      want.striped ? spatial::striped(4, 4, Period{0, 1}) : spatial::blocked_1d(4, 4, Shares{2, 2});
  const Topology topology(want.amp ? TopologyKind::amp : TopologyKind::mesh, 4, 4, 2);
  const double load = route_flows(topology, chain_flows(layout, FlowPattern::one_to_one)).max_load;
  spatial::IntervalTimes times;
  times.compute_ps = 4 * want.macs_per_word / 8;
  times.noc_out_ps = static_cast<std::int64_t>(load * 4);
  const std::int64_t interval = times.double_buffered_ps();
  EXPECT_EQ(interval, want.interval);
  EXPECT_EQ(spatial::pipeline_latency_ps(stages({interval, interval}, {0, 0}), 10), want.latency);
  EXPECT_EQ(spatial::stall_cause(times),
            interval > times.compute_ps ? spatial::StallCause::noc : spatial::StallCause::none);
}

INSTANTIATE_TEST_SUITE_P(Section10, WorkedLatency,
                         testing::Values(Case{true, false, 16, 8, 88},
                                         Case{false, false, 16, 8, 88}, Case{true, false, 8, 4, 44},
                                         Case{false, false, 8, 8, 88},
                                         Case{false, true, 8, 4, 44}));

// Section 10 item 8: RITNet 3x3 then 1x1 at 32 channels on 32 x 32.
TEST(PipelineLatency, OfTheRitNetPairOnAMesh) {
  using namespace load_kit;
  constexpr std::int64_t kWords = 160 * 100 * 32;
  const Shares shares = spatial::min_max_shares(Shares{288, 32}, 32);
  ASSERT_EQ(shares, (Shares{28, 4}));
  const std::int64_t words = shares[0] * 32;  // one per producing element
  EXPECT_EQ(words, 896);
  const std::int64_t intervals = (kWords + words - 1) / words;
  EXPECT_EQ(intervals, 572);
  const std::int64_t first = 288 / 8;
  const std::int64_t second = words * 32 / (shares[1] * 32 * 8);
  EXPECT_EQ(second, 28);
  const double boundary =
      route_flows(Topology(TopologyKind::mesh, 32, 32),
                  chain_flows(spatial::blocked_1d(32, 32, shares), FlowPattern::one_to_one))
          .max_load;
  EXPECT_DOUBLE_EQ(boundary, 28);
  EXPECT_LE(boundary, static_cast<double>(first)) << "no stall";
  EXPECT_EQ(spatial::pipeline_latency_ps(stages({first, second}, {0, 0}), intervals), 20620);
}

TEST(StallCause, NamesTheLongestCause) {
  using spatial::StallCause;
  EXPECT_EQ(spatial::stall_cause({5, 5, 5, 5, 5}), spatial::StallCause::none);
  EXPECT_EQ(spatial::stall_cause({4, 3, 6, 6, 6}), spatial::StallCause::noc);
  EXPECT_EQ(spatial::stall_cause({4, 3, 5, 6, 6}), spatial::StallCause::global_buffer);
  EXPECT_EQ(spatial::stall_cause({4, 3, 5, 5, 6}), spatial::StallCause::dram);
  EXPECT_EQ((spatial::IntervalTimes{4, 3, 5, 1, 2}).single_buffered_ps(), 9);
}

}  // namespace

}  // namespace imbrex
