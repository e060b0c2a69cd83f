// Other programs: what they say and how they end comes back, whole.
#include "result/program.hpp"

#include <gtest/gtest.h>

namespace imbrex::result {
namespace {

TEST(Program, SaysWhatItWroteAndHowItEnded) {
  const ProgramOutput output = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_TRUE(output.started);
  EXPECT_EQ(output.status, 3);
  EXPECT_EQ(output.text, "out\nerr");
}

TEST(Program, GetsItsArgumentsAsTheyAre) {
  EXPECT_EQ(run_program({"printf", "%s|%s", "a 'b' $HOME", "*"}).text, "a 'b' $HOME|*");
}

TEST(Program, MayWriteMoreThanAPipeHolds) {
  const ProgramOutput output = run_program({"sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x"});
  EXPECT_EQ(output.status, 0);
  EXPECT_EQ(output.text, std::string(1'000'000, 'x'));
}

TEST(Program, ReadsNothing) {
  EXPECT_EQ(run_program({"cat"}).text, "");
}

TEST(Program, EndedByASignal) {
  EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}).status, 137);
}

TEST(Program, ThatDoesNotExist) {
  EXPECT_FALSE(run_program({"imbrex-has-no-such-program"}).started);
}

}  // namespace
}  // namespace imbrex::result
