#include "experiment/value_range.hpp"

#include <imbrex/plugin/error.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

using Values = std::vector<std::string>;

TEST(ValueRange, RangesHoldBothEnds) {
  EXPECT_EQ(values_of("0..4"), (Values{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(values_of("0..64:16"), (Values{"0", "16", "32", "48", "64"}));
  EXPECT_EQ(values_of("0..10:4"), (Values{"0", "4", "8"}));
  EXPECT_EQ(values_of("4..0:-2"), (Values{"4", "2", "0"}));
  EXPECT_EQ(values_of("-2..1"), (Values{"-2", "-1", "0", "1"}));
  EXPECT_EQ(values_of("7..7"), Values{"7"});
}

TEST(ValueRange, FactorsMultiply) {
  EXPECT_EQ(values_of("1..16:*2"), (Values{"1", "2", "4", "8", "16"}));
  EXPECT_EQ(values_of("0..8:*2"), (Values{"0", "1", "2", "4", "8"}));
  EXPECT_EQ(values_of("3..100:*3"), (Values{"3", "9", "27", "81"}));
  EXPECT_EQ(values_of("1..999999999999:*1000000").size(), 2U);
}

TEST(ValueRange, DecimalsAreAddedExactly) {
  // In binary, 0.1 added three times is not 0.3.
  EXPECT_EQ(values_of("0.1..0.5:0.1"), (Values{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_EQ(values_of("0.5..2:0.5"), (Values{"0.5", "1.0", "1.5", "2.0"}));
  EXPECT_EQ(values_of("-0.05..0.05:0.05"), (Values{"-0.05", "0.0", "0.05"}));
}

TEST(ValueRange, ListsMixWithRanges) {
  EXPECT_EQ(values_of("row, pixel"), (Values{"row", "pixel"}));
  EXPECT_EQ(values_of("1,2,8..10"), (Values{"1", "2", "8", "9", "10"}));
  EXPECT_EQ(values_of("[1, 2],[3]"), (Values{"[1, 2]", "[3]"}));
  EXPECT_EQ(values_of("\"a,b\",c"), (Values{"\"a,b\"", "c"}));
}

TEST(ValueRange, OneValueIsNoAxis) {
  for (const char* text : {"row", "16", "[1, 2]", "{ a = 1, b = 2 }", "'a,b'", "../net.onnx",
                           "a..b", "1.5", "-3", ""}) {
    EXPECT_FALSE(names_several_values(text)) << text;
  }
  for (const char* text : {"1,2", "0..4", "[1],[2]", "0..4:0", "4..1"}) {
    EXPECT_TRUE(names_several_values(text)) << text;
  }
}

TEST(ValueRange, RefusesWhatNeverEndsOrIsEmpty) {
  for (const char* text : {"0..4:0", "4..0", "0..4:-1", "1..8:*1", "1..8:*0", "-1..8:*2", "1,,2",
                           "1,", "0..100001", "1..8:*1.5"}) {
    EXPECT_THROW(values_of(text), InputError) << text;
  }
}

TEST(ValueRange, EndsAtTheLargestNumbers) {
  EXPECT_EQ(values_of("999999999999999..999999999999999"), Values{"999999999999999"});
  EXPECT_EQ(values_of("1..900000000000000:*900000000"), (Values{"1", "900000000"}));
}

}  // namespace
}  // namespace imbrex::experiment
