// Layouts: specification pipeorgan, section 5.2.
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using Shares = std::vector<std::int64_t>;
using Period = std::vector<std::int16_t>;

TEST(SpatialLayout, DrawsBlocksOfColumns) {
  const auto layout = spatial::blocked_1d(2, 6, Shares{1, 2, 3});
  EXPECT_EQ(layout.text(), "011222 x2");
  EXPECT_EQ(layout.shares(), (Shares{2, 4, 6}));
}

TEST(SpatialLayout, DrawsTheRingOfFourQuadrants) {
  const auto layout = spatial::blocked_2d(4, 4, Shares{1, 1, 1, 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->text(), "0011 x2\n3322 x2");
}

TEST(SpatialLayout, DrawsTwoStagesAsCoarseCheckerboard) {
  const auto layout = spatial::blocked_2d(4, 4, Shares{1, 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->text(), "0011 x2\n1100 x2");
}

TEST(SpatialLayout, SizesRectanglesByWork) {
  const auto layout = spatial::blocked_2d(6, 8, Shares{3, 1, 1, 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->text(), "00000011 x4\n33332222 x2");
}

TEST(SpatialLayout, SnakesThroughSixRectangles) {
  const auto layout = spatial::blocked_2d(2, 3, Shares{1, 1, 1, 1, 1, 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->text(), "012\n543");
}

TEST(SpatialLayout, HasNoRectanglesForPrimeNumbersOfStages) {
  EXPECT_FALSE(spatial::blocked_2d(32, 32, Shares{1, 1, 1}));
  EXPECT_FALSE(spatial::blocked_2d(1, 32, Shares{1, 1, 1, 1}));
}

TEST(SpatialLayout, RepeatsStripesAndCells) {
  EXPECT_EQ(spatial::striped(1, 8, Period{0, 0, 1, 1}).text(), "00110011");
  EXPECT_EQ(spatial::cells(4, 4, 2, 2, Period{0, 1, 1, 0}).text(), "0101\n1010\n0101\n1010");
  EXPECT_EQ(spatial::cells(2, 4, 2, 2, Period{0, 1, 3, 2}).text(), "0101\n3232");
}

TEST(StripePeriod, PutsTheMinorityInTheMiddle) {
  EXPECT_EQ(spatial::stripe_period(Shares{7, 1}), (Period{0, 0, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(spatial::stripe_period(Shares{1, 3}), (Period{1, 0, 1, 1}));
  EXPECT_EQ(spatial::stripe_period(Shares{1, 1}), (Period{0, 1}));
  EXPECT_EQ(spatial::stripe_period(Shares{1, 2, 1}), (Period{0, 1, 1, 2}));
}

TEST(SpatialLayout, DiffusesErrorsOverColumns) {
  // Deficits 1/3 (c+1) - count: stage 1 is ahead at c = 0, stage 0 falls behind at c = 1.
  EXPECT_EQ(spatial::error_diffused(1, 6, Shares{2, 4}).text(), "101101");
  const auto layout = spatial::error_diffused(3, 32, Shares{11, 21});
  EXPECT_EQ(layout.shares(), (Shares{33, 63}));
}

TEST(SpatialLayout, FoldsTangramsStripesAtTheBorder) {
  const auto layout = spatial::folded_stripes(32, 32, Shares{920, 104});
  EXPECT_EQ(layout.shares(), (Shares{920, 104}));
  // Stripes of height gcd(32, 920, 104) = 8; the first stage fills 115 of 128 columns, and the
  // fourth stripe runs backwards.
  EXPECT_EQ(layout.text(),
            std::string(32, '0') + " x24\n" + std::string(13, '1') + std::string(19, '0') + " x8");
}

TEST(SpatialLayout, FoldsEqualSharesOfWholeColumnsIntoBlocks) {
  const auto folded = spatial::folded_stripes(4, 8, Shares{16, 16});
  EXPECT_EQ(folded.text(), spatial::blocked_1d(4, 8, Shares{4, 4}).text());
}

}  // namespace

}  // namespace imbrex
