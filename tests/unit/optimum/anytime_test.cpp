// What is known of the optimum before it is proved: the bounds along the way, and those of searches
// that are stopped, against every mapping there is.
#include "enumerated.hpp"

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr std::int64_t kProblems = 400;
constexpr double kSums = 1e-9;  // doubles are added up in another order

struct Improvement {
  std::int64_t states = 0;
  double objective = 0;
  double bound = 0;
};

std::vector<Improvement> curve_of(const optimum::Answer& answer) {
  std::vector<Improvement> curve;
  std::istringstream text(answer.convergence);
  Improvement one;
  char colon = 0;
  while (text >> one.states >> colon >> one.objective >> colon >> one.bound) {
    curve.push_back(one);
  }
  EXPECT_TRUE(text.eof()) << answer.convergence;
  return curve;
}

// Steps upwards of the bound.
std::int64_t expect_anytime(const optimum::Answer& answer, double least) {
  std::int64_t rises = 0;
  Improvement before{0, std::numeric_limits<double>::infinity(), 0};
  for (const Improvement& now : curve_of(answer)) {
    EXPECT_GE(now.states, before.states);
    EXPECT_LT(now.objective, before.objective);
    EXPECT_GE(now.bound, before.bound);
    EXPECT_LE(now.bound, least * (1 + kSums));
    rises += now.bound > before.bound ? 1 : 0;
    before = now;
  }
  EXPECT_EQ(before.objective, answer.objective);
  EXPECT_LE(before.bound, answer.bound * (1 + kSums));
  return rises;
}

template <class Visit>
void each_problem(Visit&& visit) {
  for (std::int64_t i = 0; i < kProblems; ++i) {
    Random random(29, static_cast<std::uint64_t>(i));
    const RandomQuestion question = random_question(random, 5000);
    const Least least = enumerated(question);
    for (std::size_t o = 0; o < kObjectives.size() && least.feasible > 0; ++o) {
      SCOPED_TRACE("problem " + std::to_string(i) + ", objective " + std::to_string(o));
      const auto value = [&](const LayerCost& cost) { return kObjectives[o](cost); };
      visit(optimum::Question{question.space->spec(), question.problem, question.hierarchy, value},
            least.objective[o]);
    }
  }
}

TEST(AnytimeOptimum, BoundsNeverFallAndHoldFromTheBeginning) {
  std::int64_t rises = 0;
  std::int64_t curves = 0;
  each_problem([&](const optimum::Question& question, double least) {
    const auto never = [] { return false; };
    for (const std::int64_t improves_at : {1, 50'000}) {
      rises += expect_anytime(optimum::solve(question, {0, 0, 0, never, improves_at}), least);
      ++curves;
    }
  });
  EXPECT_GT(rises, curves + curves / 4) << "bounds must become better along the way";
}

TEST(AnytimeOptimum, KeepsWhatIsKnownWhenItIsStopped) {
  std::int64_t interrupted = 0;
  std::int64_t with_mapping = 0;
  each_problem([&](const optimum::Question& question, double least) {
    for (const std::int64_t most : {1, 5, 25}) {
      std::int64_t asked = 0;
      const auto later = [&] { return ++asked > most; };
      const optimum::Answer answer = optimum::solve(question, {0, 0, 0, later});
      EXPECT_LE(answer.bound, least * (1 + kSums));
      if (answer.mapping) {
        EXPECT_GE(answer.objective, least * (1 - kSums));
        expect_anytime(answer, least);
      }
      if (asked > most) {
        EXPECT_FALSE(answer.proved);
        EXPECT_EQ(answer.unproved, optimum::kInterrupted);
        ++interrupted;
        with_mapping += answer.mapping ? 1 : 0;
      } else {
        EXPECT_TRUE(answer.proved);
      }
    }
  });
  EXPECT_GT(interrupted, kProblems);
  EXPECT_GT(with_mapping, interrupted / 4);
  EXPECT_LT(with_mapping, interrupted);
}

}  // namespace
}  // namespace imbrex::test
