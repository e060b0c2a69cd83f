// Who stops one run stops it soon, and no other one.
#include "session_fixture.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using namespace std::chrono_literals;

class SessionCancel : public test::SessionFixture {
 protected:
  // A search that sleeps until it is told to stop, a minute at most, and leaves a marker before.
  Session sleeping(const std::string& marker, bool scores_first) const {
    Session session = with_tests_loaded();
    const std::string parameters = "marker = \"" + (folder() / marker).string() + "\"\n" +
                                   (scores_first ? "score_first = true\n" : "");
    session.read_text(chain_recipe(
        4, stage("test.search.sleeper", parameters) + stage("imbrex.overlap.clsa-cim")));
    return session;
  }
  void wait_for(const std::string& marker) const {
    while (!std::filesystem::exists(folder() / marker)) {
      std::this_thread::sleep_for(1ms);
    }
  }
};

TEST_F(SessionCancel, KeepsWhatWasFound) {
  Session session = sleeping("asleep", true);
  SessionStatus status = SessionStatus::done;
  std::thread runs([&] { status = session.run(1); });
  wait_for("asleep");
  const auto asked = std::chrono::steady_clock::now();
  session.cancel();
  runs.join();
  const auto waited = std::chrono::steady_clock::now() - asked;
  RecordProperty("answered_us", static_cast<int>(waited / 1us));
  EXPECT_LT(waited, 20s) << "ends by itself after a minute";
  EXPECT_EQ(status, SessionStatus::interrupted);
  EXPECT_NE(session.message(), "");
  const auto result = nlohmann::json::parse(session.result_json());
  EXPECT_EQ(result["partial"], true);
  EXPECT_EQ(result["operators"][0]["copies"], 2) << "what was scored before";
}

TEST_F(SessionCancel, StopsNoOtherSession) {
  Session stopped = sleeping("first", false);
  Session other = sleeping("second", true);
  std::atomic<bool> other_ended{false};
  SessionStatus status = SessionStatus::done;
  std::thread runs([&] { status = stopped.run(1); });
  std::thread runs_too([&] {
    other.run(1);
    other_ended = true;
  });
  wait_for("first");
  wait_for("second");
  stopped.cancel();
  runs.join();
  EXPECT_EQ(status, SessionStatus::interrupted);
  std::this_thread::sleep_for(50ms);  // five times what a sleeper needs to hear of it
  EXPECT_FALSE(other_ended);
  other.cancel();
  runs_too.join();
  EXPECT_TRUE(other_ended);
}

// A cancel that comes before its run is not lost, and ends that one alone.
TEST_F(SessionCancel, HoldsForTheNextRunOnly) {
  Session session = sleeping("never", false);
  session.cancel();
  EXPECT_EQ(session.run(1), SessionStatus::interrupted);
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  EXPECT_EQ(session.run(1), SessionStatus::done);
}

// In the middle of a search of thousands of designs, in all its threads.
TEST_F(SessionCancel, EndsASearch) {
  Session session;
  session.read_file(shipped("resnet18-fast-overlapim"));
  std::atomic<int> calls{0};
  session.on_progress([&](const imbrex_progress& progress) {
    if (progress.evaluations > 0 || calls++ > 2) {
      session.cancel();
    }
  });
  EXPECT_EQ(session.run(4), SessionStatus::interrupted);
  session.on_progress({});
  EXPECT_EQ(session.run(4), SessionStatus::done);
}

}  // namespace
}  // namespace imbrex
