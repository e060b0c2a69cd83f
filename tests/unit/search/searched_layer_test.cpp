// One matrix product on one MAC behind a buffer, by every search: constraints that leave one loop
// nest, whose words are counted by hand, and least energy and energy-delay product by enumeration.
#include "clsa_fixture.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"
#include "temporary_folder.hpp"
#include "test_name.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

struct Search {
  const char* name;
  const char* parameters;
};
void PrintTo(const Search& search, std::ostream* out) {
  *out << search.name;
}
constexpr Search kSearches[] = {
    {"random", "samples = 100000\n"},
    {"random", "samples = 500\nscope = \"design\"\n"},
    {"exhaustive", ""},
    {"exhaustive", "scope = \"design\"\n"},
    {"fast-overlapim", "candidates = 100000\n"},
    {"optimal-chain", "candidates = 10000\n"},
    {"anneal", "iterations = 3000\ntemperature = 0.5\n"},
    {"anneal", "iterations = 3000\ntemperature = 0.5\njudge = \"pairs\"\n"},
    {"anneal", "iterations = 3000\ntemperature = 0.5\njudge = \"layers\"\n"},
#ifdef IMBREX_TEST_GENETIC
    {"genetic", "candidates = 10000\npopulation = 200\ngenerations = 200\n"},
    {"genetic", "candidates = 10000\npopulation = 200\njudge = \"layers\"\n"},
#endif
};

class SearchedLayer : public ::testing::TestWithParam<Search> {
 protected:
  // A product of `size` x `size` matrices; the external memory takes 1 pJ per word.
  run::RunOutcome run(int size, int buffer_words, const std::string& objective,
                      const std::string& constraints) const {
    static plugin::HostServices services{plugin::HostOptions{}};
    const TemporaryFolder folder;
    const std::string words = std::to_string(size);
    std::ofstream(folder.path() / "net.toml")
        << "imbrex_workload = 1\ninput.x = { shape = [" << words << ", " << words
        << "] }\n[network]\nlayers = [{ op = \"dense\", units = " << words
        << ", name = \"fc\" }]\n";
    std::ofstream(folder.path() / "recipe.toml")
        << "imbrex = 1\nname = \"layer\"\nseed = 1\nobjective = \"" << objective
        << "\"\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
           "[architecture]\nuse = \"imbrex.architecture.pe-array\"\nrows = 1\ncolumns = 1\n"
           "macs_per_pe = 1\nword_bits = 8\nlevel_names = [\"DRAM\", \"GLB\"]\nlevel_words = [0, "
        << buffer_words
        << "]\nlevel_instances = [1, 1]\nlevel_read_words_per_cycle = [1, 0]\n"
           "level_write_words_per_cycle = [1, 0]\nlevel_energy_pj_per_word = [1, 0]\n"
           "[cost]\nuse = \"imbrex.cost.loop-nest\"\nconstraints = ["
        << constraints
        << "]\n[[stage]]\nuse = \"imbrex.partition.one-per-segment\"\n"
           "[[stage]]\nuse = \"imbrex.search."
        << GetParam().name << "\"\n"
        << GetParam().parameters << "[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n";
    const recipe::ResolvedPlan plan =
        recipe::resolve({(folder.path() / "recipe.toml").string(), {}}, registry());
    return run::run_plan(plan, registry(), services);
  }

  static double metric(const run::RunOutcome& outcome, std::string_view name) {
    const MetricValue* const value = outcome.result.metrics.find(name);
    return value == nullptr ? -1 : std::get<double>(*value);
  }

  // The least that any mapping of the space is worth, one by one.
  static double least(const run::RunOutcome& outcome, Objective objective) {
    const run::BoundMachine& machine = *outcome.machine;
    const OperatorId op = operator_id(0);
    const mapspace::MapSpace space(machine.cost().map_space(op, outcome.design->placement(op)));
    double best = std::numeric_limits<double>::infinity();
    for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
      const Mapping mapping = space.at(i);
      LayerCost cost;
      machine.cost().evaluate(op, outcome.design->placement(op), {&mapping, 1}, {&cost, 1});
      best = std::min(best, layer_objective(objective, machine.architecture(), cost));
    }
    return best;
  }
};

// Buffer tile K2 C2 P2, in the external memory loops C4 K4 P4, outermost first. Weights: 4 words,
// moving with C and K, 16 times 4; inputs: P is innermost, 64 times 4; results: 64 times 4 written,
// all but the first 16 read back. 64 + 256 + 256 + 192 words. (The canonical nest takes 192.)
TEST_P(SearchedLayer, ObeysConstraintsThatLeaveOneNest) {
  const run::RunOutcome outcome =
      run(8, 0, "latency",
          "\"fc: GLB temporal K = 2\", \"fc: GLB temporal C = 2\", \"fc: GLB temporal N = 1\", "
          "\"fc: GLB temporal P = 2\", \"fc: DRAM temporal order = C K P\"");
  EXPECT_EQ(metric(outcome, "energy_pj"), 768.0);
}

TEST_P(SearchedLayer, FindsTheLeastEnergy) {
  const run::RunOutcome outcome = run(4, 12, "energy", "");
  EXPECT_DOUBLE_EQ(metric(outcome, "energy_pj"), least(outcome, Objective::energy));
}

TEST_P(SearchedLayer, FindsTheLeastProduct) {
  const run::RunOutcome outcome = run(4, 12, "edp", "");
  EXPECT_DOUBLE_EQ(metric(outcome, "edp_js") * 1e12, least(outcome, Objective::edp));
}

INSTANTIATE_TEST_SUITE_P(All, SearchedLayer, ::testing::ValuesIn(kSearches),
                         [](const ::testing::TestParamInfo<Search>& search) {
                           return as_test_name(search.param.name + std::string("_") +
                                               std::to_string(search.index));
                         });

}  // namespace
}  // namespace imbrex::test
