// The experiments that ship print the tables that the README shows, row by row.
#include "command_fixture.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

class AblationFiles : public CommandFixture {
 protected:
  // The rows of all Markdown tables that it prints, but for their heads.
  std::vector<std::vector<std::string>> tables(const std::string& name) const {
    const CommandResult result = imbrex("sweep '" IMBREX_SOURCE_DIR "/configs/ablations/" + name +
                                        "' --format md --quiet --out x");
    EXPECT_EQ(result.code, 0) << result.err;
    std::vector<std::vector<std::string>> out;
    std::istringstream lines(result.out);
    bool in_table = false;
    for (std::string line; std::getline(lines, line);) {
      const bool is_row = line.starts_with("| ");
      if (line.starts_with("|---")) {
        out.emplace_back();
        in_table = true;
      } else if (is_row && in_table) {
        out.back().push_back(line);
      } else {
        in_table = false;
      }
    }
    return out;
  }
  std::string readme() const { return read(IMBREX_SOURCE_DIR "/README.md"); }
};

TEST_F(AblationFiles, ClsaCim) {
  const auto printed = tables("clsa-cim.toml");
  ASSERT_EQ(printed.size(), 1U);
  ASSERT_EQ(printed[0].size(), 14U);
  const std::string page = readme();
  for (const std::string& row : printed[0]) {
    EXPECT_NE(page.find("\n" + row + "\n"), std::string::npos) << row;
  }
}

// Two tables of the experiment stand side by side in the README.
TEST_F(AblationFiles, PipeOrgan) {
  const auto printed = tables("pipeorgan.toml");
  ASSERT_EQ(printed.size(), 2U);
  ASSERT_EQ(printed[0].size(), 11U);
  ASSERT_EQ(printed[1].size(), 12U) << "a row per network, and the mean";
  const std::string page = readme();
  for (std::size_t i = 0; i < printed[0].size(); ++i) {
    const std::string& right = printed[1][i];
    const std::string row = printed[0][i] + right.substr(right.find('|', 1) + 1);
    EXPECT_NE(page.find("\n" + row + "\n"), std::string::npos) << row;
  }
  const std::string& mean = printed[1].back();
  const std::string row = "| geometric mean |  |" + mean.substr(mean.find('|', 1) + 1);
  EXPECT_NE(page.find("\n" + row + "\n"), std::string::npos) << row;
}

}  // namespace
}  // namespace imbrex::test
