// The optimum against every mapping there is, one by one.
#include "enumerated.hpp"

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

bool hands_on(const RandomQuestion& question, const Mapping& mapping) {
  const nests::NestCounts counts = nests::count(question.problem, question.hierarchy, mapping);
  bool hands_on = false;
  for (std::size_t l = 0; l < question.hierarchy.levels.size(); ++l) {
    hands_on = hands_on || counts.tensor[l][index(nests::Role::inputs)].handed_on > 0;
  }
  return hands_on;
}

// `improves`: mappings are improved by small changes on the way. `links`: counts those whose
// optimum has link transfers.
void expect_optimum(const RandomQuestion& question, std::size_t objective, const Least& least,
                    bool improves, const std::string& where, std::int64_t& links) {
  const auto value = [&](const LayerCost& cost) { return kObjectives[objective](cost); };
  const auto never = [] { return false; };
  optimum::Limits limits{0, 0, 0, never};
  if (improves) {
    limits.improves_at = 1;  // these problems are small
  }
  const optimum::Answer answer =
      optimum::solve({question.space->spec(), question.problem, question.hierarchy, value}, limits);
  ASSERT_TRUE(answer.proved) << where << answer.unproved;
  ASSERT_EQ(answer.mapping.has_value(), least.feasible > 0) << where;
  if (!answer.mapping) {
    return;
  }
  EXPECT_TRUE(question.space->contains(*answer.mapping)) << where;
  const LayerCost cost = cost_of(question, *answer.mapping);
  ASSERT_EQ(cost.verdict, Verdict::feasible) << where;
  EXPECT_EQ(value(cost), answer.objective) << where;
  EXPECT_LE(answer.objective, least.objective[objective] * (1 + 1e-9)) << where;
  EXPECT_GE(answer.objective, least.objective[objective]) << where;
  EXPECT_LE(answer.bound, answer.objective) << where;
  links += hands_on(question, *answer.mapping) ? 1 : 0;
}

// IMBREX_OPTIMUM_PROBLEMS: how many; IMBREX_OPTIMUM_SEED: other ones.
TEST(Optimum, EqualsEnumerationOfRandomProblems) {
  const char* const wanted = std::getenv("IMBREX_OPTIMUM_PROBLEMS");
  const char* const seed = std::getenv("IMBREX_OPTIMUM_SEED");
  const std::int64_t problems = wanted != nullptr ? std::atoll(wanted) : 1500;
  std::int64_t mappings = 0;
  std::int64_t infeasible = 0;
  std::int64_t links = 0;
  for (std::int64_t i = 0; i < problems && !HasFatalFailure(); ++i) {
    Random random(seed != nullptr ? static_cast<std::uint64_t>(std::atoll(seed)) : 17,
                  static_cast<std::uint64_t>(i));
    const RandomQuestion question = random_question(random, 20000);
    const Least least = enumerated(question);
    mappings += static_cast<std::int64_t>(question.space->size());
    infeasible += least.feasible == 0 ? 1 : 0;
    for (std::size_t o = 0; o < kObjectives.size(); ++o) {
      expect_optimum(question, o, least, (i + static_cast<std::int64_t>(o)) % 8 == 0,
                     "problem " + std::to_string(i) + ", objective " + std::to_string(o) + ": ",
                     links);
    }
  }
  RecordProperty("mappings", std::to_string(mappings));
  std::printf("%lld problems, %lld mappings, %lld without a feasible one, %lld optima with links\n",
              static_cast<long long>(problems), static_cast<long long>(mappings),
              static_cast<long long>(infeasible), static_cast<long long>(links));
  EXPECT_GT(infeasible, 0);
  EXPECT_LT(infeasible, problems / 2);
  EXPECT_GT(links, problems / 50);
}

}  // namespace
}  // namespace imbrex::test
