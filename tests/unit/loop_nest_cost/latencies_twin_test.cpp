// Latencies against a walk that notes when tiles change, and tiles played one by one.
#include "hand_nests.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/latencies.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::nests {
namespace {

// Steps in which the tile of some operand is another than before, one by one.
std::int64_t walked_requests(const Problem& problem, const Mapping& mapping, std::size_t child) {
  std::int64_t steps = 1;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    steps *= mapping.loops[i].level < child ? mapping.loops[i].bound : 1;
  }
  std::int64_t requests = 0;
  std::vector<std::int64_t> last;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::vector<std::int64_t> tiles;
    std::int64_t rest = steps;
    for (std::size_t i = 0; i < mapping.count && mapping.loops[i].level < child; ++i) {
      rest /= mapping.loops[i].bound;
      const std::int64_t at = step / rest % mapping.loops[i].bound;
      const std::size_t dim = imbrex::index(mapping.loops[i].dim);
      for (const Role role : {Role::weights, Role::inputs}) {
        tiles.push_back(problem.tensor[index(role)].depends_on(dim) ? at : 0);
      }
    }
    requests += step == 0 || tiles != last ? 1 : 0;
    last = tiles;
  }
  return requests;
}

Mapping random_mapping(Random& random, Problem& problem) {
  std::array<std::int64_t, 3> made{1, 1, 1};
  std::vector<Loop> loops;
  constexpr Dim kDims[] = {Dim::P, Dim::C, Dim::K};
  for (std::uint8_t level = 0; level < 3; ++level) {
    for (std::int64_t i = random.between(0, 3); i > 0; --i) {
      const std::size_t dim = random.below(3);
      loops.push_back({kDims[dim], kT, level, random.between(2, 3)});
      made[dim] *= loops.back().bound;
    }
  }
  problem = dense(made[0], made[1], made[2]);
  return nest_of(loops);
}

TEST(LatencyTwin, RequestsAreThoseOfAWalk) {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    Random random(20'261'130, trial);
    Problem problem;
    const Mapping mapping = random_mapping(random, problem);
    Hierarchy hierarchy = levels_of({1, 1, 1});
    hierarchy.has_latencies = true;
    const NestCounts plain = count(problem, hierarchy, mapping);
    const NestTimes before = times_of(problem, hierarchy, mapping, plain);
    EXPECT_EQ(before.cycles, count(problem, levels_of({1, 1, 1}), mapping).cycles);
    hierarchy.levels[0].access_cycles = 5;
    hierarchy.levels[1].access_cycles = 3;
    const NestTimes after = times_of(problem, hierarchy, mapping, plain);
    // Sums never change tiles more often than the operands do.
    for (std::size_t l = 0; l < 2; ++l) {
      EXPECT_EQ(after.port[l].read - before.port[l].read,
                hierarchy.levels[l].access_cycles *
                    static_cast<double>(walked_requests(problem, mapping, l + 1)));
    }
    EXPECT_GE(after.cycles, before.cycles);
  }
}

// Tile after tile: a step is as long as the next fetch, the work, or the store of the results that
// left with the tile before.
double played(const std::vector<bool>& leaves, double fetch, double work, double store) {
  double cycles = fetch + work + store;
  for (std::size_t i = 1; i < leaves.size(); ++i) {
    cycles += std::max({fetch, work, leaves[i - 1] ? store : 0.0});
  }
  return cycles;
}

TEST(LatencyTwin, TilesInStepTakeWhatIsPlayed) {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    Random random(20'261'131, trial);
    const std::int64_t rows = random.between(1, 4);
    const std::int64_t columns = random.between(1, 4);
    const std::int64_t shares = random.between(1, 4);  // of the channels, added up one by one
    const std::int64_t channels = random.between(1, 9);
    const double latency = static_cast<double>(random.between(0, 200));
    const double fill = static_cast<double>(random.between(0, 200));
    const Mapping mapping = nest_of({{Dim::P, kT, 0, rows},
                                     {Dim::K, kT, 0, columns},
                                     {Dim::C, kT, 0, shares},
                                     {Dim::P, kS, 1, 16},
                                     {Dim::K, kS, 1, 16},
                                     {Dim::C, kT, 2, 16 * channels}});
    std::vector<bool> leaves;
    for (std::int64_t i = 0; i < rows * columns * shares; ++i) {
      leaves.push_back(i % shares == shares - 1);
    }
    const double tile = static_cast<double>(16 * channels);
    EXPECT_NEAR(cycles_of(product(16 * rows, 16 * channels * shares, 16 * columns),
                          systolic(latency, fill), mapping),
                played(leaves, 8 * tile + latency, tile + fill, 64), 1e-6);
  }
}

}  // namespace
}  // namespace imbrex::nests
