// What is left to say when a process dies: who was called, on which thread, and whom a child names.
#include "plugin/last_words.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/stdout_aside.hpp"
#include "plugin/thread_pool.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

TEST(CallMark, IsTheInnermostCallOfItsThread) {
  EXPECT_EQ(current_call(), nullptr);
  {
    const CallMark stage("stage 1 (a.search.b)", "search");
    const CallMark cost("cost (a.cost.c)", "evaluate");
    EXPECT_EQ(current_call(), &cost);
    const CallPlace place = place_of_call(*current_call());
    EXPECT_EQ(place.where, "cost (a.cost.c)");
    EXPECT_EQ(place.asked, "evaluate");
    EXPECT_EQ(place.stage, "stage 1 (a.search.b)");
    std::thread([] { EXPECT_EQ(current_call(), nullptr); }).join();
  }
  EXPECT_EQ(current_call(), nullptr);
}

// A worker works for whoever waits for it; the deepest call is found whichever thread it is on.
TEST(CallMark, PassesToTheWorkersOfALoop) {
  know_this_thread();
  ThreadPool pool(3);
  const CallMark stage("stage 1 (a.search.b)", "search");
  pool.run(64, 1, [&](std::size_t, std::size_t) {
    EXPECT_EQ(current_call(), &stage);
    const CallMark cost("cost (a.cost.c)", "evaluate");
    CallPlace place;
    ASSERT_TRUE(deepest_call(place));
    EXPECT_EQ(place.where, "cost (a.cost.c)");
    EXPECT_EQ(place.stage, "stage 1 (a.search.b)");
  });
  CallPlace place;
  ASSERT_TRUE(deepest_call(place));
  EXPECT_EQ(place.asked, "search");
}

TEST(LastWords, FindTheIdInAPlace) {
  EXPECT_EQ(component_of("stage 2 (imbrex.search.anneal)"), "imbrex.search.anneal");
  EXPECT_EQ(component_of("imbrex.search.anneal"), "imbrex.search.anneal");
}

TEST(FixedText, WritesNumbersAndTextsForJson) {
  FixedText text;
  text.add_number(0).add(" ").add_number(255, 16).add(" ").add_number(18446744073709551615U);
  EXPECT_EQ(text.text(), "0 ff 18446744073709551615");
  FixedText json;
  json.add_json("a \"b\"\\\n\tc\xc3\xa4");
  EXPECT_EQ(json.text(), "a \\\"b\\\"\\\\\\n?c??");
}

TEST(FixedText, LeavesOutWhatDoesNotFit) {
  FixedText text;
  const std::string part(5000, 'x');
  text.add(part).add(part).add("y");
  EXPECT_EQ(text.text(), std::string(8192, 'x'));
}

// A child that does some work, and what its parent reads of it.
class TestamentTest : public ::testing::Test {
 protected:
  // `work` says when the parent may go on by the function that it is given.
  using Ready = std::function<void()>;
  static Testament::Words words_of(const std::function<void(const Ready&)>& work,
                                   bool takes_too_long = false) {
    Testament testament;
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      know_this_thread();
      testament.adopt(parent, "it may take 1 s");
      work([&] { EXPECT_EQ(write(ends[1], "x", 1), 1); });
      _exit(0);
    }
    close(ends[1]);
    char ready = 0;
    EXPECT_GE(read(ends[0], &ready, 1), 0);
    if (takes_too_long) {
      testament.words_at_time_limit(child, ends[0]);
    }
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
    close(ends[0]);
    return testament.words();
  }
};

TEST_F(TestamentTest, HoldsWhatTheChildSaid) {
  const auto words = words_of([](const Ready&) {
    const CallMark mark("stage 1 (a.search.b)", "search");
    say_last_words("crashed", "signal 11", 11);
  });
  EXPECT_EQ(words.where, "stage 1 (a.search.b)");
  EXPECT_EQ(words.what, "crashed in search: signal 11");
}

TEST_F(TestamentTest, IsEmptyWhenTheChildSaidNothing) {
  const auto words = words_of([](const Ready&) {});
  EXPECT_EQ(words.where, "");
  EXPECT_EQ(words.what, "");
}

TEST_F(TestamentTest, NamesWhomAChildWaitsForThatTakesTooLong) {
  const auto work = [](const Ready& ready) {
    const CallMark stage("stage 1 (a.search.b)", "search");
    const CallMark cost("cost (a.cost.c)", "evaluate");
    ready();
    std::this_thread::sleep_for(std::chrono::seconds(60));
  };
  const auto words = words_of(work, true);
  EXPECT_EQ(words.where, "cost (a.cost.c)");
  EXPECT_EQ(words.what,
            "was still at work in evaluate, during stage 1 (a.search.b): it may take 1 s");
}

// --- Standard output, set aside ------------------------------------------------------------------

using Lines = std::vector<std::pair<std::string, std::string>>;

class StdoutAsideTest : public ::testing::Test {
 protected:
  StdoutAside::Tell tell() {
    return [this](std::string_view who, std::string_view line) {
      lines.emplace_back(std::string(who), std::string(line));
    };
  }
  Lines lines;
};

TEST_F(StdoutAsideTest, TellsEachLineOfWhoWroteIt) {
  ::testing::internal::CaptureStdout();
  {
    StdoutAside aside("a", tell());
    std::puts("first");
    EXPECT_EQ(aside.hand_to("b"), "a");
    std::printf("half");
    std::fflush(stdout);
    aside.tell_lines();
    EXPECT_EQ(lines, (Lines{{"a", "first"}}));
    std::puts(" and half");
    EXPECT_EQ(aside.hand_to("a"), "b");
    std::printf("without an end");
  }
  std::puts("usual");
  std::fflush(stdout);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "usual\n");
  EXPECT_EQ(lines, (Lines{{"a", "first"}, {"b", "half and half"}, {"a", "without an end"}}));
}

TEST_F(StdoutAsideTest, LeavesOutWhatWouldBuryEverythingElse) {
  {
    StdoutAside aside("a", tell());
    for (int i = 0; i < 250; ++i) {
      std::printf("%d\n", i);
    }
    std::printf("%s", std::string(9000, 'x').c_str());
  }
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines[99].second, "99");
  EXPECT_EQ(lines[100].second, "152 more lines are left out");
}

}  // namespace
}  // namespace imbrex::plugin
