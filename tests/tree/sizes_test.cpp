// Files and functions stay so small that they fit in a head (CONTRIBUTING.md).
#include "function_lengths.hpp"
#include "source_files.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

constexpr std::ptrdiff_t kHeaderLines = 200;
constexpr std::ptrdiff_t kSourceLines = 300;
constexpr std::size_t kFunctionLines = 40;

std::string name_in_tree(const fs::path& file) {
  return file.lexically_relative(kTree).generic_string();
}

TEST(Sizes, HeadersAndSourcesAreShort) {
  const std::vector<fs::path> files = all_sources(kTree);
  ASSERT_GT(files.size(), 500u) << "this is not the whole tree";
  for (const fs::path& file : files) {
    const std::string text = read_text(file);
    const std::ptrdiff_t lines = std::count(text.begin(), text.end(), '\n');
    EXPECT_LE(lines, file.extension() == ".hpp" ? kHeaderLines : kSourceLines)
        << name_in_tree(file) << ": split it along its ideas";
  }
}

TEST(Sizes, FunctionsAreShort) {
  std::size_t functions = 0;
  for (const fs::path& file : all_sources(kTree)) {
    for (const FunctionLength& function : function_lengths(read_text(file))) {
      ++functions;
      EXPECT_LE(function.lines, kFunctionLines)
          << name_in_tree(file) << ":" << function.first_line << ": " << function.name
          << ": split it along its ideas";
    }
  }
  EXPECT_GT(functions, 5000u) << "the scanner does not see the functions of the tree";
}

}  // namespace
}  // namespace imbrex::test
