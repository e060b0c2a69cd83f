// What exists of padded windows and uneven factors, against a walk through every step of every
// instance with explicit sets of points.
#include "random_nests.hpp"
#include "walk.hpp"

#include <imbrex/toolkit/nests/existing.hpp>
#include <imbrex/toolkit/nests/existing_counts.hpp>

#include <numeric>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

TEST(ExistingWords, EqualTheWalk) {
  constexpr std::uint64_t kSeed = 20'261'129;
  constexpr std::uint64_t kTrials = 2000;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = random_problem(random);
    const Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_mapping(random, problem);
    Nest nest = read(mapping, 3);
    names_too_much(problem, nest);
    NestCounts counts;
    counts.tensor = {};
    const AllWords got = count_existing(problem, hierarchy, nest, 0b111, counts);
    const Walk twin(problem, hierarchy, mapping);
    for (std::size_t level = 0; level < 3; ++level) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        if ((hierarchy.levels[level].keep & keep_bit(role)) != 0) {
          SCOPED_TRACE("level " + std::to_string(level) + ", tensor " + std::to_string(role));
          const LevelWords want = twin.words(role, level);
          ASSERT_EQ(got[level][role].read, want.read);
          ASSERT_EQ(got[level][role].written, want.written);
        }
      }
    }
  }
}

// Bits through a port, of the instance that moves most of each tensor, and of all together.
struct PortBits {
  double most = 0;
  double all = 0;
  void add(const std::vector<double>& words, double bits) {
    most += bits * *std::max_element(words.begin(), words.end());
    all += bits * std::accumulate(words.begin(), words.end(), 0.0);
  }
};

struct Ports {
  PortBits read;
  PortBits write;
};

Ports ports_of(const Walk& walk, const Problem& problem, const Hierarchy& hierarchy,
               std::size_t level) {
  Ports ports;
  for (std::size_t role = 0; role < kRoles; ++role) {
    if ((hierarchy.levels[level].keep & keep_bit(role)) == 0) {
      continue;
    }
    std::vector<double> read;
    std::vector<double> written;
    for (const LevelWords& one : walk.instances(role, level)) {
      read.push_back(one.read);
      written.push_back(one.written);
    }
    ports.read.add(read, static_cast<double>(problem.bits[role]));
    ports.write.add(written, static_cast<double>(problem.bits[role]));
  }
  return ports;
}

void expect_words(const Walk& walk, const Hierarchy& hierarchy, std::size_t level,
                  const std::array<LevelWords, kRoles>& got) {
  for (std::size_t role = 0; role < kRoles; ++role) {
    if ((hierarchy.levels[level].keep & keep_bit(role)) != 0) {
      const LevelWords want = walk.words(role, level);
      EXPECT_EQ(got[role].read, want.read) << "level " << level << ", tensor " << role;
      EXPECT_EQ(got[role].written, want.written) << "level " << level << ", tensor " << role;
    }
  }
}

// Operands of any width, ports of any width or none, energies of every level.
void widths_and_ports(Random& random, Problem& problem, Hierarchy& hierarchy) {
  for (std::int64_t& bits : problem.bits) {
    bits = random.between(1, 16);
  }
  problem.macs = problem.bounds.macs();
  hierarchy.mac_energy_pj = static_cast<double>(random.between(0, 3));
  const auto quarter = [&](std::int64_t most) {
    return static_cast<double>(random.between(0, most)) / 4;
  };
  for (Level& level : hierarchy.levels) {
    level.read_bits_per_cycle = quarter(200);
    level.write_bits_per_cycle = quarter(200);
    level.read_energy_pj_per_bit = quarter(8);
    level.write_energy_pj_per_bit = quarter(8);
  }
}

// Everything that a mapping is judged by: words, energy, steps and cycles. A port is as slow as the
// instance that moves most of each tensor.
TEST(ExistingWords, GiveTheEnergyAndCyclesOfTheWalk) {
  constexpr std::uint64_t kSeed = 20'261'130;
  constexpr std::uint64_t kTrials = 2000;
  std::size_t memory_bound = 0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = random_problem(random);
    Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_mapping(random, problem);
    widths_and_ports(random, problem, hierarchy);
    AllWords all;
    const NestCounts got = count(problem, hierarchy, mapping, &all);
    ASSERT_EQ(got.verdict, Verdict::feasible);
    const Walk twin(problem, hierarchy, mapping);
    ASSERT_EQ(got.steps, twin.steps());
    double energy = static_cast<double>(problem.macs) * hierarchy.mac_energy_pj;
    auto cycles = static_cast<double>(got.steps);
    const auto passes = [&](const PortBits& port, double rate) {
      cycles = rate > 0 ? std::max(cycles, port.most / rate) : cycles;
    };
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
      const Level& level = hierarchy.levels[l];
      expect_words(twin, hierarchy, l, all[l]);
      const Ports ports = ports_of(twin, problem, hierarchy, l);
      energy += ports.read.all * level.read_energy_pj_per_bit +
                ports.write.all * level.write_energy_pj_per_bit;
      passes(ports.read, level.read_bits_per_cycle);
      passes(ports.write, level.write_bits_per_cycle);
    }
    ASSERT_NEAR(got.energy_pj, energy, 1e-9 * energy);
    ASSERT_DOUBLE_EQ(got.cycles, cycles);
    memory_bound += got.cycles > static_cast<double>(got.steps) ? 1 : 0;
  }
  EXPECT_GT(memory_bound, kTrials / 4);
  EXPECT_LT(memory_bound, kTrials);
}

}  // namespace
}  // namespace imbrex::nests
