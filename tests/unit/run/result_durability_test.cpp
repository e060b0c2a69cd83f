// What is visible of a result, and what stays behind, when a process dies or the disk refuses at
// any step of writing one: every step is tried, on file systems that exchange names and on others.
#include "ended_process.hpp"
#include "folder_names.hpp"
#include "result/disk_calls.hpp"
#include "result/result_folder.hpp"
#include "run_fixture.hpp"

#include <cerrno>
#include <csignal>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Existing = result::ResultFolder::Existing;
using Names = std::set<std::string>;

// What happens at which of the calls that change the disk.
struct Plan {
  bool can_exchange = true;
  int fatal_call = 0;    // the process is killed before it; 0: never
  int failing_call = 0;  // it fails with `error`; 0: never
  int error = ENOSPC;
  int calls = 0;
};
Plan g_plan;

int fault(std::string_view call) {
  ++g_plan.calls;
  if (g_plan.calls == g_plan.fatal_call) {
    raise(SIGKILL);
  }
  if (g_plan.calls == g_plan.failing_call) {
    return g_plan.error;
  }
  const bool is_renameat2 = call == "exchange" || call == "rename_to_new";
  return is_renameat2 && !g_plan.can_exchange ? EINVAL : 0;
}

class ResultDurability : public test::RunFixture, public ::testing::WithParamInterface<bool> {
 protected:
  void TearDown() override {
    result::inject_disk_faults(nullptr);
    RunFixture::TearDown();
  }
  fs::path place() const { return folder() / "r"; }

  static void with_faults(Plan plan) {
    plan.can_exchange = GetParam();
    g_plan = plan;
    result::inject_disk_faults(fault);
  }
  // A whole result: both files say the same, and one lies in a folder inside.
  void put(const std::string& text) const {
    result::ResultFolder out(place(), Existing::replace, true);
    out.write("plan.toml", text);
    out.write_below("inner/other.txt", text);
    out.commit();
  }
  // What the result at the place says; empty when there is none.
  std::string visible() const {
    if (!fs::exists(place())) {
      return "";
    }
    EXPECT_EQ(test::names_in(place()), (Names{"plan.toml", "inner"}));
    EXPECT_EQ(read(place() / "plan.toml"), read(place() / "inner/other.txt"));
    return read(place() / "plan.toml");
  }
  void expect_old_or_new(int call) const {
    if (!GetParam()) {  // the one instant at which a result waits for the next process
      result::ResultFolder::check_target(place(), Existing::replace);
    }
    const std::string text = visible();
    EXPECT_TRUE(text == "old" || text == "new") << "'" << text << "' after call " << call;
  }
  fs::path leave_behind(const std::string& purpose, const std::string& identity) const {
    const fs::path left = folder() / (".r." + purpose + "-" + identity + ".7");
    fs::create_directories(left / "inner");
    write(left.filename().string() + "/plan.toml", purpose);
    write(left.filename().string() + "/inner/other.txt", purpose);
    return left;
  }
};
INSTANTIATE_TEST_SUITE_P(WithAndWithoutExchange, ResultDurability, ::testing::Bool(),
                         [](const auto& which) { return which.param ? "Exchange" : "TwoRenames"; });

TEST_P(ResultDurability, HoldsWhicheverCallAProcessIsKilledAt) {
  int call = 0;
  bool was_killed = true;
  while (was_killed) {
    ++call;
    with_faults({});
    put("old");
    with_faults({.fatal_call = call});
    was_killed = WIFSIGNALED(test::EndedProcess([this] { put("new"); }).wait());
    with_faults({});
    expect_old_or_new(call);
    put("next");
    EXPECT_EQ(visible(), "next");
    EXPECT_EQ(test::names_in(folder()), (Names{"r"})) << "after call " << call;
  }
  EXPECT_GE(call, 9) << "fewer calls than a folder with two files needs";
}

TEST_P(ResultDurability, HoldsWhicheverCallTheDiskRefuses) {
  int call = 0;
  bool has_failed = true;
  while (has_failed) {
    ++call;
    with_faults({});
    put("old");
    with_faults({.failing_call = call});
    has_failed = false;
    try {
      put("new");
    } catch (const Error& error) {
      has_failed = true;
      EXPECT_EQ(error.code(), ErrorCode::failed) << "call " << call;
      EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos) << error.what();
    }
    with_faults({});
    expect_old_or_new(call);
    put("next");
    EXPECT_EQ(visible(), "next");
  }
  EXPECT_GE(call, 5) << "a folder, two files, its names and the rename can fail";
}

TEST_P(ResultDurability, PutsTheOldResultBackWhenTheNewOneCannotTakeItsPlace) {
  put("old");
  with_faults({});
  put("old");
  // The last calls are: plain renames or the exchange, the parent's sync, two to discard.
  const int all = g_plan.calls;
  int failures = 0;
  for (int call = 1; call <= all; ++call) {
    with_faults({.failing_call = call, .error = EIO});
    try {
      put("new");
    } catch (const Error&) {
      ++failures;
      EXPECT_NE(visible(), "") << "nothing is visible after call " << call;
    }
    with_faults({});
    put("old");
  }
  EXPECT_GE(failures, 5);
}

TEST_P(ResultDurability, RestoresTheNewestOfWhatDeadProcessesMovedAside) {
  const test::EndedProcess one([] {});
  const test::EndedProcess other([] {});
  const fs::path older = leave_behind("replaced", one.identity());
  const fs::path newer = leave_behind("replaced", other.identity());
  fs::last_write_time(older, fs::last_write_time(newer) - std::chrono::hours(1));
  write(newer.filename().string() + "/plan.toml", "newer");
  write(newer.filename().string() + "/inner/other.txt", "newer");
  with_faults({});
  EXPECT_THROW(result::ResultFolder::check_target(place(), Existing::refuse), InputError);
  EXPECT_EQ(visible(), "newer");
  EXPECT_EQ(test::names_in(folder()), (Names{"r"}));
}

TEST_P(ResultDurability, NeverRestoresWhatIsHalfWrittenOrHalfRemoved) {
  const test::EndedProcess ended([] {});
  leave_behind("partial", ended.identity());
  leave_behind("removed", ended.identity());
  with_faults({});
  result::ResultFolder::check_target(place(), Existing::refuse);
  EXPECT_EQ(test::names_in(folder()), Names{});
}

TEST_P(ResultDurability, LeavesAloneWhatMayBelongToALivingProcess) {
  Names left;
  left.insert(leave_behind("partial", result::this_process()).filename().string());
  left.insert(leave_behind("replaced", result::this_process()).filename().string());
  left.insert(leave_behind("partial", "1").filename().string());
  left.insert(leave_behind("other", result::this_process()).filename().string());
  with_faults({});
  put("new");
  left.insert("r");
  EXPECT_EQ(test::names_in(folder()), left);
}

TEST_P(ResultDurability, KeepsTheFirstOfTwoThatMayNotReplace) {
  with_faults({});
  result::ResultFolder one(place(), Existing::refuse, true);
  result::ResultFolder other(place(), Existing::refuse, true);
  for (const auto& [out, text] : {std::pair(&one, "one"), std::pair(&other, "other")}) {
    out->write("plan.toml", text);
    out->write_below("inner/other.txt", text);
  }
  one.commit();
  EXPECT_THROW(other.commit(), InputError);
  EXPECT_EQ(visible(), "one");
}

TEST_P(ResultDurability, PrintsOnlyWhatIsOnDisk) {
  with_faults({});
  ::testing::internal::CaptureStdout();
  result::ResultFolder kept(place(), Existing::refuse, false);
  kept.show("kept\n");
  {
    result::ResultFolder dropped(folder() / "dropped", Existing::refuse, false);
    dropped.show("dropped\n");
  }
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  ::testing::internal::CaptureStdout();
  kept.commit();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "kept\n");
}

TEST_P(ResultDurability, HoldsForNamesAsLongAsAFileSystemAllows) {
  with_faults({});
  const fs::path longest = folder() / std::string(255, 'n');
  result::ResultFolder out(longest, Existing::refuse, true);
  out.write("plan.toml", "");
  out.commit();
  EXPECT_EQ(test::names_in(folder()), (Names{longest.filename().string()}));
}

}  // namespace
}  // namespace imbrex
