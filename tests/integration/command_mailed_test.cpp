// Result folders that travel: they run without the place they were made at, say what changed, and
// are made only once.
#include "command_fixture.hpp"
#include "folder_names.hpp"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Names = std::set<std::string>;

class CommandMailed : public test::CommandFixture {
 protected:
  // A network of its own, in another folder than the recipe.
  void write_recipe() const {
    fs::create_directories(folder() / "home/nets");
    write("home/nets/net.toml",
          "imbrex_workload = 1\ninput.image = { shape = [1, 8, 4, 4] }\n[network]\nlayers = "
          "[{ op = \"conv\", filters = 8, kernel = 3, pad = 1 }]\n");
    write("home/recipe.toml",
          "imbrex = 1\nname = \"small\"\n[workload]\nuse = \"imbrex.workload.toml\"\n"
          "file = \"nets/net.toml\"\n[architecture]\nuse = \"imbrex.architecture.tiled-cim\"\n"
          "[cost]\nuse = \"imbrex.cost.crossbar\"\n" +
              stage("imbrex.overlap.clsa-cim"));
  }
  // A result in mail/r, and nothing else of what made it.
  void mail(const std::string& words = "") const {
    write_recipe();
    const auto result = imbrex("run home/recipe.toml --out home/r " + words);
    ASSERT_EQ(result.code, 0) << result.err;
    fs::create_directories(folder() / "mail");
    fs::rename(folder() / "home/r", folder() / "mail/r");
    fs::remove_all(folder() / "home");
  }
  void replace_in(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read(folder() / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in " << text;
    write(file, text.replace(at, from.size(), to));
  }
  Json json(const fs::path& file) const { return Json::parse(read(folder() / file)); }
  // The refusal of a run, which leaves nothing.
  std::string refusal(const std::string& words) const {
    const auto result = imbrex("run " + words + " --out refused");
    EXPECT_EQ(result.code, 2) << result.out << result.err;
    EXPECT_FALSE(fs::exists(folder() / "refused"));
    return result.err;
  }
};

TEST_F(CommandMailed, RunsWithoutThePlaceThatMadeIt) {
  mail();
  EXPECT_EQ(test::names_in(folder() / "mail/r/inputs"), (Names{"net.toml"}));
  const auto result = imbrex("run mail/r --locked --out again");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("result.json is that of 'mail/r', bit for bit\n"), std::string::npos)
      << result.out;
  for (const char* file : {"result.json", "plan.toml", "lock.json", "inputs/net.toml"}) {
    EXPECT_EQ(read(folder() / "again" / file), read(folder() / "mail/r" / file)) << file;
    EXPECT_EQ(read(folder() / "again" / file).find(folder().string()), std::string::npos) << file;
  }
}

TEST_F(CommandMailed, NamesAnInputOfWhichOneByteChanged) {
  mail();
  replace_in("mail/r/inputs/net.toml", "pad = 1", "pad = 0");
  EXPECT_NE(refusal("mail/r").find("the file 'net.toml' has changed"), std::string::npos);
  // Also by somebody who took the digest out of the plan.
  const std::string plan = read(folder() / "mail/r/plan.toml");
  write("mail/r/plan.toml", plan.substr(0, plan.find("[files]")));
  EXPECT_NE(
      refusal("mail/r --locked").find("--locked: not what made 'mail/r': input 'net.toml' had"),
      std::string::npos);
}

TEST_F(CommandMailed, NamesAnInputThatIsMissing) {
  mail();
  fs::remove(folder() / "mail/r/inputs/net.toml");
  EXPECT_NE(refusal("mail/r").find("net.toml"), std::string::npos);
}

TEST_F(CommandMailed, LockedNamesTheFirstChange) {
  mail();
  const Json lock = json("mail/r/lock.json");
  const auto expect = [&](const std::string& from, const std::string& to,
                          const std::string& message) {
    replace_in("mail/r/lock.json", from, to);
    const std::string error = refusal("mail/r --locked");
    EXPECT_NE(error.find("--locked: not what made 'mail/r': " + message), std::string::npos)
        << error;
    write("mail/r/lock.json", lock.dump());
  };
  write("mail/r/lock.json", lock.dump());
  EXPECT_EQ(imbrex("run mail/r --locked --out fine").code, 0);
  const auto& build = lock["imbrex"];
  expect(build["version"], "0.0.9", "Imbrex was 0.0.9, is 0.1.0 now");
  expect(build["compiler"], "CC", "the compiler of Imbrex was CC, is ");
  expect(build["library_build_id"], "00", "the build of libimbrex was 00, is ");
  expect(build["command_build_id"], "00", "the build of the command imbrex was 00, is ");
  expect(lock["plugins"][1]["sha256"], "00",
         "plugin imbrex.cost.crossbar (cost_crossbar.imbrex.so) had sha256:00..., has sha256:");
  expect(lock["inputs"][0]["sha256"], "00", "input 'net.toml' had sha256:00..., has sha256:");
  EXPECT_NE(refusal("mail/r --locked --set seed=7").find("the plan had sha256:"),
            std::string::npos);
  fs::remove(folder() / "mail/r/lock.json");
  EXPECT_NE(refusal("mail/r --locked").find("no lock.json lies beside 'mail/r/plan.toml'"),
            std::string::npos);
  EXPECT_EQ(imbrex("run mail/r --out unlocked").code, 0);
}

TEST_F(CommandMailed, OtherPluginsAreANoteWithoutLocked) {
  mail();
  replace_in("mail/r/lock.json", json("mail/r/lock.json")["plugins"][0]["sha256"], "00");
  const auto result = imbrex("run mail/r --out again");
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.err.find("imbrex: not what made 'mail/r': plugin imbrex.architecture.tiled-cim"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(imbrex("run mail/r --out quiet --quiet").err, "");
}

TEST_F(CommandMailed, LockedFailsWhenTheResultDiffersAllTheSame) {
  mail();
  replace_in("mail/r/lock.json", json("mail/r/lock.json")["files"]["result.json"], "00");
  const auto result = imbrex("run mail/r --locked --out again");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("result.json in 'again' differs from that of 'mail/r'"),
            std::string::npos)
      << result.err;
  EXPECT_TRUE(fs::exists(folder() / "again/result.json"));
}

TEST_F(CommandMailed, LargeInputsAreNamedByPathAndDigest) {
  write_recipe();
  const auto result = imbrex("run home/recipe.toml --out home/r --carry-inputs 10");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("nets/net.toml' by path and digest"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(folder() / "home/r/inputs"));
  EXPECT_NE(read(folder() / "home/r/plan.toml").find("file = \"../nets/net.toml\""),
            std::string::npos);
  const Json input = json("home/r/lock.json")["inputs"][0];
  EXPECT_EQ(input["path"], "net.toml");
  EXPECT_EQ(input["carried"], false);
  EXPECT_EQ(imbrex("run home/r --locked --out home/again").code, 0);
  const auto bundle = imbrex("bundle home/r");
  EXPECT_EQ(bundle.code, 0);
  EXPECT_NE(bundle.err.find("the archive lacks '../nets/net.toml', sha256:"), std::string::npos)
      << bundle.err;
}

TEST_F(CommandMailed, StudiesCarryTheirInputsOnce) {
  mail("--seeds 2");
  EXPECT_EQ(
      test::names_in(folder() / "mail/r"),
      (Names{"inputs", "lock.json", "plan.toml", "seed-0", "seed-1", "seeds.csv", "seeds.json"}));
  const auto study = imbrex("run mail/r --seeds 2 --locked --out again");
  ASSERT_EQ(study.code, 0) << study.err;
  EXPECT_NE(study.out.find("seeds.json is that of"), std::string::npos) << study.out;
  EXPECT_EQ(read(folder() / "again/lock.json"), read(folder() / "mail/r/lock.json"));
  const auto one = imbrex("run mail/r/seed-1 --locked --out two");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_TRUE(fs::exists(folder() / "two/inputs/net.toml"));
  EXPECT_NE(refusal("mail/r --seeds 3 --locked").find("the run was a study of 2 seeds"),
            std::string::npos);
}

TEST_F(CommandMailed, ReproducersCarryTheirInputs) {
  write_recipe();
  const std::string text = read(folder() / "home/recipe.toml");
  write("home/recipe.toml",
        text + stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim"));
  const auto failed = imbrex("run home/recipe.toml --out mail/r" + with_tests());
  ASSERT_EQ(failed.code, 1) << failed.err;
  fs::remove_all(folder() / "home");
  const std::size_t at = failed.err.find("repro-");
  ASSERT_NE(at, std::string::npos) << failed.err;
  const std::string name = "mail/" + failed.err.substr(at, 14);
  EXPECT_EQ(test::names_in(folder() / name), (Names{"inputs", "message.txt", "plan.toml"}));
  EXPECT_EQ(imbrex("run " + name + " --out x" + with_tests()).code, 1);
}

TEST_F(CommandMailed, IsMadeOnlyOnce) {
  write_recipe();
  const std::string words = "run home/recipe.toml --out r";
  ASSERT_EQ(imbrex(words).code, 0);
  const auto written = fs::last_write_time(folder() / "r/result.json");
  const auto again = imbrex(words);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out, "already there: r\n");
  EXPECT_EQ(imbrex(words + " --quiet").out, "");
  EXPECT_EQ(imbrex("run r --out r/").out, "already there: r/\n");
  EXPECT_EQ(fs::last_write_time(folder() / "r/result.json"), written);
  EXPECT_NE(imbrex(words + " --force").out.find("results in r\n"), std::string::npos);
  EXPECT_NE(fs::last_write_time(folder() / "r/result.json"), written);
  ASSERT_EQ(imbrex("run home/recipe.toml --seeds 2 --out s").code, 0);
  EXPECT_EQ(imbrex("run home/recipe.toml --seeds 2 --out s").out, "already there: s\n");
}

TEST_F(CommandMailed, IsMadeAgainUnlessWholeAndUnharmed) {
  write_recipe();
  const std::string words = "run home/recipe.toml --out r";
  const auto expect = [&](const std::string& reason, const std::string& more = "") {
    const auto result = imbrex(words + more);
    EXPECT_EQ(result.code, 2) << reason;
    EXPECT_NE(result.err.find("'r' exists: " + reason), std::string::npos) << result.err;
    ASSERT_EQ(imbrex(words + " --force --quiet").code, 0);
  };
  ASSERT_EQ(imbrex(words).code, 0);
  expect("its timeline was written with --timeline-jobs 100000", " --timeline-jobs 5");
  expect("it is one run, not a study of 2 seeds", " --seeds 2");
  expect("its plan.toml has 'extra_pes = 0'", " --set architecture.extra_pes=1");
  fs::remove(folder() / "r/timeline.csv");
  expect("its timeline.csv is missing");
  write("r/result.json", "{}");
  expect("its result.json was changed");
  replace_in("r/inputs/net.toml", "pad = 1", "pad = 0");
  expect("its inputs/net.toml was changed");
  replace_in("r/lock.json", json("r/lock.json")["plugins"][0]["sha256"], "00");
  expect("plugin imbrex.architecture.tiled-cim (architecture_tiled_cim.imbrex.so) had sha256:00");
  fs::remove(folder() / "r/lock.json");
  expect("it has no lock.json");
  replace_in("r/lock.json", "\"plan_sha256\"", "\"partial\": true,\"plan_sha256\"");
  expect("its run was interrupted");
  fs::remove_all(folder() / "r");
  write("r", "a file");
  const auto result = imbrex(words);
  EXPECT_NE(result.err.find("'r' exists: it is no result folder"), std::string::npos) << result.err;
}

TEST_F(CommandMailed, PartialResultsNeverCountAsDone) {
  write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                             "marker = \"" + (folder() / "marker").string() +
                                                 "\"\nscore_first = true\n") +
                                           stage("imbrex.overlap.clsa-cim")));
  write("interrupt.sh",
        "set -m\n'" IMBREX_COMMAND "' run recipe.toml --plugin '" IMBREX_TEST_COMPONENTS
        "' --out r &\npid=$!\n"
        "for i in $(seq 500); do [ -e marker ] && break; sleep 0.02; done\n"
        "kill -INT $pid\nwait $pid\nexit 0\n");
  ASSERT_EQ(std::system(("cd '" + folder().string() + "' && bash interrupt.sh >log 2>&1").c_str()),
            0);
  ASSERT_EQ(json("r/lock.json")["partial"], true);
  const auto again = run_recipe("--out r");
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.err.find("'r' exists: its run was interrupted; give --force"), std::string::npos)
      << again.err;
}

}  // namespace
}  // namespace imbrex
