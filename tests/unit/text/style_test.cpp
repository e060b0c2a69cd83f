// Numbers, bars and colours.
#include <imbrex/toolkit/text/figures.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace imbrex::text {
namespace {

TEST(Figures, AreShortAndExactEnough) {
  EXPECT_EQ(duration(999), "999 ps");
  EXPECT_EQ(duration(10'041'360'000), "10.04 ms");
  EXPECT_EQ(duration(1'000), "1.000 ns");
  EXPECT_EQ(magnitude(2'920'000'000), "2.92 G");
  EXPECT_EQ(bar({}, 0.5, 4), "##  ");
  EXPECT_EQ(bar({true, false, 80, true}, 0.5625, 2), "█▏");
  EXPECT_EQ(bar({}, 7, 3), "###") << "never longer";
}

TEST(Style, OfAFileIsPlain) {
  const Style style = detect_style(0);
  EXPECT_FALSE(style.colour || style.unicode || style.is_terminal);
  EXPECT_EQ(style.columns, 80u);
  EXPECT_EQ(painted(style, Paint::error, "error"), "error");
  EXPECT_EQ(cut_mark(style), "~");
}

TEST(Style, OfATerminalObeysTheEnvironment) {
  setenv("LC_ALL", "C.UTF-8", 1);
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(detect_style(100).colour);
  EXPECT_TRUE(detect_style(100).unicode);
  EXPECT_EQ(detect_style(100).columns, 100u);
  EXPECT_EQ(detect_style(10).columns, 40u);
  EXPECT_EQ(painted(detect_style(100), Paint::error, "error"), "\x1b[1m\x1b[31merror\x1b[0m");
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(detect_style(100).colour);
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(detect_style(100).colour);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(detect_style(100).unicode);
}

}  // namespace
}  // namespace imbrex::text
