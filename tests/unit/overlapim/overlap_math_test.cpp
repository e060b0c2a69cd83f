// The closed forms against the recurrence and against all permutations
// (specification fast-overlapim, section 8: O5, transformation optimality, examples A, D, E).
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::uint64_t kSeed = 240700604;
using Times = std::vector<std::int64_t>;

// Section 3.5, step by step.
std::int64_t recurrence(const Times& arrivals, std::int64_t tau) {
  std::int64_t at = 0;
  for (const std::int64_t arrival : arrivals) {
    at = std::max(at, arrival) + tau;
  }
  return at;
}

// Jobs in the given order, `servers` per step.
std::int64_t run_dealt(const Times& arrivals, std::int64_t servers, std::int64_t tau,
                       bool lock_step) {
  const auto width = static_cast<std::size_t>(servers);
  Times free(width, 0);
  for (std::size_t first = 0; first < arrivals.size(); first += width) {
    const std::size_t last = std::min(first + width, arrivals.size());
    std::int64_t begin = *std::max_element(free.begin(), free.end());
    for (std::size_t i = first; i < last; ++i) {
      begin = std::max(begin, arrivals[i]);
    }
    for (std::size_t i = first; i < last; ++i) {
      std::int64_t& at = free[i - first];
      at = lock_step ? begin + tau : std::max(at, arrivals[i]) + tau;
    }
  }
  return *std::max_element(free.begin(), free.end());
}

Times random_arrivals(Random& random, std::size_t count, std::int64_t high) {
  Times arrivals(count);
  for (std::int64_t& arrival : arrivals) {
    arrival = random.below(6) == 0 ? analysis::kNoNeed : random.between(0, high);
  }
  return arrivals;
}

TEST(OverlapMath, EndOfWorkedExamples) {
  EXPECT_EQ(analysis::overlapped_end(Times{4, 8, 8, 8}, 2), 14);      // A
  EXPECT_EQ(analysis::overlapped_end(Times{18, 24, 18, 24}, 4), 36);  // D
  EXPECT_EQ(analysis::overlapped_end(Times{5, 6, 7, 8}, 2), 13);      // E, lock-step
}

TEST(OverlapMath, TransformedEndOfWorkedExamples) {
  EXPECT_EQ(analysis::transformed_end(analysis::histogram(Times{15, 18, 18, 18, 21, 24, 24, 24}), 2,
                                      4, true),
            34);
  EXPECT_EQ(
      analysis::transformed_end(analysis::histogram(Times{1, 5, 2, 6, 3, 7, 4, 8}), 2, 2, true),
      10);
}

TEST(OverlapMath, EndNeedsNoArrival) {
  EXPECT_EQ(
      analysis::overlapped_end(Times{analysis::kNoNeed, analysis::kNoNeed, analysis::kNoNeed}, 7),
      21);
  EXPECT_EQ(analysis::transformed_end(
                analysis::histogram(Times{analysis::kNoNeed, analysis::kNoNeed, analysis::kNoNeed}),
                2, 7, true),
            14);
}

TEST(OverlapMath, EndIsWhatTheRecurrenceGives) {
  Random random(kSeed, 1);
  for (int i = 0; i < 1500; ++i) {
    const std::int64_t tau = random.between(1, 9);
    const Times arrivals = random_arrivals(random, random.below(40) + 1, 100);
    ASSERT_EQ(analysis::overlapped_end(arrivals, tau), recurrence(arrivals, tau))
        << "seed " << kSeed << " case " << i;
  }
}

TEST(OverlapMath, HistogramCountsEveryValue) {
  Random random(kSeed, 2);
  for (int i = 0; i < 1000; ++i) {
    Times values = random_arrivals(random, random.below(60), i % 2 == 0 ? 20 : 1'000'000'000);
    const analysis::ReadyHistogram counted = analysis::histogram(values);
    std::sort(values.begin(), values.end());
    std::size_t at = 0;
    for (const analysis::ReadyCount& entry : counted) {
      for (std::int64_t n = 0; n < entry.count; ++n) {
        ASSERT_LT(at, values.size());
        ASSERT_EQ(values[at++], entry.value) << "case " << i;
      }
      ASSERT_TRUE(at == values.size() || values[at] > entry.value) << "case " << i;
    }
    ASSERT_EQ(at, values.size());
  }
}

TEST(OverlapMath, HistogramOfSumsIsThatOfAllSums) {
  Random random(kSeed, 3);
  for (int i = 0; i < 1000; ++i) {
    Times x(random.below(20)), y(random.below(20)), sums;
    for (Times* values : {&x, &y}) {
      for (std::int64_t& value : *values) {
        value = random.between(0, i % 2 == 0 ? 12 : 1'000'000);
      }
    }
    for (const std::int64_t a : x) {
      for (const std::int64_t b : y) {
        sums.push_back(a + b);
      }
    }
    ASSERT_EQ(analysis::histogram_of_sums(analysis::histogram(x), analysis::histogram(y)),
              analysis::histogram(sums))
        << "case " << i;
  }
}

TEST(OverlapMath, TransformedEndIsWhatDealingInOrderGives) {
  Random random(kSeed, 4);
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t tau = random.between(1, 9);
    const std::int64_t servers = random.between(1, 8);
    Times arrivals = random_arrivals(random, random.below(60) + 1, i % 2 == 0 ? 60 : 100'000);
    const analysis::ReadyHistogram counted = analysis::histogram(arrivals);
    std::sort(arrivals.begin(), arrivals.end());
    for (const bool lock_step : {false, true}) {
      ASSERT_EQ(analysis::transformed_end(counted, servers, tau, lock_step),
                run_dealt(arrivals, servers, tau, lock_step))
          << "seed " << kSeed << " case " << i << " lock-step " << lock_step;
    }
  }
}

TEST(OverlapMath, NoPermutationBeatsEarliestReadyFirst) {
  Random random(kSeed, 5);
  for (int i = 0; i < 1500; ++i) {
    const std::int64_t tau = random.between(1, 5);
    const std::int64_t servers = random.between(1, 3);
    Times arrivals = random_arrivals(random, random.below(6) + 1, 12);
    const analysis::ReadyHistogram counted = analysis::histogram(arrivals);
    std::sort(arrivals.begin(), arrivals.end());
    std::int64_t best[2] = {INT64_MAX, INT64_MAX};
    do {
      for (const bool lock_step : {false, true}) {
        best[lock_step] = std::min(best[lock_step], run_dealt(arrivals, servers, tau, lock_step));
      }
    } while (std::next_permutation(arrivals.begin(), arrivals.end()));
    ASSERT_EQ(analysis::transformed_end(counted, servers, tau, false), best[0]) << "case " << i;
    ASSERT_EQ(analysis::transformed_end(counted, servers, tau, true), best[1]) << "case " << i;
  }
}

TEST(OverlapMath, EarliestReadyFirstIsStable) {
  Random random(kSeed, 6);
  for (int i = 0; i < 500; ++i) {
    const Times arrivals = random_arrivals(random, random.below(80), i % 2 == 0 ? 9 : 1'000'000);
    std::vector<std::uint32_t> expected(arrivals.size());
    std::iota(expected.begin(), expected.end(), 0u);
    std::stable_sort(expected.begin(), expected.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return arrivals[a] < arrivals[b]; });
    ASSERT_EQ(analysis::earliest_ready_first(arrivals), expected) << "case " << i;
  }
}

// O7: the clock has no unit.
TEST(OverlapMath, ScalingTimeScalesEnds) {
  Random random(kSeed, 7);
  for (int i = 0; i < 300; ++i) {
    Times arrivals(random.below(30) + 1), scaled;
    for (std::int64_t& arrival : arrivals) {
      arrival = random.between(0, 50);
      scaled.push_back(arrival * 7);
    }
    EXPECT_EQ(analysis::overlapped_end(scaled, 21), 7 * analysis::overlapped_end(arrivals, 3));
    EXPECT_EQ(analysis::transformed_end(analysis::histogram(scaled), 3, 21, true),
              7 * analysis::transformed_end(analysis::histogram(arrivals), 3, 3, true));
  }
}

}  // namespace
}  // namespace imbrex
