#include "result/clean_up.hpp"

#include "ended_process.hpp"
#include "folder_names.hpp"
#include "result/process_identity.hpp"
#include "result/result_list.hpp"
#include "result/result_place.hpp"
#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <csignal>
#include <set>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;
using What = result::CleanedFolder::What;

class CleanUp : public ::testing::Test {
 protected:
  void put_result(const std::string& name, const std::string& date) const {
    folder_.write(name + "/plan.toml", "");
    folder_.write(name + "/result.json",
                  R"({"name": "x", "objective": "latency", "plan_sha256": "ab",
                      "metrics": {"latency_ps": 7}, "speedup": 2.5})");
    folder_.write(name + "/environment.json", "{\"date_utc\": \"" + date + "\"}");
  }
  std::vector<result::CleanedFolder> clean(const result::CleanUp& what) const {
    return result::clean_up(folder_.path(), what);
  }
  Names names() const { return test::names_in(folder_.path()); }
  // A hidden folder as a process of this identity calls it.
  std::string hidden(const std::string& purpose, const std::string& process) const {
    const std::string name = ".r." + purpose + "-" + process + ".0";
    folder_.write(name + "/plan.toml", purpose);
    return name;
  }

  test::TemporaryFolder folder_;
};

TEST_F(CleanUp, RemovesOnlyResultsThatAreOlder) {
  put_result("old", "2026-04-30T23:59:59Z");
  put_result("deep/er/old", "1999-01-01T00:00:00Z");
  put_result("new", "2026-05-01T00:00:00Z");
  put_result("undated", "yesterday");
  put_result("dated by hand", "2026-4-1");
  folder_.write("thesis/plan.toml", "");
  folder_.write("thesis/environment.json", R"({"date_utc": "1999-01-01T00:00:00Z"})");
  fs::create_directory_symlink(folder_.path() / "old", folder_.path() / "link");
  const auto cleaned = clean({.before_utc = "2026-05-01T00:00:00Z"});
  ASSERT_EQ(cleaned.size(), 2u);
  EXPECT_EQ(cleaned[0].folder, folder_.path() / "deep/er/old");
  EXPECT_EQ(cleaned[1].folder, folder_.path() / "old");
  EXPECT_EQ(cleaned[1].what, What::result);
  EXPECT_EQ(cleaned[1].date_utc, "2026-04-30T23:59:59Z");
  EXPECT_EQ(names(), (Names{"deep", "new", "undated", "dated by hand", "thesis", "link"}));
  EXPECT_TRUE(fs::exists(folder_.path() / "deep/er"));
  EXPECT_FALSE(fs::exists(folder_.path() / "deep/er/old"));
}

TEST_F(CleanUp, RemovesNothingWhenOnlyAsked) {
  put_result("old", "1999-01-01T00:00:00Z");
  const test::EndedProcess ended([] {});
  const std::string left = hidden("partial", ended.identity());
  EXPECT_EQ(clean({.before_utc = "2026-05-01T00:00:00Z", .dry_run = true}).size(), 2u);
  EXPECT_EQ(names(), (Names{"old", left}));
}

TEST_F(CleanUp, KeepsEveryResultWithoutAnAge) {
  put_result("old", "1999-01-01T00:00:00Z");
  EXPECT_TRUE(clean({}).empty());
  EXPECT_EQ(names(), (Names{"old"}));
}

TEST_F(CleanUp, RemovesWhatDeadProcessesLeftAndNothingOfLivingOnes) {
  const test::EndedProcess ended([] { raise(SIGKILL); });
  const std::string own = result::this_process();
  const Names living = {hidden("partial", own), hidden("removed", own), hidden("replaced", own)};
  folder_.write(".r.partial-notes/mine.txt", "");
  folder_.write(".hidden/mine.txt", "");
  hidden("partial", ended.identity());
  hidden("removed", ended.identity());
  EXPECT_EQ(clean({}).size(), 2u);
  Names expected = living;
  expected.insert({".r.partial-notes", ".hidden"});
  EXPECT_EQ(names(), expected);
}

TEST_F(CleanUp, BringsBackAResultThatWasMovedAside) {
  const test::EndedProcess ended([] {});
  hidden("replaced", ended.identity());
  const auto cleaned = clean({});
  ASSERT_EQ(cleaned.size(), 1u);
  EXPECT_EQ(cleaned[0].what, What::restored);
  EXPECT_EQ(cleaned[0].folder, folder_.path() / "r");
  EXPECT_EQ(names(), (Names{"r"}));
  hidden("replaced", ended.identity());
  ASSERT_EQ(clean({}).size(), 1u);
  EXPECT_EQ(names(), (Names{"r"})) << "the place is taken: what was moved aside is older";
}

TEST_F(CleanUp, SparesWhatAnotherProcessPutsThereMeanwhile) {
  const result::ResultPlace place(folder_.path() / "r");
  EXPECT_FALSE(place.remove_if([](const fs::path&) { return true; })) << "nothing is there";
  put_result("r", "old");
  EXPECT_FALSE(place.remove_if([](const fs::path&) { return false; }));
  EXPECT_EQ(names(), (Names{"r"})) << "what is not expendable comes back";
  for (const bool is_expendable : {false, true}) {
    put_result("r", "old");
    EXPECT_EQ(place.remove_if([&](const fs::path& aside) {
      EXPECT_TRUE(fs::exists(aside / "result.json"));
      put_result("r", "new");
      return is_expendable;
    }),
              is_expendable);
    EXPECT_EQ(names(), (Names{"r"}));
    EXPECT_EQ(result::list_result(folder_.path() / "r").date_utc, "new");
  }
}

TEST_F(CleanUp, RefusesWhatIsNoFolder) {
  EXPECT_THROW(result::clean_up(folder_.path() / "nowhere", {}), InputError);
}

TEST_F(CleanUp, KnowsTheTimeThatHasPassed) {
  EXPECT_LT(result::utc_hours_ago(1), result::utc_hours_ago(0));
  EXPECT_EQ(result::utc_hours_ago(0).size(), 20u);
}

TEST_F(CleanUp, ListsTheNewestFirstAndWhatItCannotRead) {
  put_result("a", "2026-01-01T00:00:00Z");
  put_result("b", "2026-03-01T00:00:00Z");
  put_result("c", "2026-02-01T00:00:00Z");
  put_result("d", "2026-02-01T00:00:00Z");
  folder_.write("d/result.json", "{");
  put_result(".hidden", "2026-02-01T00:00:00Z");
  const auto listed = result::list_results(folder_.path());
  std::string order;
  for (const result::ListedResult& one : listed) {
    order += one.folder.filename().string();
  }
  EXPECT_EQ(order, "bcad");
  EXPECT_EQ(listed[0].value, 7);
  EXPECT_EQ(listed[0].speedup, 2.5);
  EXPECT_EQ(listed[0].metric, "latency_ps");
  EXPECT_EQ(listed[0].plan_sha256, "ab");
  EXPECT_EQ(listed[0].problem, "");
  EXPECT_NE(listed[3].problem, "");
  EXPECT_EQ(result::list_results(folder_.path() / "b").size(), 1u) << "a result is a list of one";
}

}  // namespace
}  // namespace imbrex
