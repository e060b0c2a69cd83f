// The command as the demo builds it: what works on experiments and on finished results is left out.
#include "command_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

class RunOnlyCommand : public CommandFixture {
 protected:
  CommandResult run_only(const std::string& words) const {
    return command(IMBREX_RUN_ONLY_COMMAND, words);
  }
};

TEST_F(RunOnlyCommand, RunsTheRecipeOfTheDemo) {
  const std::string words =
      "run '" IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml' --out ";
  const CommandResult result = run_only(words + "small");
  EXPECT_EQ(result.code, 0) << result.err;
  ASSERT_EQ(imbrex(words + "whole").code, 0);
  EXPECT_EQ(read(folder() / "small" / "result.json"), read(folder() / "whole" / "result.json"));
}

TEST_F(RunOnlyCommand, SaysHowToGetEachCommandThatItHasNot) {
  for (const std::string words :
       {"sweep there", "compare a b", "explain there", "report there", "log", "gc", "bundle there",
        "schema recipe", "reference overlap", "doctor", "new cost acme.cost.x there"}) {
    const std::string name = words.substr(0, words.find(' '));
    const CommandResult result = run_only(words);
    EXPECT_EQ(result.code, 2) << name;
    EXPECT_EQ(result.out, "") << name;
    EXPECT_EQ(result.err, "imbrex: error: this build has no '" + name +
                              "': the demo leaves out what it does not run; "
                              "'./bootstrap.sh build' adds it\n");
  }
}

}  // namespace
}  // namespace imbrex::test
