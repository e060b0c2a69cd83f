// What a search says about its generations, by hand.
#include "experiment/tables.hpp"

#include <array>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

using Row = std::vector<std::string>;

struct Searched {
  ExperimentPlan plan;
  Records records;

  // A point for each pair; a negative one is infeasible.
  template <std::size_t count>
  explicit Searched(const std::array<std::array<std::int64_t, 2>, count>& costs) {
    plan.experiment.search = SearchSpec();
    plan.experiment.search->objectives = {"latency_ps", "energy_pj"};
    for (const auto& [latency, energy] : costs) {
      plan.points.push_back({Point(), records.size()});
      PointRecord record;
      record.state = latency < 0 ? PointState::infeasible : PointState::done;
      if (latency >= 0) {
        record.quantities = {{"latency_ps", latency}, {"energy_pj", energy}};
      }
      records.emplace_back(std::move(record));
    }
  }
};

// Between 0 and 4 in both: two corners dominate nothing, (2, 2) a quarter, (1, 3) one sixteenth
// more.
TEST(Generations, SayWhatTheyAdded) {
  Searched searched(std::array<std::array<std::int64_t, 2>, 8>{
      {{0, 4}, {4, 0}, {2, 2}, {-1, -1}, {4, 4}, {1, 3}, {-1, -1}, {4, 4}}});
  searched.plan.generations = {2, 4, 8, 8};
  const Table table = generations_table(searched.plan, searched.records);
  EXPECT_EQ(table.header, (Row{"generation", "points", "infeasible", "front", "hypervolume"}));
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(table.rows[0], (Row{"1", "2", "0", "2", "0.0000"}));
  EXPECT_EQ(table.rows[1], (Row{"2", "4", "1", "3", "0.2500"}));
  EXPECT_EQ(table.rows[2], (Row{"3", "8", "2", "4", "0.3125"}));
  EXPECT_EQ(table.rows[3], (Row{"4", "8", "2", "4", "0.3125"}));
}

TEST(Generations, BearThatNothingHasRun) {
  Searched searched(std::array<std::array<std::int64_t, 2>, 2>{{{1, 1}, {2, 2}}});
  searched.plan.generations = {1, 2};
  searched.records.assign(2, std::nullopt);
  EXPECT_EQ(generations_table(searched.plan, searched.records).rows[1],
            (Row{"2", "2", "0", "0", "-"}));
}

// Objectives of which there is but one value have no extent to fill.
TEST(Generations, MeasureWhatVaries) {
  Searched searched(std::array<std::array<std::int64_t, 2>, 3>{{{4, 7}, {2, 7}, {0, 7}}});
  searched.plan.generations = {1, 2, 3};
  const Table table = generations_table(searched.plan, searched.records);
  EXPECT_EQ(table.rows[0], (Row{"1", "1", "0", "1", "0.0000"}));
  EXPECT_EQ(table.rows[1], (Row{"2", "2", "0", "1", "0.5000"}));
  EXPECT_EQ(table.rows[2], (Row{"3", "3", "0", "1", "1.0000"}));
}

}  // namespace
}  // namespace imbrex::experiment
