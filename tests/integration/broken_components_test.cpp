// Third-party components that break their promises, through the real command: whatever one returns
// or leaves behind, the run ends non-zero, names the culprit and publishes nothing.
#include "command_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

class BrokenComponents : public test::CommandFixture {
 protected:
  // The chain of specification clsa-cim section 11.2, with a few PEs to spare.
  static std::string recipe(const std::string& cost, const std::string& stages) {
    return "imbrex = 1\nname = \"broken\"\nseed = 5\n[workload]\nuse = \"test.workload.chain\"\n"
           "[architecture]\nuse = \"imbrex.architecture.tiled-cim\"\nextra_pes = 60\n[cost]\n" +
           cost + stages;
  }
  static std::string sound_cost() { return "use = \"imbrex.cost.crossbar\"\n"; }
  static std::string broken_cost(const std::string& fault) {
    return "use = \"test.cost.broken\"\nfault = \"" + fault + "\"\n";
  }
  static std::string clsa() { return stage("imbrex.overlap.clsa-cim"); }
  static std::string faulty(const std::string& use, const std::string& fault) {
    return stage(use, "fault = \"" + fault + "\"\n");
  }

  test::CommandResult run(const std::string& text) const {
    write("recipe.toml", text);
    return imbrex("run recipe.toml --out r --plugin '" IMBREX_TEST_COMPONENTS
                  "' --plugin '" IMBREX_BROKEN_COST "' --plugin '" IMBREX_BROKEN_OVERLAP
                  "' --plugin '" IMBREX_BROKEN_STAGES "'");
  }
  void expect_blamed(const std::string& text, const std::string& culprit) const {
    const test::CommandResult result = run(text);
    EXPECT_TRUE(result.code == 1 || result.code == 2 || result.code == 3)
        << "exit " << result.code << '\n'
        << result.out << result.err;
    EXPECT_NE(result.err.find(culprit), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("please report"), std::string::npos) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder() / "r" / "result.json"));
  }
  void expect_sound(const std::string& text) const {
    const test::CommandResult result = run(text);
    EXPECT_EQ(result.code, 0) << result.err;
    std::filesystem::remove_all(folder() / "r");
  }
};

TEST_F(BrokenComponents, NoneIsBlamedWhenNothingIsWrong) {
  expect_sound(recipe(broken_cost("none"), clsa()));
  expect_sound(recipe(sound_cost(), faulty("test.overlap.broken", "none")));
  expect_sound(recipe(sound_cost(), faulty("test.partition.broken", "none") + clsa()));
}

TEST_F(BrokenComponents, CostModelsAreNamedWhoeverCalledThem) {
  for (const std::string fault :
       {"negative-clock", "huge-clock", "negative-completion", "negative-delay",
        "negative-transfer", "huge-transfer", "nan-energy", "negative-energy", "negative-latency",
        "negative-demand", "uncovered-mapping", "throws", "negative-overhead"}) {
    SCOPED_TRACE(fault);
    expect_blamed(recipe(broken_cost(fault), clsa()), "test.cost.broken");
    // Through a stage that asks on its own.
    expect_blamed(recipe(broken_cost(fault), stage("imbrex.partition.weight-duplication") +
                                                 stage("imbrex.overlap.pairwise")),
                  "test.cost.broken");
  }
}

TEST_F(BrokenComponents, AnalyzersAreNamedForTimelinesThatCannotBe) {
  for (const std::string fault : {"early", "drops", "doubles", "overlaps", "shortens", "lengthens",
                                  "silent", "too-late", "too-soon", "unknown-server", "moved",
                                  "before-zero", "nothing-written", "undeclared-fact"}) {
    SCOPED_TRACE(fault);
    expect_blamed(recipe(sound_cost(), faulty("test.overlap.broken", fault)),
                  "test.overlap.broken");
  }
}

TEST_F(BrokenComponents, StagesAreNamedForDesignsThatTheyMayNotLeave) {
  for (const std::string fault :
       {"other-workload", "wide-spatial", "more-copies-than-units", "off-the-chip", "no-copies",
        "negative-segment", "late-producer", "unknown-dealing", "shared-units", "stale-dealt-order",
        "plan-of-nothing", "uncovered-mapping"}) {
    SCOPED_TRACE(fault);
    expect_blamed(recipe(sound_cost(), faulty("test.partition.broken", fault) + clsa()),
                  "test.partition.broken");
  }
}

TEST_F(BrokenComponents, StagesAreNamedForMisuseOfTheEvaluator) {
  for (const std::string fault :
       {"short-scores", "foreign-score", "unknown-operator", "empty-pair", "undeclared-fact"}) {
    SCOPED_TRACE(fault);
    expect_blamed(recipe(sound_cost(), faulty("test.partition.broken", fault) + clsa()),
                  "test.partition.broken");
  }
}

// Loop nests drawn blindly hardly ever fit a register file of 8 words. Whatever the search keeps
// was admitted: on 16 MACs at 1 ns the chain's 16 * 9 * (16 * 64 + 64 * 300) multiply-accumulates
// take at least 182 016 ns.
TEST_F(BrokenComponents, SearchesBuiltOnScoresNeverPublishInfeasibleDesigns) {
  const std::string array =
      "imbrex = 1\nname = \"drawn\"\nseed = 5\n[workload]\nuse = \"test.workload.chain\"\n"
      "[architecture]\nuse = \"imbrex.architecture.pe-array\"\nrows = 4\ncolumns = 4\n"
      "macs_per_pe = 1\nlevel_instances = [1, 1, 16]\n"
      "[cost]\nuse = \"imbrex.cost.loop-nest\"\n";
  const std::string stages =
      stage("test.search.draw", "designs = 400\n") + stage("imbrex.overlap.layer-by-layer");
  for (const std::string words : {"[0, 1048576, 8]", "[0, 1048576, 512]", "[0, 2048, 64]"}) {
    SCOPED_TRACE(words);
    std::string text = array;
    text.insert(text.find("[cost]"), "level_words = " + words + "\n");
    const test::CommandResult result = run(text + stages);
    if (result.code != 0) {
      EXPECT_EQ(result.code, 3) << result.err;
      continue;
    }
    const auto json = nlohmann::json::parse(read(folder() / "r" / "result.json"));
    EXPECT_GE(json["metrics"]["latency_ps"].get<std::int64_t>(), 182'016'000);
    for (const auto& op : json["operators"]) {
      EXPECT_GT(op["end_ps"].get<std::int64_t>(), op["start_ps"].get<std::int64_t>());
    }
    std::filesystem::remove_all(folder() / "r");
  }
}

}  // namespace
}  // namespace imbrex
