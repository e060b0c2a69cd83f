// imbrex.search.optimal through the command: against imbrex.search.exhaustive, at any number of
// threads, stopped early, where it cannot prove anything and where nothing fits.
#include "command_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

using nlohmann::json;

class OptimalCommand : public CommandFixture {
 protected:
  // Two convolutions, the second one with padding and a stride, and a product.
  void SetUp() override {
    CommandFixture::SetUp();
    write("net.toml",
          "imbrex_workload = 1\ninput.image = { shape = [1, 2, 6, 6] }\n[network]\nlayers = [\n"
          "  { op = 'conv', filters = 4, kernel = 3, name = 'first' },\n"
          "  { op = 'conv', filters = 4, kernel = 3, stride = 2, pad = 1, name = 'second' },\n"
          "  { op = 'flatten' },\n  { op = 'dense', units = 6, name = 'third' },\n]\n");
  }

  CommandResult search(const std::string& use, const std::string& objective,
                       const std::string& cost = "", const std::string& options = "",
                       std::int64_t words = 12) const {
    write("recipe.toml",
          "imbrex = 1\nname = 'small'\nobjective = '" + objective +
              "'\n[workload]\nuse = 'imbrex.workload.toml'\nfile = 'net.toml'\n"
              "[architecture]\nuse = 'imbrex.architecture.pe-array'\nrows = 2\ncolumns = 2\n"
              "level_names = ['memory', 'buffer', 'registers']\nlevel_words = [0, 64, " +
              std::to_string(words) +
              "]\nlevel_read_words_per_cycle = [2, 4, 3]\nlevel_write_words_per_cycle = [2, 4, 3]\n"
              "level_energy_pj_per_word = [200, 6, 1]\nmac_energy_pj = 1\n"
              "[cost]\nuse = 'imbrex.cost.loop-nest'\n"
              "constraints = ['*: registers temporal dims = C R S']\n" +
              cost +
              "[[stage]]\nuse = 'imbrex.partition.one-per-segment'\n"
              "[[stage]]\nuse = 'imbrex.search." +
              use + "'\n" + options + "[[stage]]\nuse = 'imbrex.overlap.layer-by-layer'\n");
    return imbrex("run recipe.toml --quiet --force --out r " + words_);
  }
  std::string bytes() const { return read(folder() / "r" / "result.json"); }
  // What the search states.
  json facts() const { return json::parse(bytes())["stages"][1]["statistics"]; }

  mutable std::string words_;
};

TEST_F(OptimalCommand, EqualsTheExhaustiveSearch) {
  for (const std::string objective : {"latency", "energy", "energy with link transfers"}) {
    const std::string minimised = objective.substr(0, objective.find(' '));
    const std::string cost = minimised == objective ? "" : "link_transfers = true\n";
    const auto exhaustive = search("exhaustive", minimised, cost, "limit = 30000000\n");
    ASSERT_EQ(exhaustive.code, 0) << exhaustive.err;
    const double best = facts()["best_objective"].get<double>();
    const auto optimal = search("optimal", minimised, cost);
    ASSERT_EQ(optimal.code, 0) << optimal.err;
    const json stated = facts();
    EXPECT_NEAR(stated["best_objective"].get<double>(), best, 1e-9 * best) << objective;
    EXPECT_EQ(stated["proved"], 3);
    EXPECT_EQ(stated["layers"], 3);
    EXPECT_NEAR(stated["bound"].get<double>(), best, 1e-8 * best) << objective;
  }
}

TEST_F(OptimalCommand, WritesTheSameBytesAtAnyNumberOfThreads) {
  words_ = "--threads 1";
  ASSERT_EQ(search("optimal", "edp").code, 0);
  const std::string one = bytes();
  for (const std::string threads : {"2", "4"}) {
    words_ = "--threads " + threads;
    ASSERT_EQ(search("optimal", "edp").code, 0);
    EXPECT_EQ(bytes(), one) << threads;
  }
}

TEST_F(OptimalCommand, StopsWithABoundAtTheLimitOfStates) {
  ASSERT_EQ(search("optimal", "energy").code, 0);
  const double best = facts()["best_objective"].get<double>();
  ASSERT_EQ(search("optimal", "energy", "", "max_states = 1\n").code, 0);
  const json stopped = facts();
  EXPECT_LT(stopped["proved"].get<int>(), 3);
  EXPECT_LE(stopped["bound"].get<double>(), best);
  EXPECT_GE(stopped["found"].get<double>(), best * (1 - 1e-9));
  EXPECT_NE(stopped["certificate"].get<std::string>().find("not proved, max_states"),
            std::string::npos)
      << stopped["certificate"];
}

TEST_F(OptimalCommand, AGapIsABoundThatFarAway) {
  ASSERT_EQ(search("optimal", "energy").code, 0);
  const double best = facts()["best_objective"].get<double>();
  ASSERT_EQ(search("optimal", "energy", "", "gap = 0.2\n").code, 0);
  const json near = facts();
  EXPECT_EQ(near["proved"], 3);
  EXPECT_LE(near["bound"].get<double>(), best);
  EXPECT_GE(near["bound"].get<double>(), near["found"].get<double>() * 0.8 * (1 - 1e-9));
}

// What is not bounded is enumerated, or not called proved.
TEST_F(OptimalCommand, ProvesNothingThatItDoesNotKnow) {
  const std::string filled = "fill_drain_steps = 3\n";
  const auto all = search("optimal", "latency", filled, "enumerate = 30000000\n");
  ASSERT_EQ(all.code, 0) << all.err;
  const json enumerated = facts();
  EXPECT_EQ(enumerated["proved"], 3);
  ASSERT_EQ(search("exhaustive", "latency", filled, "limit = 30000000\n").code, 0);
  EXPECT_EQ(facts()["best_objective"], enumerated["best_objective"]);
  const std::string in_full = "imperfect = true\ncounting = 'timeloop'\n";
  ASSERT_EQ(search("optimal", "latency", in_full, "enumerate = 0\n").code, 0);
  const json open = facts();
  EXPECT_EQ(open["proved"], 0);
  EXPECT_LE(open["bound"].get<double>(), open["found"].get<double>());
  EXPECT_NE(open["certificate"].get<std::string>().find("imperfect"), std::string::npos);
}

// Factors that need not divide are at least as good as those that do, and their bound holds.
TEST_F(OptimalCommand, BoundsFactorsThatNeedNotDivide) {
  ASSERT_EQ(search("optimal", "energy").code, 0);
  const double divided = facts()["found"].get<double>();
  ASSERT_EQ(search("optimal", "energy", "imperfect = true\n", "max_states = 300000\n").code, 0);
  const json uneven = facts();
  EXPECT_LE(uneven["found"].get<double>(), divided);
  EXPECT_LE(uneven["bound"].get<double>(), uneven["found"].get<double>());
  EXPECT_GT(uneven["bound"].get<double>(), 0.5 * uneven["found"].get<double>());
}

// Candidates from fronts hold the optimum, however few they are, and say what is proved.
TEST_F(OptimalCommand, IsAmongTheCandidatesThatSearchesTakeFromFronts) {
  for (const std::string objective : {"latency", "energy"}) {
    ASSERT_EQ(search("optimal", objective).code, 0);
    const double best = facts()["best_objective"].get<double>();
    const auto few = search("random", objective, "",
                            "samples = 2\ncandidates_from = 'front'\nfront_states_per_draw = 0\n");
    ASSERT_EQ(few.code, 0) << few.err;
    const json stated = facts();
    EXPECT_NEAR(stated["best_objective"].get<double>(), best, 1e-9 * best) << objective;
    EXPECT_EQ(stated["front_layers"], 3);
    EXPECT_EQ(stated["front_proved"], 3);
    EXPECT_GE(stated["front_mappings"], 3);
    EXPECT_FALSE(stated.contains("front_open"));
  }
  const auto open = search("random", "latency", "",
                           "samples = 2\ncandidates_from = 'front'\nfront_states_per_draw = 1\n");
  ASSERT_EQ(open.code, 0) << open.err;
  EXPECT_LT(facts()["front_proved"].get<int>(), 3);
  EXPECT_NE(facts()["front_open"].get<std::string>().find("max_states"), std::string::npos);
}

TEST_F(OptimalCommand, SaysThatNothingFits) {
  const auto result = search("optimal", "latency", "", "", 2);
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_FALSE(std::filesystem::exists(folder() / "r"));
}

}  // namespace
}  // namespace imbrex::test
