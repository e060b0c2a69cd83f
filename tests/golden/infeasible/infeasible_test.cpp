// Every folder here holds a recipe.toml that no mapping satisfies and, in expected.txt, all that
// the command prints: which level or constraint, and the smallest change that would help. The
// counts of mappings are small enough to check by hand.
#include "command_fixture.hpp"
#include "folder_names.hpp"
#include "test_name.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = test::golden_folder("infeasible");

class Infeasible : public test::CommandFixture, public testing::WithParamInterface<std::string> {};

TEST_P(Infeasible, NamesWhatIsInTheWayAndWhatWouldHelp) {
  const fs::path recipe = kFolder / GetParam() / "recipe.toml";
  const auto result = imbrex("run '" + recipe.string() + "' --out r");
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, read(kFolder / GetParam() / "expected.txt"));
  EXPECT_TRUE(fs::is_empty(folder())) << "something is left behind";
}

INSTANTIATE_TEST_SUITE_P(Golden, Infeasible, testing::ValuesIn(test::golden_cases("infeasible")),
                         [](const auto& one) { return test::as_test_name(one.param); });

}  // namespace
}  // namespace imbrex
