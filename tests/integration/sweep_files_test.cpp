// Experiments as files, and results held against each other.
#include "sweep_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

TEST_F(SweepCommand, FilesSayWhereTheyAreWrong) {
  const auto message = [&](const std::string& rest) {
    write_experiment(rest);
    const CommandResult result = imbrex("sweep e.toml");
    EXPECT_EQ(result.code, 2) << rest;
    EXPECT_FALSE(fs::exists(folder() / "results"));
    return result.err;
  };
  const auto expect = [&](const std::string& rest, const std::string& wanted) {
    const std::string found = message(rest);
    EXPECT_NE(found.find(wanted), std::string::npos) << found;
  };
  expect("[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [0, -1]\n",
         "e.toml:5:14: error: axis 'extra_pes', value '-1': 'extra_pes' = -1 is outside");
  expect("[[axis]]\nkey = 'architecture.extra_pe'\nvalues = [0, 1]\n", "extra_pes'?");
  expect("[[axis]]\nnam = 'x'\n", "e.toml:4:1: error: [[axis]] has no key 'nam'; did you mean");
  expect("seeds = 'x'\n", "e.toml:3:9: error: 'seeds' expects an integer, found a string");
  expect("[[axis]]\nkey = 'seed'\nvalues = '4..1'\n", "range '4..1' is empty");
  expect("[[axis]]\nkey = 'seed'\nvalues = []\n", "axis 'seed' has no values");
  expect("[[axis]]\nkey = 'seed'\nvalues = [2026-01-01]\n", "expected a string, a number");
  expect("[[axis]]\nname = 'a'\nrecipes = ['a.toml']\nvalues = [1]\n",
         "'values' are those of a key");
  expect("name = '../x'\n", "'name' becomes the name of a folder");
  expect("name = \"x\\n#SBATCH --wrap=y\"\n", "'name' becomes the name of a folder");
  expect("[[contributions]]\nmetric = 'jobs'\nfactors = []\n", "whether more or less of 'jobs'");
  expect("[[axis]]\nkey = 'seed'\nvalues = [1, 1]\n", "two values called '1'");
  expect("zip = ['seed', 'other']\n[[axis]]\nkey = 'seed'\nvalues = [1]\n",
         "there is no axis 'other'");
  expect("exclude = { seed = 3 }\n[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n",
         "axis 'seed' has no value '3'");
  expect(
      "[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n[[axis]]\nkey = 'architecture.extra_pes'\n"
      "values = [1, 2]\n[[table]]\nvalue = 'latency_ps'\nrows = 'seed'\n",
      "a cell of this table holds 2 points");
}

TEST_F(SweepCommand, FilesSayWhatTheirTablesAreMadeOf) {
  const std::string table = "[[table]]\nvalue = 'latency_ps'\nrows = 'extra_pes'\n";
  const std::string axis = "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [1, 2]\n";
  write_experiment(axis + table);
  const CommandResult more = imbrex("sweep e.toml --set seed=1,2");
  EXPECT_EQ(more.code, 2);
  EXPECT_NE(more.err.find("an axis 'seed' more belongs into its file"), std::string::npos)
      << more.err;
  write_experiment("seeds = 2\n" + axis + table + "where = { seed = 42 }\n");
  EXPECT_NE(imbrex("sweep e.toml").err.find("values of 'seeds' are known only with the recipe"),
            std::string::npos);
  // Zipped axes: both levels of the one that is not named fall into the cells of the other.
  write_experiment("zip = ['extra_pes', 'seed']\n" + axis +
                   "[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n[[axis]]\nkey = "
                   "'stage.2.granularity'\nvalues = ['row', 'pixel']\n" +
                   table);
  const CommandResult crowded = imbrex("sweep e.toml");
  EXPECT_EQ(crowded.code, 2);
  EXPECT_NE(crowded.err.find("a cell holds several points"), std::string::npos) << crowded.err;
}

TEST_F(SweepCommand, FilesMakeTables) {
  write_experiment(
      "seeds = 2\n[[axis]]\nname = 'duplication'\n[[axis.choice]]\nname = 'off'\n"
      "unset = 'stage.1'\n[[axis.choice]]\nname = 'on'\n"
      "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [16, 32]\n"
      "[[table]]\ntitle = 'T'\nvalue = { metric = 'latency_ps', inverse = true, digits = 3 }\n"
      "rows = 'duplication'\ncolumn = 'extra_pes'\nrelative = { duplication = 'off' }\n"
      "aggregate = 'spread'\n");
  const CommandResult result = imbrex("sweep e.toml --format md");
  ASSERT_EQ(result.code, 0) << result.err;
  // 62771.8 us without duplication; 10792.6 and 7152.6 us with it.
  EXPECT_EQ(result.out,
            "T\n\n| duplication | 16 | 32 |\n|---|---:|---:|\n| off | 1 [1 .. 1] | 1 [1 .. 1] |\n"
            "| on | 5.82 [5.82 .. 5.82] | 8.78 [8.78 .. 8.78] |\n");
}

TEST_F(SweepCommand, AFrozenExperimentPrintsTheSameTables) {
  write_experiment(
      "[[axis]]\nname = 'copies'\n[[axis.choice]]\nname = 'off'\nunset = 'stage.1'\n"
      "[[axis.choice]]\nname = 'on'\n[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [16, 32]\n"
      "[[table]]\nvalue = [{ metric = 'latency_ps', inverse = true, decimals = 2 }, 'speedup']\n"
      "text = '{} of {}'\nrows = 'extra_pes'\ncolumn = 'copies'\nwhere = { extra_pes = [16, 32] }\n"
      "relative = { copies = 'off' }\nsummary = 'mean'\n"
      "[[contributions]]\nmetric = 'latency_ps'\nfactors = ['copies', 'extra_pes']\n"
      "[[front]]\nmetrics = ['latency_ps', 'utilisation']\n");
  const CommandResult swept = imbrex("sweep e.toml --out x --format md");
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_NE(swept.out.find("| copies | 5.816x | 8.776x |"), std::string::npos) << swept.out;
  EXPECT_NE(swept.out.find("| on | 32 | 7.1526e+09 | 0.285722 |"), std::string::npos) << swept.out;
  EXPECT_EQ(imbrex("sweep x --collect --format md").out, swept.out);
}

TEST_F(SweepCommand, PointsOfOnePlanRunOnce) {
  write_experiment(
      "[[axis]]\nname = 'a'\n[[axis.choice]]\nname = 'x'\nset = { architecture.extra_pes = 8 }\n"
      "[[axis.choice]]\nname = 'y'\nset = { architecture = { extra_pes = 8 } }\n"
      "[[axis.choice]]\nname = 'z'\nset = { architecture.extra_pes = 16 }\n");
  const CommandResult result = imbrex("sweep e.toml --out x");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("3 points, 2 different runs"), std::string::npos) << result.err;
  EXPECT_EQ(points("x").size(), 2U);
}

TEST_F(SweepCommand, WritesIntoNoFolderOfSomethingElse) {
  ASSERT_EQ(imbrex(std::string("run ") + kSweptRecipe + " --quiet --out r").code, 0);
  const std::string before = text("r/result.json");
  const CommandResult result =
      imbrex(std::string("sweep ") + kSweptRecipe + " --set seed=1,2 --quiet --out r");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("'r' is not the folder of an experiment"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder() / "r/points"));
  EXPECT_EQ(text("r/result.json"), before);
}

TEST_F(SweepCommand, AFileOfAnExperimentIsNoRecipe) {
  write_experiment("");
  for (const char* const command : {"run", "check"}) {
    const CommandResult result = imbrex(std::string(command) + " e.toml");
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.err.find("e.toml:1:1: error: this file describes an experiment, not a recipe; "
                              "'imbrex sweep' runs it\n"),
              result.err.rfind("e.toml:1:1: error:"))
        << result.err;
    EXPECT_NE(result.err.find("'imbrex sweep' runs it"), std::string::npos) << result.err;
  }
}

TEST_F(SweepCommand, ResultsAreCompared) {
  for (const char* const pes : {"16", "32"}) {
    ASSERT_EQ(imbrex(std::string("run ") + kSweptRecipe +
                     " --quiet --set architecture.extra_pes=" + pes + " --out r" + pes)
                  .code,
              0);
  }
  const CommandResult result = imbrex("compare r16 r32");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("architecture.extra_pes  16   32\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("-33.73% better"), std::string::npos) << result.out;
  EXPECT_EQ(imbrex("compare r16 r32 --fail-if 'latency>+1%'").code, 0);
  const CommandResult worse = imbrex("compare r32 r16 --fail-if 'latency>+1%'");
  EXPECT_EQ(worse.code, 1);
  EXPECT_NE(worse.err.find("latency>+1%: latency_ps is"), std::string::npos) << worse.err;
  EXPECT_EQ(imbrex("compare r16 r16").out, "The plans and all quantities are equal.\n");
  EXPECT_EQ(imbrex("compare r16").code, 2);
}

}  // namespace
}  // namespace imbrex::test
