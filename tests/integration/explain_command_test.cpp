// `imbrex explain`: what it promises is what `imbrex run` gives, on ten pairs of a network and an
// architecture.
#include "command_fixture.hpp"
#include "experiment/explanation.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#define RECIPES IMBREX_SOURCE_DIR "/configs/recipes/"
#define WORKLOADS IMBREX_SOURCE_DIR "/configs/workloads/"

namespace imbrex {
namespace {

using Json = nlohmann::json;

std::string in_quotes(const std::string& word) {
  return "'" + word + "'";
}

class Explain : public test::CommandFixture {
 protected:
  Json explained(const std::string& words, int code = 0) const {
    const auto result = imbrex("explain --format json --quiet " + words);
    EXPECT_EQ(result.code, code) << words << "\n" << result.err;
    EXPECT_EQ(result.err, "") << words;
    return Json::parse(result.out);
  }

  std::int64_t run_ps(const std::string& words) const {
    const auto result = imbrex("run --force --quiet --out r " + words);
    EXPECT_EQ(result.code, 0) << words << "\n" << result.err;
    return Json::parse(read(folder() / "r" / "result.json"))["metrics"]["latency_ps"];
  }

  // The recipe as it is, and with every change that was found, up to `most` of them.
  void expect_promises_kept(const std::string& recipe, const std::string& options,
                            std::size_t most) const {
    const Json explanation = explained(recipe + " " + options);
    const std::int64_t before_ps = explanation["latency_ps"];
    EXPECT_EQ(run_ps(recipe), before_ps);
    const Json& changes = explanation["changes"];
    ASSERT_FALSE(changes.empty()) << recipe;
    for (std::size_t i = 0; i < std::min(most, changes.size()); ++i) {
      const std::int64_t after_ps = changes[i]["latency_ps"];
      const std::string setting = changes[i]["setting"];
      EXPECT_LT(after_ps, before_ps) << setting;
      EXPECT_DOUBLE_EQ(changes[i]["ratio"].get<double>(),
                       static_cast<double>(before_ps) / static_cast<double>(after_ps));
      EXPECT_EQ(run_ps(recipe + " --set " + in_quotes(setting)), after_ps) << setting;
    }
  }
};

const Json* change_of(const Json& explanation, const std::string& setting) {
  for (const Json& change : explanation["changes"]) {
    if (change["setting"] == setting) {
      return &change;
    }
  }
  return nullptr;
}

TEST_F(Explain, WhatItPromisesOnTenPairsIsWhatARunGives) {
  const std::string tiled = RECIPES "tinyyolov4-clsa-cim.toml";
  const std::string compass = RECIPES "resnet18-compass.toml";
  expect_promises_kept(tiled, "", 9);
  expect_promises_kept(tiled + " --set workload.file=" WORKLOADS "tinyyolov3.toml", "", 9);
  expect_promises_kept(tiled + " --set workload.file=" WORKLOADS "vgg16.toml", "--tries 30", 4);
  expect_promises_kept(compass, "", 9);
  expect_promises_kept(compass + " --set architecture.preset=compass-m --set workload.batch=1", "",
                       9);
  expect_promises_kept(RECIPES "vgg16-compass.toml", "--tries 4", 1);
  expect_promises_kept(RECIPES "resnet18-dram-pim.toml", "", 9);
  expect_promises_kept(RECIPES "resnet18-ws256.toml --set stage.2.samples=50", "--tries 24", 9);
  expect_promises_kept(RECIPES "resnet18-eye168.toml --set stage.2.samples=50", "--tries 24", 9);
  expect_promises_kept(RECIPES "ritnet-pipeorgan.toml", "--tries 50", 9);
}

// conv2 and the four layers behind it are as slow as one another; a copy of each takes 2 + 3 + 2 +
// 2 + 1 = 10 PEs, and without one of them the other four wait for it.
TEST_F(Explain, FindsTheTenPesThatFiveTiedLayersNeedTogether) {
  const Json explanation = explained(RECIPES "tinyyolov4-clsa-cim.toml");
  const Json five = {"conv2", "cross_stage1.a", "cross_stage1.b", "cross_stage1.c",
                     "cross_stage1.d"};
  EXPECT_EQ(explanation["bound_by"][0]["layers"], five);
  const Json* const change = change_of(explanation, "architecture.extra_pes=42");
  ASSERT_NE(change, nullptr) << explanation.dump(2);
  EXPECT_EQ((*change)["step"], 10);
  Json copied = Json::array();
  for (const Json& one : (*change)["copies"]) {
    EXPECT_EQ(one["before"], 3);
    EXPECT_EQ(one["after"], 4);
    copied.push_back(one["layer"]);
  }
  EXPECT_EQ(copied, five);
  for (int pes = 33; pes < 42; ++pes) {
    EXPECT_EQ(run_ps(RECIPES "tinyyolov4-clsa-cim.toml --set architecture.extra_pes=" +
                     std::to_string(pes)),
              explanation["latency_ps"])
        << pes;
  }
}

TEST_F(Explain, TheLeastAmountMakesAnInfeasibleRecipeFeasible) {
  const std::string recipe =
      RECIPES "tinyyolov4-clsa-cim.toml --set architecture.extra_pes=0 --set architecture.pes=";
  const Json explanation = explained(recipe + "100");
  EXPECT_FALSE(explanation["feasible"]);
  EXPECT_NE(explanation["infeasible"].get<std::string>().find("needs 117 PEs"), std::string::npos);
  const Json* const change = change_of(explanation, "architecture.pes=117");
  ASSERT_NE(change, nullptr) << explanation.dump(2);
  EXPECT_EQ((*change)["step"], 17);
  EXPECT_FALSE(change->contains("ratio"));
  EXPECT_EQ(run_ps(recipe + "117"), (*change)["latency_ps"]);
  EXPECT_EQ(imbrex("run --out r2 " + recipe + "116").code, 3);
}

// Cut into segments the network fits, but the baseline, which keeps it in one piece, does not.
TEST_F(Explain, AnotherPartitionerMakesARecipeFeasible) {
  const std::string recipe =
      RECIPES "tinyyolov4-clsa-cim.toml --set architecture.extra_pes=0 --set architecture.pes=50";
  const Json explanation = explained(recipe);
  const std::string setting = "stage.1.use=imbrex.partition.compass";
  const Json* const change = change_of(explanation, setting);
  ASSERT_NE(change, nullptr) << explanation.dump(2);
  EXPECT_TRUE((*change)["without_baseline"]);
  EXPECT_EQ(run_ps(recipe + " --unset baseline --set " + setting), (*change)["latency_ps"]);
}

TEST_F(Explain, ABaselineThatDoesNotFitIsTakenAway) {
  const std::string recipe = RECIPES "tinyyolov4-clsa-cim.toml --set baseline.architecture.pes=3";
  const Json explanation = explained(recipe);
  ASSERT_EQ(explanation["changes"].size(), 1u);
  EXPECT_EQ(explanation["changes"][0]["option"], "--unset");
  EXPECT_EQ(run_ps(recipe + " --unset baseline"), explanation["changes"][0]["latency_ps"]);
}

TEST_F(Explain, EndsWithThreeWhereNothingHelps) {
  const std::string recipe =
      RECIPES "tinyyolov4-clsa-cim.toml --set architecture.extra_pes=0 --set architecture.pes=1 ";
  const Json explanation = explained(recipe + "--tries 0", 3);
  EXPECT_EQ(explanation["evaluations"], 0);
  EXPECT_TRUE(explanation["out_of_tries"]);
}

TEST_F(Explain, AResultIsExplainedAsItsRecipeAndAtAnyNumberOfThreads) {
  const std::string recipe = RECIPES "tinyyolov4-clsa-cim.toml";
  ASSERT_EQ(imbrex("run --out r " + recipe).code, 0);
  const auto of_recipe = imbrex("explain -j1 --progress none " + recipe);
  const auto of_result = imbrex("explain -j4 r");
  EXPECT_EQ(of_recipe.out, of_result.out);
  EXPECT_EQ(of_recipe.err, "");
  EXPECT_NE(of_recipe.out.find("5 layers tie"), std::string::npos);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = of_recipe.out.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    EXPECT_LE(end - begin, 80u) << of_recipe.out.substr(begin, end - begin);
  }
}

// A conservative analyzer, in whose time nobody can tell data from waiting.
TEST_F(Explain, CallsWaitingWhatTheReportOfTheRunCallsIt) {
  const std::string recipe = RECIPES "resnet18-fast-overlapim.toml";
  const auto ran = imbrex("run --out r " + recipe);
  EXPECT_NE(ran.out.find("waiting that the analyzer adds, or data"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("data movement"), std::string::npos) << ran.out;
  const auto told = imbrex("explain --tries 1 " + recipe);
  EXPECT_NE(told.out.find("waiting that the analyzer adds, or data"), std::string::npos)
      << told.out;
}

TEST_F(Explain, ItsPageShowsWhatItPrints) {
  const std::string page = read(IMBREX_SOURCE_DIR "/sdk/docs/explain.md");
  const std::string fence = "```text\n";
  const std::size_t begin = page.find(fence) + fence.size();
  ASSERT_GT(begin, fence.size());
  EXPECT_EQ(imbrex("explain --layers 6 " RECIPES "tinyyolov4-clsa-cim.toml").out,
            page.substr(begin, page.find("```", begin) - begin));
}

TEST_F(Explain, TriesAreCountedAndSaidToBeSpent) {
  const auto result = imbrex("explain --tries 4 " RECIPES "tinyyolov4-clsa-cim.toml");
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("of 3 changed recipes that ran"), std::string::npos)
      << "two for the first lever, and one that left none to confirm another\n"
      << result.out;
  EXPECT_NE(result.out.find("--tries allows more"), std::string::npos) << result.out;
}

// 1, 2, 4, 8 and 16 more rows, and nothing is left to look below the last, which does it.
TEST_F(Explain, WhatIsFoundIsKeptWhenTriesRunOut) {
  const std::string recipe = RECIPES "resnet18-ws256.toml --set stage.2.samples=50";
  const Json explanation = explained(recipe + " --tries 5");
  ASSERT_EQ(explanation["changes"].size(), 1u) << explanation.dump(2);
  EXPECT_EQ(explanation["evaluations"], 5);
  EXPECT_TRUE(explanation["out_of_tries"]);
  EXPECT_EQ(explanation["changes"][0]["setting"], "architecture.rows=32");
  EXPECT_EQ(run_ps(recipe + " --set architecture.rows=32"),
            explanation["changes"][0]["latency_ps"]);
}

TEST_F(Explain, SaysHowFarItIsOnStderrAlone) {
  const std::string recipe = RECIPES "resnet18-dram-pim.toml --tries 20 --format json ";
  const auto told = imbrex("explain --progress json " + recipe);
  const auto silent = imbrex("explain --progress none " + recipe);
  EXPECT_EQ(told.out, silent.out);
  EXPECT_EQ(silent.err, "");
  EXPECT_NE(told.err, "");
  std::istringstream lines(told.err);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(Json::parse(line)["progress"]["runs"], 20) << line;
  }
}

TEST_F(Explain, BadInputEndsWithTwo) {
  EXPECT_EQ(imbrex("explain").code, 2);
  EXPECT_EQ(imbrex("explain nothing.toml").code, 2);
  EXPECT_EQ(imbrex("explain --tries -1 " RECIPES "tinyyolov4-clsa-cim.toml").code, 2);
  const auto wrong = imbrex("explain --set stage.2.rows=x " RECIPES "tinyyolov4-clsa-cim.toml");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.out, "");
}

// Before anything is known there is nothing to print.
TEST_F(Explain, AnInterruptOfTheFirstRunEndsIt) {
  write("recipe.toml",
        chain_recipe(1, stage("test.search.sleeper",
                              "marker = \"" + (folder() / "marker").string() + "\"\n") +
                            stage("imbrex.overlap.clsa-cim")));
  write("interrupt.sh",
        "set -m\n'" IMBREX_COMMAND "' explain recipe.toml --plugin '" IMBREX_TEST_COMPONENTS
        "' >out &\npid=$!\n"
        "for i in $(seq 500); do [ -e marker ] && break; sleep 0.02; done\n"
        "kill -INT $pid\nwait $pid\nexit $?\n");
  const int status =
      std::system(("cd '" + folder().string() + "' && bash interrupt.sh >log 2>&1").c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << read(folder() / "log");
  EXPECT_EQ(read(folder() / "out"), "");
}

TEST_F(Explain, AnInterruptAmongTheTriesKeepsWhatIsKnown) {
  plugin::PluginSearchPath path;
  path.defaults = {IMBREX_PLUGIN_DIR};
  const plugin::Registry registry(path);
  experiment::TrialOptions options;
  options.threads = 1;
  options.tell = [](std::int64_t before, std::string_view) {
    if (before == 20) {
      plugin::HostServices::request_cancel();
    }
  };
  const experiment::Explanation explanation = experiment::explain(
      recipe::ParsedRecipe::of_file(RECIPES "tinyyolov4-clsa-cim.toml"), {}, registry, options);
  EXPECT_TRUE(explanation.interrupted);
  EXPECT_FALSE(explanation.out_of_tries);
  EXPECT_TRUE(explanation.result.has_value());
  EXPECT_FALSE(explanation.changes.empty());
  EXPECT_EQ(explanation.evaluations, 20);
}

}  // namespace
}  // namespace imbrex
