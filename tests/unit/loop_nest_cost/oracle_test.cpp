// Access counts, tile sizes and cycles that an established tool computed (the cases' README says
// which), all under the `timeloop` counting.
#include <imbrex/toolkit/nests/counts.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::nests {
namespace {

using nlohmann::json;

constexpr std::int64_t kWordBits = 16;

// Twelve nests of many kinds, then eight whose tensors pass two fan-outs with nothing in between.
const json& cases() {
  static const json all = [] {
    json found = json::array();
    for (const char* name : {"cases.json", "fanout.json"}) {
      std::ifstream file(std::filesystem::path(IMBREX_ORACLES_DIR) / "loop-nest" / name);
      const json read = json::parse(file);
      found.insert(found.end(), read.at("cases").begin(), read.at("cases").end());
    }
    return found;
  }();
  return all;
}

// The cases name dimensions freely; the counting only needs eight different ones.
class Names {
 public:
  Dim operator()(const std::string& name) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) {
        return static_cast<Dim>(i);
      }
    }
    names_.push_back(name);
    return static_cast<Dim>(names_.size() - 1);
  }

 private:
  std::vector<std::string> names_;
};

std::size_t role_of(const json& space, std::size_t position) {
  return space.at("read_write").get<bool>() ? index(Role::outputs) : position;
}

// Position of every data space by name: outputs last, the others in the order given.
std::map<std::string, std::size_t> roles_of(const json& problem) {
  std::map<std::string, std::size_t> roles;
  std::size_t next = 0;
  for (const json& space : problem.at("dataspaces")) {
    const std::size_t role = role_of(space, next);
    next += role == index(Role::outputs) ? 0 : 1;
    roles[space.at("name").get<std::string>()] = role;
  }
  return roles;
}

Problem problem_of(const json& description, Names& dim) {
  Problem problem;
  problem.mappable = true;
  problem.bits = {kWordBits, kWordBits, kWordBits};
  for (const auto& [name, bound] : description.at("dims").items()) {
    problem.bounds[dim(name)] = bound.get<std::int64_t>();
  }
  const auto roles = roles_of(description);
  for (const json& space : description.at("dataspaces")) {
    for (const json& coordinate : space.at("ranks")) {
      Rank rank;
      for (std::size_t i = 0; i < coordinate.size(); ++i) {
        rank.dim[i] = imbrex::index(dim(coordinate[i].at("dim").get<std::string>()));
        rank.factor[i] = coordinate[i].at("coeff").get<std::int64_t>();
      }
      problem.tensor[roles.at(space.at("name").get<std::string>())].add(rank);
    }
  }
  return problem;
}

double bandwidth(const json& words_per_cycle) {
  return words_per_cycle.is_null() ? 0 : words_per_cycle.get<double>() * kWordBits;
}

Hierarchy hierarchy_of(const json& one) {
  Hierarchy hierarchy;
  hierarchy.counting = Counting::timeloop;
  const json& levels = one.at("arch").at("levels_outermost_first");
  const json& mapping = one.at("mapping_outermost_first");
  const auto roles = roles_of(one.at("problem"));
  for (std::size_t l = 0; l < levels.size(); ++l) {
    Level level;
    level.instances = levels[l].at("instances").get<std::int64_t>();
    const json& below = l + 1 < levels.size() ? levels[l + 1] : one.at("arch").at("mac");
    level.fanout = below.at("instances").get<std::int64_t>() / level.instances;
    const json& words = levels[l].at("capacity_words");
    level.capacity_bits = words.is_null() ? 0 : words.get<std::int64_t>() * kWordBits;
    level.read_bits_per_cycle = bandwidth(levels[l].at("read_bandwidth_words_per_cycle"));
    level.write_bits_per_cycle = bandwidth(levels[l].at("write_bandwidth_words_per_cycle"));
    for (const json& name : mapping[l].at("keep")) {
      level.keep = static_cast<KeepMask>(level.keep | keep_bit(roles.at(name.get<std::string>())));
    }
    hierarchy.levels.push_back(level);
  }
  return hierarchy;
}

Mapping mapping_of(const json& levels, Names& dim) {
  Mapping mapping;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    for (const char* kind : {"temporal", "spatial_x", "spatial_y"}) {
      for (const json& loop : levels[l].at(kind)) {
        mapping.loops[mapping.count++] = {
            dim(loop[0].get<std::string>()),
            std::string(kind) == "temporal" ? LoopKind::temporal : LoopKind::spatial,
            static_cast<std::uint8_t>(l), loop[1].get<std::int64_t>()};
      }
    }
  }
  return mapping;
}

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
