// The tree is formatted as .clang-format says. Versions differ in what they make of it: 14 decides.
#include "source_files.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <cstdio>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;
const std::string kTool = IMBREX_CLANG_FORMAT;  // empty: not found

struct Outcome {
  std::string text;  // what it printed, errors included
  int status = -1;
};

Outcome run(const std::string& command) {
  Outcome outcome;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    return outcome;
  }
  std::array<char, 4096> buffer;
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) {
    outcome.text += buffer.data();
  }
  outcome.status = ::pclose(pipe);
  return outcome;
}

TEST(Format, IsWhatClangFormat14MakesOfIt) {
  if (kTool.empty() ||
      run("'" + kTool + "' --version").text.find("version 14.") == std::string::npos) {
    GTEST_SKIP() << "clang-format 14 is not installed (Debian 12: clang-format-14)";
  }
  const std::vector<fs::path> files = all_sources(kTree);
  ASSERT_GT(files.size(), 500u) << "this is not the whole tree";
  std::string list;
  for (const fs::path& file : files) {
    list += file.string() + "\n";
  }
  const TemporaryFolder folder;
  const std::string command = "'" + kTool + "' --dry-run -Werror --style=file --files='" +
                              folder.write("files.txt", list).string() + "'";
  const Outcome outcome = run(command);
  EXPECT_EQ(outcome.status, 0) << outcome.text << "`ninja format` in a build folder mends it";
}

}  // namespace
}  // namespace imbrex::test
