// Whose a leftover is: names of living processes, of dead ones, and of those nobody can tell.
#include "result/process_identity.hpp"

#include "ended_process.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

// The text with its field `number` replaced.
std::string with_field(std::string text, int number, const std::string& value) {
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i) {
    begin = text.find('-', begin) + 1;
  }
  return text.replace(begin, text.find('-', begin) - begin, value);
}

TEST(ProcessIdentity, OfThisProcessIsAlive) {
  const std::string own = result::this_process();
  EXPECT_TRUE(result::names_a_process(own)) << own;
  EXPECT_FALSE(result::is_dead(own));
  EXPECT_EQ(result::this_process(), own);
}

TEST(ProcessIdentity, OfAnEndedProcessIsDeadAlsoBeforeItsParentAsked) {
  const test::EndedProcess ended([] {});
  EXPECT_TRUE(result::is_dead(ended.identity())) << ended.identity() << " is a zombie";
  ended.wait();
  EXPECT_TRUE(result::is_dead(ended.identity()));
}

TEST(ProcessIdentity, TellsProcessesOfOneNumberApart) {
  const std::string own = result::this_process();
  EXPECT_TRUE(result::is_dead(with_field(own, 1, "1"))) << "began at another time";
  EXPECT_TRUE(result::is_dead(with_field(own, 3, "00000001"))) << "before the machine restarted";
}

TEST(ProcessIdentity, OfAnotherHostCountsAsAlive) {
  const test::EndedProcess ended([] {});
  ended.wait();
  EXPECT_FALSE(result::is_dead(with_field(ended.identity(), 2, "00000001")));
}

TEST(ProcessIdentity, IsNothingButItsOwnForm) {
  const std::string own = result::this_process();
  for (const std::string& text :
       {std::string(), std::string("1"), own + "-1", own + " ", "0" + own, with_field(own, 0, "x"),
        with_field(own, 2, "1"), with_field(own, 3, "ABCDEF01")}) {
    EXPECT_FALSE(result::names_a_process(text)) << text;
    EXPECT_FALSE(result::is_dead(text)) << text;
  }
}

}  // namespace
}  // namespace imbrex
