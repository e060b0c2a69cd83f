// Every folder here holds a recipe.toml that no mapping satisfies and, in expected.txt, all that
// the command prints: which level or constraint, and the smallest change that would help. The
// counts of mappings are small enough to check by hand.
#include "command_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(IMBREX_SOURCE_DIR) / "tests/golden/infeasible";

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.is_directory()) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Infeasible : public test::CommandFixture, public testing::WithParamInterface<std::string> {};

TEST_P(Infeasible, NamesWhatIsInTheWayAndWhatWouldHelp) {
  const fs::path recipe = kFolder / GetParam() / "recipe.toml";
  const auto result = imbrex("run '" + recipe.string() + "' --out r");
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, read(kFolder / GetParam() / "expected.txt"));
  EXPECT_TRUE(fs::is_empty(folder())) << "something is left behind";
}

std::string test_name(const testing::TestParamInfo<std::string>& one) {
  std::string name = one.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Golden, Infeasible, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace imbrex
