// Code of the pages about plugins is compiled: every block of it says in which file it stands, and
// a script of the page builds that (run_page.py does what these pages say).
#include "pages.hpp"
#include "source_files.hpp"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

TEST(PageBlocks, OfCodeAreInFilesThatAScriptBuilds) {
  std::size_t blocks = 0;
  for (const fs::path& page : pages_in(kTree, "sdk/docs/plugins")) {
    const std::string text = read_text(kTree / page);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("```cpp") || line.starts_with("```cmake")) {
        EXPECT_NE(line.find(" file="), std::string::npos) << page << ": " << line;
        EXPECT_NE(text.find("\n```sh run\n"), std::string::npos) << page << " builds nothing";
        ++blocks;
      }
    }
  }
  EXPECT_GT(blocks, 6u) << "the search does not see the blocks of the pages";
}

}  // namespace
}  // namespace imbrex::test
