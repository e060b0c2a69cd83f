// How far a run is, in words, by hand.
#include "plugin/progress.hpp"

#include "plugin/status_line.hpp"

#include <imbrex/toolkit/text/width.hpp>

#include <thread>

#include <gtest/gtest.h>

namespace imbrex::plugin {
namespace {

// After 10 s a quarter of 1000 designs, 500 evaluations, 2 ms.
Progress quarter() {
  Progress progress;
  progress.stage = {2, 3, false, 7, "latency", "imbrex.search.random"};
  progress.fraction = 0.25;
  progress.what = "250 of 1000 designs";
  progress.elapsed_s = 10;
  progress.evaluations = 500;
  progress.best = 2e9;
  return progress;
}

TEST(ProgressText, SaysWhatIsKnown) {
  EXPECT_EQ(progress_text(quarter(), 0),
            "seed 7, stage 2 of 3, imbrex.search.random: 25 %, 250 of 1000 designs, 50 /s, best "
            "2.000 ms, 30 s left");
  Progress begun;
  begun.stage = {1, 1, true, 7, "energy", "imbrex.overlap.simulator"};
  begun.elapsed_s = 3;
  EXPECT_EQ(progress_text(begun, 0),
            "seed 7, baseline, stage 1 of 1, imbrex.overlap.simulator: 3 s");
  begun.evaluations = 12;
  begun.best = 5e6;
  EXPECT_EQ(progress_text(begun, 0),
            "seed 7, baseline, stage 1 of 1, imbrex.overlap.simulator: 12 evaluations, 4 /s, best "
            "5 uJ");
}

TEST(ProgressText, CountsTheSeedsOfAStudy) {
  Progress progress = quarter();
  progress.seeds_before = 1;
  progress.seeds = 8;
  EXPECT_TRUE(progress_text(progress, 0).starts_with("seed 7 (2 of 8), stage 2 of 3, "));
}

TEST(ProgressText, LeavesOutWhatMattersLeast) {
  EXPECT_EQ(progress_text(quarter(), 90),
            "stage 2 of 3, random: 25 %, 250 of 1000 designs, 50 /s, best 2.000 ms, 30 s left");
  EXPECT_EQ(progress_text(quarter(), 76),
            "stage 2 of 3, random: 25 %, 250 of 1000 designs, best 2.000 ms, 30 s left");
}

TEST(ProgressText, GuessesNothing) {
  Progress progress = quarter();
  progress.elapsed_s = 0.1;
  EXPECT_FALSE(progress.left_s() || progress.per_second());
  progress.elapsed_s = 10;
  progress.fraction = 1;
  EXPECT_FALSE(progress.left_s());
  progress.fraction = 0;
  EXPECT_FALSE(progress.left_s());
  progress.fraction = 0.5;
  EXPECT_EQ(progress.left_s(), 10);
}

TEST(ProgressText, HasTimesThatPeopleRead) {
  EXPECT_EQ(rough_duration(45), "45 s");
  EXPECT_EQ(rough_duration(180), "3 min");
  EXPECT_EQ(rough_duration(9000), "2.5 h");
  EXPECT_EQ(objective_text("throughput", 1e9), "1.000 ms a sample");
  EXPECT_EQ(objective_text("edp", 5e11), "0.5 J*s");
}

TEST(ScoreBoard, ForgetsWhatAnEarlierStageDid) {
  ScoreBoard scores;
  scores.add(3);
  scores.add(4);
  scores.set_best(2.5);
  EXPECT_EQ(scores.evaluations(), 7);
  EXPECT_EQ(scores.best(), 2.5);
  scores.clear();
  EXPECT_EQ(scores.evaluations(), 0);
  EXPECT_FALSE(scores.best());
}

TEST(StatusLine, KeepsItsPaceInAFile) {
  testing::internal::CaptureStderr();
  {
    StatusLine line(ProgressMode::automatic,
                    {std::chrono::milliseconds(0), std::chrono::milliseconds(200),
                     std::chrono::milliseconds(0)});
    EXPECT_FALSE(line.is_due());
    EXPECT_FALSE(line.is_due(true)) << "beginnings are for terminals";
    std::this_thread::sleep_for(std::chrono::milliseconds(210));
    EXPECT_TRUE(line.is_due());
    line.show("half");
    EXPECT_FALSE(line.is_due());
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "half\n");
}

TEST(StatusLine, IsSilentWhenNobodyWantsIt) {
  testing::internal::CaptureStderr();
  {
    StatusLine line(ProgressMode::none);
    EXPECT_FALSE(line.is_due(true));
    line.show("half");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace imbrex::plugin
