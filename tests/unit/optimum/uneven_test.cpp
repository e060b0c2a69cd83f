// Spaces whose factors need not divide, against every mapping there is, one by one.
#include "random_questions.hpp"

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

double value_of(std::size_t objective, const LayerCost& cost) {
  const auto latency = static_cast<double>(cost.latency_ps);
  return objective == 0 ? latency : objective == 1 ? cost.energy_pj : cost.energy_pj * latency;
}

// Bounds that have few divisors, too.
Problem uneven_product(Random& random) {
  WorkloadBuilder builder("random");
  const std::int64_t channels = random.between(1, 13);
  const TensorId left =
      builder.input("left", {2, {random.between(1, 13), channels}}, random_bits(random));
  const TensorId right =
      builder.input("right", {2, {channels, random.between(1, 13)}}, random_bits(random));
  builder.matmul("product", left, right, random_bits(random));
  return nests::prepare(builder.finish(), operator_id(0));
}

struct UnevenQuestion {
  RandomQuestion question;
  bool is_product = false;
};

UnevenQuestion uneven_question(Random& random, std::int64_t most) {
  while (true) {
    const bool is_product = random.below(2) == 0;
    RandomQuestion question{is_product ? uneven_product(random) : random_operator(random),
                            random_levels(random), std::nullopt};
    question.hierarchy.counting = nests::Counting::exact;
    question.problem.partial_sum_bits = random.below(6) == 0 ? 40 : 0;
    if (question.problem.bounds.macs() > 4096 || question.problem.divides) {
      continue;
    }
    MapSpaceSpec space = random_space(random, question.problem, question.hierarchy);
    const bool is_mixed = random.below(8) == 0;
    for (MapSlot& slot : space.slots) {
      slot.imperfect = !is_mixed || random.below(2) == 0;
    }
    space.slots.front().imperfect = true;
    question.space.emplace(std::move(space));
    if (question.space->size() <= static_cast<mapspace::MapSpace::Index>(most) &&
        (!question.space->empty() || random.below(16) == 0)) {
      return {std::move(question), is_product};
    }
  }
}

std::array<double, 3> enumerated(const RandomQuestion& question) {
  std::array<double, 3> least;
  least.fill(std::numeric_limits<double>::infinity());
  for (mapspace::MapSpace::Index i = 0; i < question.space->size(); ++i) {
    const LayerCost cost = cost_of(question, question.space->at(i));
    for (std::size_t o = 0; cost.verdict == Verdict::feasible && o < least.size(); ++o) {
      least[o] = std::min(least[o], value_of(o, cost));
    }
  }
  return least;
}

// Is it proved?
bool expect_sound(const RandomQuestion& question, std::size_t objective, double least,
                  const std::string& where) {
  const auto value = [&](const LayerCost& cost) { return value_of(objective, cost); };
  const auto never = [] { return false; };
  const optimum::Answer answer = optimum::solve(
      {question.space->spec(), question.problem, question.hierarchy, value}, {0, 0, 0, never});
  EXPECT_LE(answer.bound, least) << where << answer.unproved;
  if (answer.mapping) {
    EXPECT_TRUE(question.space->contains(*answer.mapping)) << where;
    EXPECT_EQ(value(cost_of(question, *answer.mapping)), answer.objective) << where;
    EXPECT_GE(answer.objective, least) << where;
  }
  if (answer.proved) {
    EXPECT_EQ(answer.mapping.has_value(), least < std::numeric_limits<double>::infinity()) << where;
    EXPECT_LE(answer.objective, least * (1 + 1e-9)) << where;
  } else {
    EXPECT_NE(answer.unproved, "a bound was above what the model counts") << where;
  }
  return answer.proved;
}

// IMBREX_OPTIMUM_PROBLEMS: how many; IMBREX_OPTIMUM_SEED: other ones.
TEST(UnevenOptimum, IsBoundedBelowAndProvedByEnumerationOfRandomProblems) {
  const char* const wanted = std::getenv("IMBREX_OPTIMUM_PROBLEMS");
  const char* const seed = std::getenv("IMBREX_OPTIMUM_SEED");
  const std::int64_t problems = wanted != nullptr ? std::atoll(wanted) : 300;
  std::array<std::int64_t, 2> asked{};  // operators with windows, products
  std::array<std::int64_t, 2> proved{};
  std::int64_t mappings = 0;
  for (std::int64_t i = 0; i < problems && !HasFailure(); ++i) {
    Random random(seed != nullptr ? static_cast<std::uint64_t>(std::atoll(seed)) : 23,
                  static_cast<std::uint64_t>(i));
    const auto [question, is_product] = uneven_question(random, 20000);
    const std::array<double, 3> least = enumerated(question);
    mappings += static_cast<std::int64_t>(question.space->size());
    for (std::size_t o = 0; o < least.size(); ++o) {
      const std::string where =
          "problem " + std::to_string(i) + ", objective " + std::to_string(o) + ": ";
      ++asked[is_product ? 1 : 0];
      proved[is_product ? 1 : 0] += expect_sound(question, o, least[o], where) ? 1 : 0;
    }
  }
  std::printf("%lld problems, %lld mappings; proved: %lld of %lld of products, %lld of %lld else\n",
              static_cast<long long>(problems), static_cast<long long>(mappings),
              static_cast<long long>(proved[1]), static_cast<long long>(asked[1]),
              static_cast<long long>(proved[0]), static_cast<long long>(asked[0]));
}

}  // namespace
}  // namespace imbrex::test
