// What passes the boundaries of a step, counted alone, against the counts of the whole mapping.
#include "optimum/parts.hpp"
#include "random_questions.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

using optimum::kNever;
using optimum::Loads;
using optimum::Parts;
using optimum::Plan;

// The loops of a mapping as the search decides them.
Plan plan_of(const Mapping& mapping) {
  Plan plan;
  for (const Loop& loop : mapping.all_loops()) {
    const std::size_t dim = index(loop.dim);
    if (loop.kind == LoopKind::spatial) {
      plan.shares[loop.level][dim] = loop.bound;
      continue;
    }
    plan.steps[loop.level][dim] = loop.bound;
    optimum::Order& order = plan.order[loop.level];
    order.dim[order.count++] = static_cast<std::uint8_t>(dim);
  }
  return plan;
}

// What all loops of the plan up to a step leave inside.
nests::Extents rest_of(const Plan& plan, const nests::Problem& problem, std::size_t to) {
  nests::Extents rest;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    rest[d] = problem.bounds.bound[d];
    for (std::size_t l = 0; l < to; ++l) {
      rest[d] /= plan.steps[l][d] * plan.shares[l][d];
    }
  }
  return rest;
}

void expect_same(const Loads& one, const Loads& other, bool with_ports, const std::string& where) {
  EXPECT_NEAR(one.energy_pj, other.energy_pj, 1e-9 * (1 + std::abs(other.energy_pj))) << where;
  for (std::size_t l = 0; with_ports && l < nests::kMaxLevels; ++l) {
    // Counts of one instance are whole words.
    EXPECT_NEAR(one.read_bits[l], other.read_bits[l], 150) << where << "level " << l;
    EXPECT_NEAR(one.written_bits[l], other.written_bits[l], 150) << where << "level " << l;
    EXPECT_LE(one.written_bits[l], other.written_bits[l] + 1e-6) << where << "level " << l;
  }
}

class StepCounts : public testing::Test {
 protected:
  // Steps of random mappings one after the other; returns how many were compared.
  int compare(std::uint64_t seed, bool with_ports) {
    Random random(seed, 0);
    const RandomQuestion question = random_question(random, 20000);
    if (question.space->empty() || question.hierarchy.counting != nests::Counting::exact) {
      return 0;
    }
    const auto value = [&](const LayerCost& cost) {
      return with_ports ? static_cast<double>(cost.latency_ps) : cost.energy_pj;
    };
    const optimum::Question asked{question.space->spec(), question.problem, question.hierarchy,
                                  value};
    const Parts parts(asked);
    nests::AxisMemo memo;
    int compared = 0;
    for (int i = 0; i < 5; ++i) {
      const Plan whole = plan_of(question.space->sample(random));
      Loads loads = parts.counter.nothing();
      Plan plan;
      for (std::size_t step = 0; step + 1 < parts.layout.steps.size(); ++step, ++compared) {
        const optimum::Step& levels = parts.layout.steps[step];
        for (std::size_t l = levels.from; l < levels.to; ++l) {
          plan.steps[l] = whole.steps[l];
          plan.order[l] = whole.order[l];
          plan.shares[l] = whole.shares[l];
        }
        const nests::Extents rest = rest_of(plan, question.problem, levels.to);
        const Loads before = loads;
        loads = parts.counter.loads(step, plan, rest, before, kNever, memo);
        const std::string where = "seed " + std::to_string(seed) + ", step " + std::to_string(step);
        expect_same(loads, parts.counter.whole_loads(step, plan, rest), with_ports, where + ": ");
        // Stopped early, it says that there is too much, and no more than there is.
        const double most_pj = (before.energy_pj + loads.energy_pj) / 2;
        const Loads stopped = parts.counter.loads(step, plan, rest, before, most_pj, memo);
        EXPECT_EQ(stopped.energy_pj >= most_pj, loads.energy_pj >= most_pj) << where;
        EXPECT_LE(stopped.energy_pj, loads.energy_pj + 1e-9 * std::abs(loads.energy_pj)) << where;
      }
    }
    return compared;
  }
};

TEST_F(StepCounts, AddUpToTheCountsOfTheWholeMapping) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    compared += compare(seed, seed % 2 == 0);
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace imbrex::test
