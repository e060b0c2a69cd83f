// Shipped recipes varied from the command line.
#include "command_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::string_view kFlagship =
    "'" IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml' ";

class CommandVariants : public test::CommandFixture {
 protected:
  test::CommandResult check(std::string_view words) const {
    return imbrex("check " + std::string(kFlagship) + std::string(words));
  }
};

TEST_F(CommandVariants, OfTheOnnxRecipeNeedANetwork) {
  const auto result = imbrex("check '" IMBREX_SOURCE_DIR "/configs/recipes/onnx-clsa-cim.toml'");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("/onnx-clsa-cim.toml:7:7: error: imbrex.workload.onnx needs 'file'"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("or --set workload.file=..."), std::string::npos) << result.err;
}

// Each message names what the next try does.
TEST_F(CommandVariants, MoveToBanksAsTheMessagesSay) {
  const std::string banks = "--set architecture.use=imbrex.architecture.dram-pim ";
  const auto refused = check(banks);
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("so imbrex.cost.bit-serial takes its place"), std::string::npos)
      << refused.err;
  EXPECT_NE(refused.err.find("--set stage.1.use=imbrex.partition.bank-slices"), std::string::npos);
  EXPECT_NE(refused.err.find("or --unset stage.1"), std::string::npos);
  for (const auto mend : {"--set stage.1.use=imbrex.partition.bank-slices", "--unset stage.1"}) {
    const auto result = check(banks + mend);
    EXPECT_EQ(result.code, 0) << mend << result.err;
    EXPECT_NE(result.out.find("imbrex.cost.bit-serial"), std::string::npos);
  }
}

TEST_F(CommandVariants, MoveToAnArrayThatHoldsOneLayerAtATime) {
  const std::string words =
      "--set architecture.use=imbrex.architecture.pe-array "
      "--set stage.1.use=imbrex.partition.one-per-segment --quiet --out out ";
  const auto refused = imbrex("run " + std::string(kFlagship) + words);
  EXPECT_EQ(refused.code, 3) << refused.err;
  EXPECT_NE(refused.err.find("--unset baseline runs the recipe without one"), std::string::npos)
      << refused.err;
  const auto result = imbrex("run " + std::string(kFlagship) + words + "--unset baseline");
  EXPECT_EQ(result.code, 0) << result.err;
  const std::string plan = read(folder() / "out/plan.toml");
  EXPECT_EQ(plan.find("unset"), std::string::npos);
  EXPECT_EQ(plan.find("baseline"), std::string::npos);
  EXPECT_EQ(imbrex("run out --quiet --out again").code, 0);
  EXPECT_EQ(read(folder() / "out/result.json"), read(folder() / "again/result.json"));
}

// A chip of a fixed size asks for more than another name; every message says for what.
TEST_F(CommandVariants, MoveToASmallChipAsTheMessagesSay) {
  const std::string run = "run " + std::string(kFlagship) + "--quiet --out out ";
  std::string words = "--set architecture.use=imbrex.architecture.sram-cim ";
  for (const std::string mend :
       {"--set architecture.weight_bits=8", "--set architecture.preset=compass-s",
        "--set stage.1.use=imbrex.partition.compass", "--unset baseline"}) {
    const auto refused = imbrex(run + words);
    EXPECT_NE(refused.code, 0);
    EXPECT_NE(refused.err.find(mend), std::string::npos) << refused.err;
    words += mend + " ";
  }
  const auto result = imbrex(run + words + "--set stage.1.use=imbrex.partition.optimal");
  EXPECT_EQ(result.code, 0) << result.err;
}

TEST_F(CommandVariants, TellOnStandardErrorUnlessQuiet) {
  const auto told = check("--set seed=42 --unset architecture.rows --set seed=42");
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.err.find("--set:1:1: warning: no effect: '--set seed=42' behind it decides\n"),
            std::string::npos)
      << told.err;
  EXPECT_NE(told.err.find("--unset:1:1: warning: no effect"), std::string::npos) << told.err;
  EXPECT_EQ(check("--set seed=42 --quiet").err, "");
}

// Options of one kind after those of another are applied in the order they are written.
TEST_F(CommandVariants, KeepTheOrderOfTheCommandLine) {
  const auto set_last = check("--unset architecture.extra_pes --set architecture.extra_pes=3");
  EXPECT_NE(set_last.out.find("extra_pes = 3"), std::string::npos) << set_last.out;
  const auto unset_last = check("--set architecture.extra_pes=3 --unset architecture.extra_pes");
  EXPECT_EQ(unset_last.out.find("extra_pes = 3"), std::string::npos) << unset_last.out;
  EXPECT_NE(unset_last.err.find("--set:1:1: warning: no effect: '--unset architecture.extra_pes' "
                                "behind it decides"),
            std::string::npos)
      << unset_last.err;
}

TEST_F(CommandVariants, SuggestAProfile) {
  write("profiles.toml", std::string("extends = ") + std::string(kFlagship) +
                             "\n[profile.small]\narchitecture.extra_pes = 4\n");
  EXPECT_NE(imbrex("check profiles.toml --profile small").out.find("extra_pes = 4"),
            std::string::npos);
  const auto misspelt = imbrex("check profiles.toml --profile smal");
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_NE(misspelt.err.find("did you mean 'small'?"), std::string::npos) << misspelt.err;
}

}  // namespace
}  // namespace imbrex
