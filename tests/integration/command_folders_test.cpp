// `imbrex log`, `imbrex gc`, `imbrex bundle`.
#include "command_fixture.hpp"
#include "ended_process.hpp"
#include "folder_names.hpp"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Names = std::set<std::string>;

class CommandFolders : public test::CommandFixture {
 protected:
  void write_good_recipe() const {
    write("recipe.toml",
          chain_recipe(0, stage("imbrex.overlap.clsa-cim"), layer_by_layer_baseline()));
  }
  // A result whose environment.json has this date.
  void put(const std::string& name, const std::string& date, const std::string& words = "") const {
    ASSERT_EQ(run_recipe("--quiet --out " + name + " " + words).code, 0);
    const fs::path file = folder() / name / "environment.json";
    Json environment = Json::parse(read(file));
    environment["date_utc"] = date;
    write(name + "/environment.json", environment.dump());
  }
  int shell(const std::string& line) const {
    return std::system(("cd '" + folder().string() + "' && " + line).c_str());
  }
};

TEST_F(CommandFolders, LogListsResultsNewestFirst) {
  write_good_recipe();
  put("results/old", "2026-01-01T00:00:00Z");
  put("results/a/new", "2026-03-01T00:00:00Z", "--set objective=throughput");
  ASSERT_EQ(run_recipe("--quiet --seeds 2 --out results/study").code, 0);
  const Json old = Json::parse(read(folder() / "results/old/result.json"));
  const auto result = imbrex("log");
  EXPECT_EQ(result.code, 0) << result.err;
  const std::string line =
      "2026-01-01T00:00:00Z  results/old    latency     33.6 us       1.333x    " +
      old["plan_sha256"].get<std::string>().substr(0, 8) + "  done\n";
  EXPECT_TRUE(result.out.starts_with("DATE ")) << result.out;
  EXPECT_TRUE(result.out.ends_with(line)) << result.out << line;
  EXPECT_LT(result.out.find("results/study"), result.out.find("results/a/new"));
  EXPECT_NE(result.out.find("2 seeds\n"), std::string::npos) << result.out;
  const Json listed = Json::parse(imbrex("log results --json").out);
  ASSERT_EQ(listed["results"].size(), 3u);
  EXPECT_EQ(listed["results"][0]["seeds"], 2);
  EXPECT_EQ(listed["results"][0]["latency_ps"], 33'600'000);
  EXPECT_EQ(listed["results"][1]["objective"], "throughput");
  EXPECT_GT(listed["results"][1]["throughput_per_s"], 0);
  EXPECT_EQ(listed["results"][2], (Json{{"folder", "results/old"},
                                        {"name", "chain"},
                                        {"date_utc", "2026-01-01T00:00:00Z"},
                                        {"objective", "latency"},
                                        {"latency_ps", 33'600'000},
                                        {"speedup", old["speedup"]},
                                        {"plan_sha256", old["plan_sha256"]}}));
}

TEST_F(CommandFolders, LogSaysWhatItCannotRead) {
  write_good_recipe();
  put("r", "2026-01-01T00:00:00Z");
  write("r/result.json", "{");
  EXPECT_NE(imbrex("log .").out.find("unreadable: "), std::string::npos);
  fs::create_directory(folder() / "empty");
  EXPECT_EQ(imbrex("log empty").out, "no results in empty\n");
  EXPECT_EQ(imbrex("log").code, 2) << "there is no folder 'results'";
}

TEST_F(CommandFolders, GcRemovesOldResultsAndLeftovers) {
  write_good_recipe();
  put("results/old", "2026-01-01T00:00:00Z");
  ASSERT_EQ(run_recipe("--quiet --out results/new").code, 0);
  const test::EndedProcess ended([] {});
  const std::string left = ".x.partial-" + ended.identity() + ".0";
  fs::create_directories(folder() / "results" / left);
  const auto dry = imbrex("gc --older 1d --dry-run");
  EXPECT_EQ(dry.out, "would remove results/" + left +
                         ", left by a killed run\n"
                         "would remove results/old, of 2026-01-01T00:00:00Z\n");
  EXPECT_EQ(test::names_in(folder() / "results"), (Names{left, "new", "old"}));
  EXPECT_EQ(imbrex("gc").out, "removed results/" + left + ", left by a killed run\n");
  EXPECT_EQ(test::names_in(folder() / "results"), (Names{"new", "old"}));
  EXPECT_EQ(imbrex("gc --older 1d").out, "removed results/old, of 2026-01-01T00:00:00Z\n");
  EXPECT_EQ(imbrex("gc --older 1d").out, "nothing to remove in results\n");
  EXPECT_EQ(test::names_in(folder() / "results"), (Names{"new"}));
  EXPECT_EQ(imbrex("gc nowhere").code, 2);
}

TEST_F(CommandFolders, BundleIsTheSameBytesWhoeverPacks) {
  write_good_recipe();
  put("results/r", "2026-01-01T00:00:00Z");
  const auto result = imbrex("bundle results/r");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "bundle in r.tar.gz\n");
  ASSERT_EQ(shell("mkdir other && tar xzf r.tar.gz -C other && touch -d 2001-01-01 other/r/* && "
                  "chmod 700 other/r/*"),
            0);
  // What tar and gzip take from the environment does not count.
  ASSERT_EQ(setenv("TAR_OPTIONS", "--owner=7 --exclude=result.json", 1), 0);
  ASSERT_EQ(imbrex("bundle other/r/ -o other.tar.gz").code, 0);
  ASSERT_EQ(unsetenv("TAR_OPTIONS"), 0);
  EXPECT_EQ(read(folder() / "other.tar.gz"), read(folder() / "r.tar.gz"));
  for (const std::string& name : test::names_in(folder() / "results/r")) {
    EXPECT_EQ(read(folder() / "other/r" / name), read(folder() / "results/r" / name)) << name;
  }
  const auto again = imbrex("run other/r --locked --out again" + with_tests());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read(folder() / "again/result.json"), read(folder() / "results/r/result.json"));
}

TEST_F(CommandFolders, BundleRefusesWhatItWouldLose) {
  write_good_recipe();
  put("r", "2026-01-01T00:00:00Z");
  write("r.tar.gz", "mine");
  EXPECT_NE(imbrex("bundle r").err.find("'r.tar.gz' exists"), std::string::npos);
  EXPECT_EQ(read(folder() / "r.tar.gz"), "mine");
  EXPECT_EQ(imbrex("bundle r --force").code, 0);
  EXPECT_NE(read(folder() / "r.tar.gz"), "mine");
  fs::create_symlink("/etc", folder() / "r/link");
  const auto linked = imbrex("bundle r -o linked.tar.gz");
  EXPECT_EQ(linked.code, 2);
  EXPECT_NE(linked.err.find("'r/link' is neither file nor folder"), std::string::npos)
      << linked.err;
  EXPECT_EQ(imbrex("bundle . -o x.tar.gz").code, 2) << "no plan.toml";
  EXPECT_EQ(imbrex("bundle nowhere").code, 2);
  fs::remove(folder() / "r/link");
  const auto nowhere = imbrex("bundle r -o nowhere/r.tar.gz");
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_NE(nowhere.err.find("there is no folder '"), std::string::npos) << nowhere.err;
  EXPECT_EQ(test::names_in(folder()), (Names{"recipe.toml", "r", "r.tar.gz"}));
}

// What the profile asks for, and that every name leads to something.
TEST_F(CommandFolders, BundleDescribesItselfAsACrate) {
  write_good_recipe();
  put("r", "2026-01-01T00:00:00Z");
  write("r/a b.svg", "<svg/>");
  ASSERT_EQ(imbrex("bundle r --ro-crate").code, 0);
  ASSERT_EQ(imbrex("bundle r --ro-crate -o again.tar.gz").code, 0);
  EXPECT_EQ(read(folder() / "again.tar.gz"), read(folder() / "r.tar.gz"));
  ASSERT_EQ(shell("mkdir out && tar xzf r.tar.gz -C out"), 0);
  const Json crate = Json::parse(read(folder() / "out/r/ro-crate-metadata.json"));
  std::map<std::string, Json> entities;
  for (const Json& entity : crate["@graph"]) {
    EXPECT_TRUE(entities.emplace(entity["@id"], entity).second) << entity["@id"];
  }
  EXPECT_EQ(entities["ro-crate-metadata.json"]["conformsTo"]["@id"],
            "https://w3id.org/ro/crate/1.1");
  const Json root = entities["./"];
  EXPECT_EQ(root["datePublished"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(root["hasPart"].size(), test::names_in(folder() / "r").size());
  const Json action = entities["#run"];
  EXPECT_EQ(action["@type"], "CreateAction");
  EXPECT_EQ(action["endTime"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(entities[action["instrument"]["@id"]]["softwareVersion"], "0.1.0");
  EXPECT_EQ(action["object"], Json::parse(R"([{"@id": "plan.toml"}])"));
  const Json plugins = entities["#imbrex"]["softwareRequirements"];
  EXPECT_EQ(plugins.size(), 5u) << plugins;
  for (const Json& list : {root["hasPart"], root["mentions"], action["result"], plugins}) {
    for (const Json& reference : list) {
      EXPECT_TRUE(entities.contains(reference["@id"])) << reference;
    }
  }
  EXPECT_EQ(entities["a%20b.svg"]["encodingFormat"], "image/svg+xml");
  const Json result = entities["result.json"];
  EXPECT_EQ(result["encodingFormat"], "application/json");
  EXPECT_EQ(result["contentSize"], std::to_string(fs::file_size(folder() / "r/result.json")));
  ASSERT_EQ(shell("sha256sum out/r/result.json | cut -c 1-64 | tr -d '\\n' >digest"), 0);
  EXPECT_EQ(result["sha256"], read(folder() / "digest"));
  fs::remove(folder() / "r/lock.json");
  EXPECT_EQ(imbrex("bundle r --ro-crate --force").code, 2);
}

}  // namespace
}  // namespace imbrex
