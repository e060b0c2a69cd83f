// Spaces whose factors need not divide, against every mapping there is, one by one.
#include "uneven_questions.hpp"

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

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
