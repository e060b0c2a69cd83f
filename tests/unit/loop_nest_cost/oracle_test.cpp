// Access counts, tile sizes and cycles that an established tool computed (the cases' README says
// which), all under the `timeloop` counting.
#include "oracle_cases.hpp"

#include <imbrex/toolkit/nests/counts.hpp>

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

void expect_counts(const json& want, const TensorCounts& got, std::int64_t instances) {
  EXPECT_EQ(got.tile_words, want.at("tile_words").get<std::int64_t>());
  EXPECT_EQ(got.reads, want.at("reads_per_instance").get<std::int64_t>());
  EXPECT_EQ(got.fills, want.at("fills_per_instance").get<std::int64_t>());
  EXPECT_EQ(got.updates, want.at("updates_per_instance").get<std::int64_t>());
  EXPECT_EQ(instances, want.at("instances_used").get<std::int64_t>());
}

class OracleCase : public testing::TestWithParam<int> {};

void expect_result(const json& one, const json& want, bool link_transfers) {
  SCOPED_TRACE(one.at("id").get<std::string>());
  Names dim;
  const Problem problem = problem_of(one.at("problem"), dim);
  Hierarchy hierarchy = hierarchy_of(one);
  hierarchy.link_transfers = link_transfers;
  const json& levels = one.at("mapping_outermost_first");
  const NestCounts counts = count(problem, hierarchy, mapping_of(levels, dim));
  ASSERT_EQ(counts.verdict, Verdict::feasible);

  // The tool rounds up what its slowest level needs.
  EXPECT_EQ(std::ceil(counts.cycles * (1 - 1e-9)), want.at("cycles").get<double>());
  EXPECT_EQ(problem.bounds.macs(), want.at("macs").get<std::int64_t>());
  const auto roles = roles_of(one.at("problem"));
  std::size_t compared = 0;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const std::string level = levels[l].at("level").get<std::string>();
    if (!want.at("levels").contains(level)) {
      continue;
    }
    for (const auto& [name, space] : want.at("levels").at(level).at("dataspaces").items()) {
      SCOPED_TRACE(level);
      SCOPED_TRACE(name);
      expect_counts(space, counts.tensor[l][roles.at(name)], counts.instances_used[l]);
      ++compared;
    }
  }
  EXPECT_GE(compared, 3u);
}

TEST_P(OracleCase, CountsAreEqual) {
  const json& one = cases().at(static_cast<std::size_t>(GetParam()));
  expect_result(one, one.at("result"), true);
}

TEST_P(OracleCase, CountsAreEqualWithoutLinkTransfers) {
  const json& one = cases().at(static_cast<std::size_t>(GetParam()));
  const json& without = one.at("result_without_link_transfers");
  expect_result(one, without.is_object() ? without : one.at("result"), false);
}

INSTANTIATE_TEST_SUITE_P(LoopNestOracle, OracleCase, testing::Range(0, 20));

TEST(LoopNestOracle, HasAllCases) {
  EXPECT_EQ(cases().size(), 20u);
}

// The smallest case: four columns of three elements need six different rows of input. `exact` reads
// each of them once for all; the tool takes column by column, 4 * 3.
TEST(LoopNestOracle, ExactMergesFanOuts) {
  const json& one = cases().at(12);
  ASSERT_EQ(one.at("id"), "diagonal_multicast_two_stages");
  Names dim;
  const Problem problem = problem_of(one.at("problem"), dim);
  Hierarchy hierarchy = hierarchy_of(one);
  const Mapping mapping = mapping_of(one.at("mapping_outermost_first"), dim);
  EXPECT_EQ(count(problem, hierarchy, mapping).tensor[1][index(Role::inputs)].reads, 12);
  hierarchy.counting = Counting::exact;
  EXPECT_EQ(count(problem, hierarchy, mapping).tensor[1][index(Role::inputs)].reads, 6);
}

}  // namespace
}  // namespace imbrex::nests
