// `imbrex run --seeds`: what is left on disk, the spread in seeds.json, errors, interruption.
#include "command_fixture.hpp"
#include "folder_names.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class CommandSeeds : public test::CommandFixture {
 protected:
  // Two candidates only, so that seeds differ.
  void write_good_recipe() const {
    write("recipe.toml", chain_recipe(40,
                                      stage("test.search.scorer", "candidates = 2\n") +
                                          stage("imbrex.overlap.clsa-cim"),
                                      layer_by_layer_baseline()));
  }
  Json json(const fs::path& file) const { return Json::parse(read(folder() / file)); }
  // The command in the background, interrupted once the sleeping stage left its marker.
  int interrupted_run(const std::string& words) const {
    write("interrupt.sh", "set -m\n'" IMBREX_COMMAND
                          "' run recipe.toml --plugin '" IMBREX_TEST_COMPONENTS "' " +
                              words +
                              " &\npid=$!\n"
                              "for i in $(seq 500); do [ -e marker ] && break; sleep 0.02; done\n"
                              "kill -INT $pid\nwait $pid\nexit $?\n");
    const int status =
        std::system(("cd '" + folder().string() + "' && bash interrupt.sh >log 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void write_sleeping_recipe(const std::string& parameters) const {
    write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                               "marker = \"" + (folder() / "marker").string() +
                                                   "\"\n" + parameters) +
                                             stage("imbrex.overlap.clsa-cim")));
  }
};

TEST_F(CommandSeeds, LeaveAResultFolderPerSeed) {
  write_good_recipe();
  const auto result = run_recipe("--seeds 3 --out r");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml", "r"}));
  EXPECT_EQ(test::names_in(folder() / "r"),
            (std::set<std::string>{"lock.json", "plan.toml", "seeds.csv", "seeds.json", "seed-5",
                                   "seed-6", "seed-7"}));
  for (const char* seed : {"5", "6", "7"}) {
    const std::string one = std::string("seed-") + seed;
    EXPECT_EQ(test::names_in(folder() / "r" / one),
              (std::set<std::string>{"environment.json", "lock.json", "plan.toml", "result.json",
                                     "timeline.csv"}));
    ASSERT_EQ(run_recipe("--quiet --out alone-" + one + " --set seed=" + seed).code, 0);
    EXPECT_EQ(read(folder() / "r" / one / "result.json"),
              read(folder() / ("alone-" + one) / "result.json"))
        << "a seed of a study is the run with that seed";
  }
}

TEST_F(CommandSeeds, SpreadIsThatOfTheResults) {
  write_good_recipe();
  ASSERT_EQ(run_recipe("--seeds 8 --out r").code, 0);
  const Json study = json("r/seeds.json");
  EXPECT_EQ(study["schema"], 1);
  EXPECT_EQ(study["requested_seeds"], 8);
  EXPECT_FALSE(study.contains("partial"));
  ASSERT_EQ(study["runs"].size(), 8u);
  std::vector<double> latencies;
  for (int seed = 5; seed < 13; ++seed) {
    const std::string key = std::to_string(seed);
    const Json result = json("r/seed-" + key + "/result.json");
    EXPECT_EQ(study["runs"][static_cast<std::size_t>(seed - 5)]["plan_sha256"],
              result["plan_sha256"]);
    EXPECT_EQ(study["metrics"]["latency_ps"]["values"][key], result["metrics"]["latency_ps"]);
    EXPECT_EQ(study["speedup"]["values"][key], result["speedup"]);
    EXPECT_EQ(study["baseline"]["metrics"]["latency_ps"]["values"][key],
              result["baseline"]["metrics"]["latency_ps"]);
    latencies.push_back(result["metrics"]["latency_ps"].get<double>());
  }
  std::sort(latencies.begin(), latencies.end());
  EXPECT_LT(latencies.front(), latencies.back()) << "seeds that agree would prove nothing";
  const Json& spread = study["metrics"]["latency_ps"];
  EXPECT_EQ(spread["minimum"], latencies[0]);
  EXPECT_EQ(spread["maximum"], latencies[7]);
  EXPECT_EQ(spread["median"], (latencies[3] + latencies[4]) / 2);
  // Positions 1.75 and 5.25 of the sorted sample.
  EXPECT_DOUBLE_EQ(spread["lower_quartile"], 0.25 * latencies[1] + 0.75 * latencies[2]);
  EXPECT_DOUBLE_EQ(spread["upper_quartile"], 0.75 * latencies[5] + 0.25 * latencies[6]);
}

TEST_F(CommandSeeds, PrintOneLinePerSpread) {
  write("recipe.toml",
        chain_recipe(0, stage("imbrex.overlap.clsa-cim"), layer_by_layer_baseline()));
  const auto result = run_recipe("--seeds 2 --out r");
  // 33.6 us overlapped, 44.8 us one after the other (specification clsa-cim, section 11.2).
  EXPECT_EQ(result.out,
            "makespan median 33.6 us, 2 seeds: 33.6 .. 33.6 us\n"
            "speed-up median 1.333x, 2 seeds: 1.333 .. 1.333x\n"
            "results in r\n");
  EXPECT_EQ(run_recipe("--seeds 2 --out q --quiet").out, "");
}

TEST_F(CommandSeeds, SameBytesAtAnyThreadCountAndFromItsOwnPlan) {
  write_good_recipe();
  for (const char* threads : {"1", "2", "4"}) {
    ASSERT_EQ(run_recipe(std::string("--seeds 4 --threads ") + threads + " --out t" + threads).code,
              0);
  }
  const std::string expected = read(folder() / "t1" / "seeds.json");
  EXPECT_EQ(read(folder() / "t2" / "seeds.json"), expected);
  EXPECT_EQ(read(folder() / "t4" / "seeds.json"), expected);
  ASSERT_EQ(imbrex("run t1 --seeds 4 --out replay" + with_tests()).code, 0);
  EXPECT_EQ(read(folder() / "replay" / "seeds.json"), expected);
  ASSERT_EQ(imbrex("run t1/seed-6 --out six" + with_tests()).code, 0);
  EXPECT_EQ(read(folder() / "six" / "result.json"), read(folder() / "t1/seed-6/result.json"));
}

TEST_F(CommandSeeds, PlansOfSeedsFindTheirFiles) {
  write("net.toml",
        "imbrex_workload = 1\ninput.image = { shape = [1, 8, 4, 4] }\n[network]\nlayers = "
        "[{ op = \"conv\", filters = 8, kernel = 3, pad = 1 }]\n");
  write("recipe.toml",
        "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
        "[architecture]\nuse = \"imbrex.architecture.tiled-cim\"\n"
        "[cost]\nuse = \"imbrex.cost.crossbar\"\n" +
            stage("imbrex.overlap.clsa-cim"));
  const auto result = run_recipe("--seeds 2 --out deep/r");
  ASSERT_EQ(result.code, 0) << result.err;
  const auto again = imbrex("run deep/r/seed-1 --out again");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read(folder() / "again/result.json"), read(folder() / "deep/r/seed-1/result.json"));
}

TEST_F(CommandSeeds, StartAtTheOverriddenSeedInAnExtendedRecipe) {
  write_good_recipe();
  write("variant.toml", "extends = \"recipe.toml\"\nname = \"variant\"\n");
  const auto result =
      imbrex("run variant.toml --seeds 2 --set seed=100 --set stage.1.candidates=3" + with_tests());
  ASSERT_EQ(result.code, 0) << result.err;
  const auto found = test::names_in(folder() / "results");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found.begin()->starts_with("variant-"));
  EXPECT_TRUE(found.begin()->ends_with("-2-seeds")) << *found.begin();
  const Json study = json(fs::path("results") / *found.begin() / "seeds.json");
  EXPECT_EQ(study["name"], "variant");
  EXPECT_TRUE(study["metrics"]["latency_ps"]["values"].contains("101"));
}

TEST_F(CommandSeeds, RefuseOtherExistingResultsWithoutForce) {
  write_good_recipe();
  ASSERT_EQ(run_recipe("--seeds 3 --out r").code, 0);
  const auto again = run_recipe("--seeds 2 --out r");
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.err.find("'r' exists: it is a study of 3 seeds, not a study of 2 seeds; "
                           "give --force"),
            std::string::npos)
      << again.err;
  EXPECT_TRUE(fs::exists(folder() / "r/seed-7"));
  EXPECT_EQ(run_recipe("--seeds 2 --out r --force").code, 0);
  EXPECT_FALSE(fs::exists(folder() / "r/seed-7")) << "no mixture of two studies";
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml", "r"}));
}

TEST_F(CommandSeeds, BadNumbersAreOneClearError) {
  write_good_recipe();
  for (const char* bad : {"0", "-1", "1.5", "x", "10001", "''"}) {
    const auto result = run_recipe(std::string("--out r --seeds ") + bad);
    EXPECT_EQ(result.code, 2) << bad;
    EXPECT_NE(result.err.find("--seeds"), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("error:"), result.err.rfind("error:")) << result.err;
  }
  const auto far = run_recipe("--seeds 2 --set seed=9223372036854775807 --out r");
  EXPECT_EQ(far.code, 2);
  EXPECT_NE(far.err.find("beyond the largest one, 9223372036854775807"), std::string::npos)
      << far.err;
  EXPECT_EQ(run_recipe("--seeds 1 --set seed=9223372036854775807 --out last").code, 0);
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml", "last"}));
}

TEST_F(CommandSeeds, NamesTheSeedThatIsInfeasibleAndLeavesNothing) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim")));
  const auto result = run_recipe("--seeds 2 --out r");
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(result.err.find("seed 5: "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("needs 8 PEs, the chip has 7"), std::string::npos) << result.err;
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml"}));
}

TEST_F(CommandSeeds, LeaveAReproducerOfTheSeedThatFails) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim")));
  const auto result = run_recipe("--seeds 2 --out r");
  EXPECT_EQ(result.code, 1);
  const std::size_t at = result.err.find("repro-");
  ASSERT_NE(at, std::string::npos) << result.err;
  EXPECT_NE(read(folder() / result.err.substr(at, 14) / "plan.toml").find("seed = 5"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(folder() / "r"));
}

TEST_F(CommandSeeds, KeepWhatIsDoneWhenInterrupted) {
  write_sleeping_recipe("gate = \"" + (folder() / "gate").string() + "\"\nscore_first = true\n");
  EXPECT_EQ(interrupted_run("--seeds 4 --out r"), 130) << read(folder() / "log");
  EXPECT_EQ(test::names_in(folder() / "r"),
            (std::set<std::string>{"lock.json", "plan.toml", "seeds.csv", "seeds.json", "seed-5",
                                   "seed-6"}));
  const Json study = json("r/seeds.json");
  EXPECT_EQ(study["partial"], true);
  EXPECT_EQ(study["requested_seeds"], 4);
  EXPECT_EQ(study["interrupted_seed"], 6);
  EXPECT_EQ(study["runs"].size(), 1u);
  EXPECT_EQ(study["metrics"]["latency_ps"]["values"].size(), 1u) << "half a run is no sample";
  EXPECT_FALSE(json("r/seed-5/result.json").contains("partial"));
  EXPECT_EQ(json("r/seed-6/result.json")["partial"], true);
  EXPECT_NE(read(folder() / "log").find("interrupted after 1 of 4 seeds"), std::string::npos)
      << read(folder() / "log");
}

TEST_F(CommandSeeds, HaveNoSpreadWhenTheFirstIsInterrupted) {
  write_sleeping_recipe("");
  EXPECT_EQ(interrupted_run("--seeds 4 --out r"), 130) << read(folder() / "log");
  EXPECT_EQ(test::names_in(folder() / "r"),
            (std::set<std::string>{"lock.json", "plan.toml", "seeds.csv", "seeds.json", "seed-5"}));
  const Json study = json("r/seeds.json");
  EXPECT_EQ(study["interrupted_seed"], 5);
  EXPECT_EQ(study["metrics"], Json::object());
  EXPECT_EQ(read(folder() / "log").find("median"), std::string::npos);
}

}  // namespace
}  // namespace imbrex
