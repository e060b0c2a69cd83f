// Whatever is embedded computes what the command computes.
#include "session_fixture.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using nlohmann::json;

constexpr std::array kRecipes = {
    "tinyyolov4-clsa-cim",     "resnet18-compass", "resnet18-dram-pim", "resnet18-eye168",
    "resnet18-fast-overlapim", "ritnet-optimal",   "ritnet-pipeorgan",  "vgg16-compass"};

class SessionSameBytes : public test::SessionFixture {
 protected:
  std::string of_command(const std::string& recipe) const {
    const auto result = imbrex("run '" + recipe + "' --quiet --threads 2 --force --out of-command");
    EXPECT_EQ(result.code, 0) << result.err;
    return read(folder() / "of-command" / "result.json");
  }
  static std::string of_session(const std::string& recipe, int threads) {
    Session session;
    session.read_file(recipe);
    EXPECT_EQ(session.run(threads), SessionStatus::done);
    return session.result_json();
  }
};

TEST_F(SessionSameBytes, AsTheCommandAtAnyNumberOfThreads) {
  for (const char* const name : kRecipes) {
    const std::string expected = of_command(shipped(name));
    EXPECT_EQ(of_session(shipped(name), 1), expected) << name;
    EXPECT_EQ(of_session(shipped(name), 4), expected) << name;
  }
}

TEST_F(SessionSameBytes, OfSessionsAtOnceAndOneAfterTheOther) {
  std::vector<std::string> expected;
  for (const char* const name : kRecipes) {
    expected.push_back(of_command(shipped(name)));
  }
  std::vector<std::string> found(kRecipes.size());
  const auto every_second = [&](std::size_t first) {
    for (std::size_t i = first; i < kRecipes.size(); i += 2) {
      found[i] = of_session(shipped(kRecipes[i]), 2);
    }
  };
  std::thread other([&] { every_second(1); });
  every_second(0);
  other.join();
  for (std::size_t i = 0; i < kRecipes.size(); ++i) {
    EXPECT_EQ(found[i], expected[i]) << kRecipes[i];
  }
}

// With the reporters that the recipe names.
TEST_F(SessionSameBytes, OfTheWholeFolder) {
  const std::string reports = " --set 'report=[{use=\"imbrex.report.csv\"}]'";
  ASSERT_EQ(
      imbrex("run '" + shipped("tinyyolov4-clsa-cim") + "' --quiet --out command" + reports).code,
      0);
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim")).set("report=[{use=\"imbrex.report.csv\"}]");
  ASSERT_EQ(session.run(), SessionStatus::done);
  ::testing::internal::CaptureStdout();
  session.write((folder() / "session").string());
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder() / "command")) {
    const std::string name = entry.path().filename().string();
    names.push_back(name);
    ASSERT_TRUE(std::filesystem::exists(folder() / "session" / name)) << name;
    if (entry.is_regular_file() && name != "environment.json" && name != "lock.json") {
      EXPECT_EQ(read(folder() / "session" / name), read(entry.path())) << name;
    }
  }
  EXPECT_NE(std::find(names.begin(), names.end(), "operators.csv"), names.end());
  // Only who holds the engine differs.
  json lock = json::parse(read(folder() / "session/lock.json"));
  json lock_of_command = json::parse(read(folder() / "command/lock.json"));
  EXPECT_EQ(lock["files"], lock_of_command["files"]);
  EXPECT_EQ(lock["plugins"], lock_of_command["plugins"]);
  EXPECT_EQ(lock["inputs"], lock_of_command["inputs"]);
  // And it is there to be run again.
  const auto again = imbrex("run session/plan.toml --quiet --out again");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read(folder() / "again/result.json"), session.result_json());
}

TEST_F(SessionSameBytes, OfPlansAndDescriptions) {
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  const std::string plan = write("plan.toml", session.plan_toml(folder().string())).string();
  EXPECT_EQ(of_session(plan, 1), of_command(shipped("tinyyolov4-clsa-cim")));
  EXPECT_EQ(Session().components_json(), imbrex("plugins --json").out);
  EXPECT_EQ(Session().describe_json("imbrex.overlap.clsa-cim"),
            imbrex("describe imbrex.overlap.clsa-cim --json").out);
}

}  // namespace
}  // namespace imbrex
