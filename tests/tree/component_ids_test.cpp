// No component is named in code outside its own folder, so that any of them can be swapped, removed
// or written by someone else. Comments may give examples.
#include "source_files.hpp"

#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    found.insert((*at)[1].str());
  }
  return found;
}

// Ids in the code of a file.
std::set<std::string> named_in(const fs::path& file) {
  static const std::regex kId(
      R"((imbrex\.(?:workload|architecture|cost|partition|search|overlap|report)\.[a-z0-9-]+))");
  return matches(without_comments(read_text(file)), kId);
}

// Id -> the folder of the file that declares it.
std::map<std::string, fs::path> declared_components() {
  static const std::regex kDeclaration(
      R"re(component<[A-Za-z0-9_:, ]+>\(\s*"(imbrex\.[a-z0-9.-]+)")re");
  std::map<std::string, fs::path> folders;
  for (const fs::path& file : sources_below(kTree / "plugins")) {
    for (const std::string& id : matches(without_comments(read_text(file)), kDeclaration)) {
      EXPECT_TRUE(folders.emplace(id, file.parent_path()).second) << id << " is declared twice";
    }
  }
  return folders;
}

// The command's defaults and the examples of its help texts.
bool is_allowed(const std::string& file) {
  return file == "kernel/app/shipped_components.hpp";
}

TEST(ComponentIds, AreNamedInTheirOwnFoldersOnly) {
  const std::map<std::string, fs::path> folders = declared_components();
  ASSERT_GT(folders.size(), 20u);
  std::size_t named = 0;
  for (const char* part : {"kernel", "sdk/conform", "plugins"}) {
    for (const fs::path& file : sources_below(kTree / part)) {
      const std::string name = file.lexically_relative(kTree).generic_string();
      for (const std::string& id : named_in(file)) {
        const auto own = folders.find(id);
        const bool is_own = own != folders.end() && own->second == file.parent_path();
        EXPECT_TRUE(is_own || is_allowed(name)) << name << " names " << id;
        named += is_own ? 1 : 0;
      }
    }
  }
  EXPECT_GE(named, folders.size()) << "the search does not see the ids of the tree";
}

}  // namespace
}  // namespace imbrex::test
