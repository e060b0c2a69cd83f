// What is proved to be best for eight layers whose nests that tool has counted, on its hierarchies
// and as it counts: the mapping, written as the cases are and read back, is counted anew by the
// tool's own procedure, and nothing that the tool found is better.
#include "equal_counts.hpp"
#include "oracle_cases.hpp"
#include "timeloop_twin.hpp"

#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/optimum/optimum.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

constexpr double kCyclePs = 1000;
constexpr double kWordPj[] = {200, 6, 1, 1, 1, 1};  // outermost first
constexpr double kMacPj = 1;

// The product with ports; then the seven layers of ResNet18 on `eye168`.
constexpr const char* kLayers[] = {"04b_gemm_bandwidth", "20_resnet18_l2_eye168",
                                   "eye168-l1",          "eye168-l2d",
                                   "eye168-l3a",         "eye168-l3",
                                   "eye168-l4d",         "eye168-fc"};

const json& case_of(const std::string& id) {
  for (const json& one : cases()) {
    if (one.at("id") == id) {
      return one;
    }
  }
  throw std::out_of_range(id);
}

// Dimensions that a level's slot may have, as the tool was told by eye168.constr.yaml.
struct Allowed {
  const char* temporal;
  const char* spatial;
};
constexpr Allowed kEye168[] = {{"RSPQCKN", ""}, {"RSPQCKN", "QK"}, {"", "SCK"},
                               {"", ""},        {"RC", ""},        {"K", ""}};

DimMask mask_of(const json& one, bool spatial, std::size_t level, Names& names) {
  if (!one.at("problem").at("dims").contains("R")) {
    return kAllDims;
  }
  DimMask mask = 0;
  const char* const letters = spatial ? kEye168[level].spatial : kEye168[level].temporal;
  for (const char* letter = letters; *letter != 0; ++letter) {
    mask = static_cast<DimMask>(mask | dim_bit(names(std::string(1, *letter))));
  }
  return mask;
}

struct Layer {
  Layer(const json& one, bool link_transfers) : hierarchy(hierarchy_of(one)) {
    hierarchy.link_transfers = link_transfers;
    problem = problem_of(one.at("problem"), names);
    problem.macs = problem.bounds.macs();
    hierarchy.cycle_ps = kCyclePs;
    hierarchy.mac_energy_pj = kMacPj;
    space.bounds = problem.bounds;
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
      Level& level = hierarchy.levels[l];
      level.read_energy_pj_per_bit = level.write_energy_pj_per_bit = kWordPj[l] / kWordBits;
      MapSlot slot;
      slot.level = static_cast<std::uint8_t>(l);
      slot.outer = l == 0;
      slot.ordered = l + 1 < hierarchy.levels.size();
      slot.dims = mask_of(one, false, l, names);
      space.slots.push_back(slot);
      if (level.fanout > 1) {
        slot.kind = LoopKind::spatial;
        slot.outer = slot.ordered = false;
        slot.dims = mask_of(one, true, l, names);
        slot.fanout = level.fanout;
        space.slots.push_back(slot);
      }
    }
  }

  Names names;
  Problem problem;
  Hierarchy hierarchy;
  MapSpaceSpec space;
};

// Loops as the cases have them.
json written(const Mapping& mapping, const json& one, Names& names) {
  json levels = one.at("mapping_outermost_first");
  for (json& level : levels) {
    level["temporal"] = level["spatial_x"] = level["spatial_y"] = json::array();
  }
  for (const Loop& loop : mapping.all_loops()) {
    const char* const kind = loop.kind == LoopKind::temporal ? "temporal" : "spatial_x";
    for (const auto& dim : one.at("problem").at("dims").items()) {
      if (names(dim.key()) == loop.dim) {
        levels[loop.level][kind].push_back({dim.key(), loop.bound});
      }
    }
  }
  return levels;
}

struct Worth {
  double cycles = 0;
  double energy_pj = 0;
};

// From words alone: the slowest port or the steps, and what all words and steps take.
Worth worth_of(const TimeloopTwin& twin, const Layer& layer, const Mapping& mapping) {
  Worth worth{1, static_cast<double>(layer.problem.macs) * kMacPj};
  double instances = 1;
  for (const Loop& loop : mapping.all_loops()) {
    worth.cycles *= loop.kind == LoopKind::temporal ? static_cast<double>(loop.bound) : 1;
  }
  for (std::size_t l = 0; l < layer.hierarchy.levels.size(); ++l) {
    double read = 0;
    double written_words = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((layer.hierarchy.levels[l].keep & keep_bit(role)) != 0) {
        const TensorCounts counts = twin.counts(role, l);
        read += static_cast<double>(counts.reads);
        written_words += static_cast<double>(counts.fills + counts.updates);
      }
    }
    const Level& level = layer.hierarchy.levels[l];
    const auto take = [&](double words, double bits_per_cycle) {
      worth.cycles =
          std::max(worth.cycles, bits_per_cycle > 0 ? words * kWordBits / bits_per_cycle : 0);
    };
    take(read, level.read_bits_per_cycle);
    take(written_words, level.write_bits_per_cycle);
    worth.energy_pj += instances * (read + written_words) * kWordPj[l];
    for (const Loop& loop : mapping.all_loops()) {
      const bool fans_out = loop.kind == LoopKind::spatial && loop.level == l;
      instances *= fans_out ? static_cast<double>(loop.bound) : 1;
    }
  }
  return worth;
}

// Jobs are equally long, in whole picoseconds.
std::int64_t latency_ps(double cycles, const Mapping& mapping) {
  std::int64_t jobs = 1;
  for (const Loop& loop : mapping.all_loops()) {
    jobs *= loop.level == 0 && loop.kind == LoopKind::temporal ? loop.bound : 1;
  }
  return (std::llround(cycles * kCyclePs) + jobs - 1) / jobs * jobs;
}

// As map spaces have it: loops of the outermost level are jobs, spatial ones of a level ascend, as
// their order only numbers instances.
Mapping in_order(Mapping mapping) {
  const auto place = [](const Loop& loop) {
    const bool is_spatial = loop.kind == LoopKind::spatial;
    return std::tuple(loop.level, is_spatial, is_spatial ? loop.dim : Dim{});
  };
  std::stable_sort(mapping.loops.begin(), mapping.loops.begin() + mapping.count,
                   [&](const Loop& a, const Loop& b) { return place(a) < place(b); });
  for (const Loop& loop : mapping.all_loops()) {
    const bool is_outer = loop.level == 0;
    mapping.outer = static_cast<std::uint8_t>(mapping.outer + (is_outer ? 1 : 0));
    mapping.job_extent[imbrex::index(loop.dim)] *= is_outer ? 1 : loop.bound;
  }
  return mapping;
}

// The optimum by the tool's procedure.
Worth best(const json& one, Layer& layer, FunctionRef<double(const LayerCost&)> objective) {
  const auto never = [] { return false; };
  const optimum::Answer answer =
      optimum::solve({layer.space, layer.problem, layer.hierarchy, objective}, {0, 0, 0, never});
  EXPECT_TRUE(answer.proved) << answer.unproved;
  const Mapping read = mapping_of(written(answer.mapping.value(), one, layer.names), layer.names);
  EXPECT_TRUE(std::ranges::equal(read.all_loops(), answer.mapping->all_loops()));
  const TimeloopTwin twin(layer.problem, layer.hierarchy, read);
  expect_equal_counts(count(layer.problem, layer.hierarchy, read), layer.hierarchy, twin);
  const Worth worth = worth_of(twin, layer, read);
  EXPECT_EQ(answer.cost.latency_ps, latency_ps(worth.cycles, read));
  EXPECT_NEAR(answer.cost.energy_pj, worth.energy_pj, 1e-9 * worth.energy_pj);
  return worth;
}

class OracleOptimum : public testing::TestWithParam<std::tuple<const char*, bool>> {};

TEST_P(OracleOptimum, IsWhatTheToolCountsAndNeverWorseThanWhatItFound) {
  const auto [id, link_transfers] = GetParam();
  const json& one = case_of(id);
  Layer layer(one, link_transfers);
  const Mapping theirs = mapping_of(one.at("mapping_outermost_first"), layer.names);
  ASSERT_TRUE(in_map_space(layer.space, in_order(theirs)));
  const TimeloopTwin twin(layer.problem, layer.hierarchy, theirs);
  const Worth found = worth_of(twin, layer, theirs);
  const json& without = one.at("result_without_link_transfers");
  const json& result = link_transfers || !without.is_object() ? one.at("result") : without;
  const auto cycles = result.at("cycles").get<double>();
  ASSERT_EQ(std::ceil(found.cycles * (1 - 1e-9)), cycles);
  const Worth fastest =
      best(one, layer, [](const LayerCost& cost) { return static_cast<double>(cost.latency_ps); });
  const Worth least = best(one, layer, [](const LayerCost& cost) { return cost.energy_pj; });
  EXPECT_LE(fastest.cycles, cycles);
  EXPECT_LE(least.energy_pj, found.energy_pj * (1 + 1e-9));
  EXPECT_LE(fastest.cycles, least.cycles * (1 + 1e-9));
  EXPECT_GE(fastest.energy_pj, least.energy_pj * (1 - 1e-9));
  const double ideal = static_cast<double>(layer.problem.macs) /
                       static_cast<double>(one.at("arch").at("mac").at("instances"));
  std::printf("%s%s: found %.0f cycles, %.0f pJ; best %.0f cycles, %.0f pJ; ideal %.0f cycles\n",
              id, link_transfers ? ", links" : "", found.cycles, found.energy_pj, fastest.cycles,
              least.energy_pj, ideal);
}

INSTANTIATE_TEST_SUITE_P(Layers, OracleOptimum,
                         testing::Combine(testing::ValuesIn(kLayers), testing::Bool()));

}  // namespace
}  // namespace imbrex::nests
