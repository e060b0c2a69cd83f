#include "result/seed_study.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

TEST(Spread, OfOneValueIsThatValue) {
  EXPECT_EQ(result::spread_of({7}), (result::Spread{7, 7, 7, 7, 7}));
}

TEST(Spread, InterpolatesBetweenTheSortedValues) {
  EXPECT_EQ(result::spread_of({4, 1}), (result::Spread{1, 1.75, 2.5, 3.25, 4}));
  EXPECT_EQ(result::spread_of({30, 10, 20}), (result::Spread{10, 15, 20, 25, 30}));
  EXPECT_EQ(result::spread_of({5, 1, 4, 2, 3}), (result::Spread{1, 2, 3, 4, 5}));
}

TEST(Spread, IsOrderedAndDoesNotDependOnTheOrderOfValues) {
  const std::uint64_t seed = 20240630;
  Random random(seed, 0);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> values(static_cast<std::size_t>(random.between(1, 20)));
    for (double& value : values) {
      value = static_cast<double>(random.between(0, 1000));
    }
    const result::Spread spread = result::spread_of(values);
    EXPECT_LE(spread.minimum, spread.lower_quartile) << "seed " << seed;
    EXPECT_LE(spread.lower_quartile, spread.median);
    EXPECT_LE(spread.median, spread.upper_quartile);
    EXPECT_LE(spread.upper_quartile, spread.maximum);
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(spread, result::spread_of(values));
    const auto below = std::count_if(values.begin(), values.end(),
                                     [&](double value) { return value <= spread.median; });
    EXPECT_GE(2 * static_cast<std::size_t>(below), values.size());
  }
}

Result result_of(std::uint64_t seed, std::int64_t latency_ps) {
  Result result;
  result.seed = seed;
  result.metrics.set("latency_ps", latency_ps);
  return result;
}

TEST(SeedStudy, LeavesAbsentWhatNoRunHas) {
  result::SeedStudy study;
  study.requested = 2;
  study.add(result_of(1, 10));
  Result two = result_of(2, 20);
  two.metrics.set("energy_pj", 2.5);
  study.add(two);
  const std::string csv = result::seeds_csv(study);
  EXPECT_TRUE(csv.starts_with("seed,metric,value\n1,latency_ps,10\n")) << csv;
  EXPECT_TRUE(csv.ends_with("2,latency_ps,20\n2,energy_pj,2.5\n")) << csv;
  const auto json = nlohmann::json::parse(result::seeds_json(study));
  EXPECT_FALSE(json.contains("baseline"));
  EXPECT_FALSE(json.contains("speedup"));
  EXPECT_FALSE(json.contains("partial"));
  EXPECT_EQ(json["metrics"].size(), 2u);
  EXPECT_EQ(json["metrics"]["latency_ps"]["values"], (nlohmann::json{{"1", 10}, {"2", 20}}));
  EXPECT_EQ(json["metrics"]["energy_pj"]["values"], (nlohmann::json{{"2", 2.5}}))
      << "a metric of one seed is not invented for the others";
}

TEST(SeedStudy, CountsAPartialRunInNoSpread) {
  result::SeedStudy study;
  study.requested = 3;
  study.add(result_of(1, 10));
  Result half = result_of(2, 1);
  half.partial = true;
  study.add(half);
  EXPECT_EQ(study.metric("latency_ps"), (std::vector<double>{10}));
  EXPECT_EQ(study.interrupted_seed, 2u);
  EXPECT_TRUE(study.partial());
}

}  // namespace
}  // namespace imbrex
