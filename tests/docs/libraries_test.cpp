// The table "Libraries of others" of ARCHITECTURE.md: each is included where it says, nowhere else.
#include "include_graph.hpp"
#include "source_files.hpp"

#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

struct Library {
  const char* headers;  // pattern of what an #include line names
  const char* files;    // pattern of the files that may
  const char* row;      // of the page
};

constexpr Library kLibraries[] = {
    {R"(toml\+\+/.+)", "kernel/src/language/document.cpp",
     "| toml++ | `kernel/src/language/document.cpp` |"},
    {"openssl/.+", "kernel/src/base/files.cpp", "| OpenSSL | `kernel/src/base/files.cpp` |"},
    {"boost/dll/.+", "kernel/src/plugin/library.cpp",
     "| Boost.DLL | `kernel/src/plugin/library.cpp` |"},
    {"(oneapi/)?tbb/.+", "kernel/src/plugin/workers_tbb.cpp",
     "| oneTBB | `kernel/src/plugin/workers_tbb.cpp`;"},
    {"spdlog/.+", "kernel/src/plugin/terminal.cpp",
     "| spdlog | `kernel/src/plugin/terminal.cpp` |"},
    {"nlohmann/json.hpp",
     "(kernel/(src/(plugin|result|experiment)|app)|sdk/conform|plugins/report/[a-z]+)/"
     "[a-z_]+_json.cpp",
     "| JSON for Modern C++ | the sources called `*_json.cpp` of `kernel/src/plugin`, "
     "`kernel/src/result`, `kernel/src/experiment`, `kernel/app`, `sdk/conform` and reporters |"},
    {"sqlite3.h", "kernel/src/experiment/database.cpp",
     "| SQLite | `kernel/src/experiment/database.cpp` |"},
    {"CLI/.+", "kernel/app/command_line.cpp|sdk/conform/main.cpp",
     "| CLI11 | `kernel/app/command_line.cpp`, `sdk/conform/main.cpp` |"},
    {"boost/multiprecision/.+", "sdk/toolkit/segments/group_count.cpp",
     "| Boost.Multiprecision | `sdk/toolkit/segments/group_count.cpp` |"},
    {"(onnx|google/protobuf)/.+", "plugins/workload/onnx/.+",
     "| ONNX, protobuf | `plugins/workload/onnx` |"},
    {"pagmo/.+", "plugins/search/genetic/sga.cpp|kernel/src/evolution/nsga2.cpp",
     "| pagmo | `plugins/search/genetic/sga.cpp`, `kernel/src/evolution/nsga2.cpp` |"},
};

// A header with a folder that is no library's of the table: the system's, C++'s, or texts and
// declarations that may be anywhere.
bool may_be_anywhere(const std::string& target) {
  static const std::regex kFree(
      "[a-z_]+(\\.h)?|(sys|linux)/.+|imbrex/.+|fmt/.+|nlohmann/json_fwd.hpp");
  return std::regex_match(target, kFree);
}

TEST(Libraries, AreIncludedWhereThePageSays) {
  std::set<std::string> used;
  for (const char* part : {"kernel", "sdk/toolkit", "sdk/conform", "sdk/session", "plugins"}) {
    for (const Include& include : includes_below(kTree / part)) {
      if (include.quoted || may_be_anywhere(include.target)) {
        continue;
      }
      const std::string file = include.file.lexically_relative(kTree).generic_string();
      bool is_known = false;
      for (const Library& library : kLibraries) {
        if (std::regex_match(include.target, std::regex(library.headers))) {
          is_known = true;
          used.insert(library.row);
          EXPECT_TRUE(std::regex_match(file, std::regex(library.files)))
              << file << " includes " << include.target << ", but: " << library.row;
        }
      }
      EXPECT_TRUE(is_known) << file << " includes " << include.target << ": no library of the page";
    }
  }
  EXPECT_EQ(used.size(), std::size(kLibraries)) << "a library that nobody includes any more";
}

TEST(Libraries, AreInTheTableOfThePage) {
  const std::string page = read_text(kTree / "kernel" / "ARCHITECTURE.md");
  for (const Library& library : kLibraries) {
    EXPECT_NE(page.find(library.row), std::string::npos) << library.row;
  }
}

}  // namespace
}  // namespace imbrex::test
