// Loads by intervals equal loads of ways walked link by link, to the last bit; so do sums of equal
// terms.
#include "walked_loads.hpp"

#include "language/repeated_sum.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

std::int32_t one_of(Random& random, std::int32_t count) {
  return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(count)));
}

Topology random_topology(Random& random) {
  const auto rows = static_cast<std::int32_t>(random.between(1, 11));
  const auto columns = static_cast<std::int32_t>(random.between(1, 11));
  constexpr TopologyKind kKinds[] = {TopologyKind::mesh, TopologyKind::amp, TopologyKind::torus,
                                     TopologyKind::flattened_butterfly};
  const TopologyKind kind = kKinds[random.below(4)];
  return {kind, rows, columns, static_cast<std::int32_t>(random.between(0, 14))};
}

std::string text(const Topology& topology) {
  return std::string(kTopologyNames[index(topology.kind())]) + " " +
         std::to_string(topology.rows()) + " x " + std::to_string(topology.columns()) +
         " express " + std::to_string(topology.express_length());
}

// Equal words in runs, thirds among them, whose sums round; readers that several sources share,
// unordered ones and ports.
FlowSet random_flows(Random& random, const Topology& topology) {
  FlowSet flows;
  double words = 1;
  for (int i = 0; i < 60; ++i) {
    if (random.below(4) == 0) {
      words = static_cast<double>(random.between(1, 9)) / static_cast<double>(random.between(1, 7));
    }
    const std::int32_t nodes = topology.nodes() + (random.below(5) == 0 ? topology.rows() : 0);
    std::vector<std::int32_t> to;
    const int readers = random.below(2) == 0 ? 1 : static_cast<int>(random.between(1, 12));
    for (int d = 0; d < readers; ++d) {
      to.push_back(one_of(random, nodes));
    }
    flows.add(one_of(random, nodes), to, words);
    const bool shared = random.below(3) == 0;
    for (int again = 0; shared && again < static_cast<int>(random.between(1, 20)); ++again) {
      flows.add(one_of(random, nodes), flows.destinations(flows.flows().back()), words);
    }
  }
  return flows;
}

void expect_equal(const Topology& topology, const FlowSet& flows, const RoutingChoice& choice) {
  const LinkLoads fast = route_flows(topology, flows, choice);
  const LinkLoads slow = load_kit::WalkedLoads(topology, choice).run(flows);
  ASSERT_EQ(fast.load, slow.load);
  EXPECT_EQ(fast.max_load, slow.max_load);
  EXPECT_EQ(fast.word_links, slow.word_links);
  EXPECT_EQ(fast.word_pitches, slow.word_pitches);
  EXPECT_EQ(fast.most_hops, slow.most_hops);
  EXPECT_NEAR(fast.mean_hops, slow.mean_hops, 1e-9);
}

TEST(WalkedLoads, AreThoseOfIntervals) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    Random random(seed, 11);
    const Topology topology = random_topology(random);
    SCOPED_TRACE(text(topology) + " seed " + std::to_string(seed));
    const FlowSet flows = random_flows(random, topology);
    for (const bool multicast : {true, false}) {
      for (const bool balanced : {true, false}) {
        expect_equal(topology, flows, {multicast, balanced});
      }
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(WalkedLoads, AreThoseOfIntervalsForEveryPatternOfALayout) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed, 12);
    const Topology topology = random_topology(random);
    SpatialLayout layout;
    layout.rows = topology.rows();
    layout.columns = topology.columns();
    layout.stages = 3;
    layout.cell_rows = static_cast<std::int32_t>(random.between(1, layout.rows));
    layout.cell_columns = static_cast<std::int32_t>(random.between(1, layout.columns));
    layout.stage_of.assign(topology.nodes(), 0);
    const bool stripes = random.below(2) == 0;
    for (std::int32_t node = 0; node < topology.nodes(); ++node) {
      const std::int32_t column = node % layout.columns;
      layout.stage_of[node] = static_cast<std::int16_t>(stripes ? column % 3 : one_of(random, 3));
    }
    FlowSet flows;
    for (const FlowPattern pattern :
         {FlowPattern::one_to_one, FlowPattern::halo, FlowPattern::row_multicast,
          FlowPattern::all_multicast, FlowPattern::global_buffer}) {
      const double words = static_cast<double>(random.between(1, 9)) / 7;
      add_flows(layout, {0, 1, pattern, words}, flows);
      add_flows(layout, {1, 2, pattern, words / 3}, flows);
    }
    SCOPED_TRACE(text(topology) + " seed " + std::to_string(seed));
    expect_equal(topology, flows, {});
    ASSERT_FALSE(HasFailure());
  }
}

double added_one_by_one(double sum, double term, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) {
    sum += term;
  }
  return sum;
}

TEST(RepeatedSum, EqualsTheLoop) {
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    Random random(seed, 13);
    const auto number = [&] {
      const auto digits = static_cast<double>(random.between(0, std::int64_t{1} << 53));
      return std::ldexp(digits, static_cast<int>(random.between(-70, 10)));
    };
    const double sum = random.below(3) == 0 ? 0 : number();
    const double term = number();
    const std::int64_t times = random.between(0, 3000);
    ASSERT_EQ(repeated_sum(sum, term, times), added_one_by_one(sum, term, times))
        << seed << ": " << sum << " + " << times << " * " << term;
  }
}

// Terms that fall half-way between two doubles, below, at and above powers of two.
TEST(RepeatedSum, EqualsTheLoopWhereAdditionsTie) {
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    Random random(seed, 14);
    const double power = std::ldexp(1.0, static_cast<int>(random.between(-3, 60)));
    double sum = power;
    for (std::int64_t i = random.between(0, 4); i > 0; --i) {
      sum = std::nextafter(sum, random.below(2) == 0 ? 0 : INFINITY);
    }
    const double last_place = std::nextafter(power, INFINITY) - power;
    const double term = last_place * (static_cast<double>(random.between(0, 40)) / 4);
    const std::int64_t times = random.between(0, 2000);
    ASSERT_EQ(repeated_sum(sum, term, times), added_one_by_one(sum, term, times))
        << seed << ": " << sum << " + " << times << " * " << term;
  }
}

// 0.1 misses one million additions of itself by what they round; a product would not.
TEST(RepeatedSum, RoundsEveryAddition) {
  EXPECT_EQ(repeated_sum(0, 0.1, 10), 0.9999999999999999);
  EXPECT_EQ(repeated_sum(0, 0.1, 1000000), added_one_by_one(0, 0.1, 1000000));
  EXPECT_NE(repeated_sum(0, 0.1, 1000000), 0.1 * 1000000);
}

}  // namespace

}  // namespace imbrex
