// The recipe's objective against enumeration: least energy and least energy-delay product on spaces
// small enough to count, by every search that claims the whole space.
#include "search_system.hpp"
#include "test_name.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::all_mappings;
using test::chain_of;
using test::SearchSystem;
using test::Settings;

// Least over all combinations, by recursion over the layers.
double least_objective(const SearchSystem& system, const LayerGraph& graph, std::size_t layer,
                       Design& design) {
  if (layer == graph.layers.size()) {
    return system.objective(design);
  }
  double best = std::numeric_limits<double>::infinity();
  for (const Mapping& mapping : all_mappings(system, graph.layers[layer])) {
    design.mapping(graph.layers[layer]) = mapping;
    best = std::min(best, least_objective(system, graph, layer + 1, design));
  }
  return best;
}
double least_objective(const SearchSystem& system) {
  Design design(system.workload);
  return least_objective(system, layer_graph(design, system.cost), 0, design);
}

struct Search {
  const char* name;
  Settings settings;
};
void PrintTo(const Search& search, std::ostream* out) {
  *out << search.name;
}

// Each sees the whole space of every layer.
const Search kThorough[] = {
    {"random", {{"samples", 300}}},
    {"exhaustive", {}},
    {"exhaustive", {{"scope", "design"}}},
    {"fast-overlapim", {{"candidates", 20}}},
    {"fast-overlapim", {{"candidates", 20}, {"score", "original"}}},
    {"optimal-chain", {{"candidates", 20}}},
    {"anneal", {{"iterations", 4000}, {"temperature", 0.5}}},
    {"anneal", {{"iterations", 4000}, {"temperature", 0.5}, {"judge", "pairs"}}},
    {"anneal", {{"iterations", 500}, {"temperature", 0.5}, {"judge", "layers"}}},
#ifdef IMBREX_TEST_GENETIC
    {"genetic", {{"population", 60}, {"generations", 120}, {"mutation", 0.2}}},
    {"genetic", {{"judge", "layers"}, {"candidates", 4}, {"population", 4}, {"generations", 100}}},
#endif
};

class ThoroughSearch : public ::testing::TestWithParam<Search> {};

TEST_P(ThoroughSearch, FindsTheLeastEnergy) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SearchSystem system(chain_of(2), seed);
    system.wanted = Objective::energy;
    system.search(GetParam().name, GetParam().settings);
    double least = 0;
    for (const OperatorId op : layer_graph(system.design, system.cost).layers) {
      double of_layer = std::numeric_limits<double>::infinity();
      for (const Mapping& mapping : all_mappings(system, op)) {
        of_layer = std::min(of_layer, system.cost.cost_of(op, mapping).energy_pj);
      }
      least += of_layer;
    }
    EXPECT_DOUBLE_EQ(system.objective(system.design), least) << "seed " << seed;
  }
}

TEST_P(ThoroughSearch, FindsTheLeastProductOfALayerThatIsAlone) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SearchSystem system(chain_of(1), seed);
    system.wanted = Objective::edp;
    system.search(GetParam().name, GetParam().settings);
    EXPECT_DOUBLE_EQ(system.objective(system.design), least_objective(system)) << "seed " << seed;
  }
}

std::string search_name(const ::testing::TestParamInfo<Search>& search) {
  return test::as_test_name(search.param.name + std::string("_") + std::to_string(search.index));
}
INSTANTIATE_TEST_SUITE_P(All, ThoroughSearch, ::testing::ValuesIn(kThorough), search_name);

TEST(Exhaustive, FindsTheLeastProductOfWholeDesigns) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SearchSystem system(chain_of(2), seed);
    system.wanted = Objective::edp;
    system.search("exhaustive", {{"scope", "design"}});
    EXPECT_DOUBLE_EQ(system.objective(system.design), least_objective(system)) << "seed " << seed;
  }
}

// Least energy and least latency are different designs here, or the tests above would say nothing.
TEST(Objectives, DifferInWhatIsBest) {
  std::size_t different = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SearchSystem fast(chain_of(2), seed);
    fast.search("exhaustive", {});
    SearchSystem frugal(chain_of(2), seed);
    frugal.wanted = Objective::energy;
    frugal.search("exhaustive", {});
    for (const OperatorId op : layer_graph(fast.design, fast.cost).layers) {
      different += fast.design.mapping(op) == frugal.design.mapping(op) ? 0 : 1;
    }
  }
  EXPECT_GT(different, 0u);
}

// Half of all mappings do not fit; whole random designs of them would hardly ever.
TEST(RandomDesigns, AreMadeOfMappingsThatFit) {
  SearchSystem system(chain_of(6), 3);
  system.cost.refuse_one_in = 2;
  system.search("random", {{"samples", 20}, {"scope", "design"}});
  EXPECT_EQ(system.evaluator->integers.at("designs"), 20);
  EXPECT_LT(system.makespan(system.design), system.makespan(Design(system.workload)));
}

TEST(RandomDesigns, SayWhatIsLackingWhenNothingFits) {
  SearchSystem system(chain_of(2), 3);
  system.cost.refuse_one_in = 1;
  try {
    system.search("random", {{"samples", 20}, {"scope", "design"}});
    FAIL() << "no error";
  } catch (const InfeasibleError& error) {
    EXPECT_NE(std::string(error.what()).find("operator 'c0'"), std::string::npos) << error.what();
  }
}

TEST(Searches, SayWhenThereIsNothingToSearch) {
  SearchSystem system(chain_of(2), 7);
  system.cost.one_way = true;
  system.search("exhaustive", {});
  EXPECT_TRUE(system.evaluator->notes.contains("nothing_to_search"));
}

}  // namespace
}  // namespace imbrex
