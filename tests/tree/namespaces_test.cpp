// Folder = namespace: whoever reads a name knows where its file is.
#include "source_files.hpp"
#include "storeys.hpp"

#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

// Namespaces that are opened at the left border.
std::set<std::string> namespaces_in(const std::string& code) {
  static const std::regex kOpening(R"((?:^|\n)namespace ([A-Za-z_:]+) \{)");
  std::set<std::string> found;
  for (std::sregex_iterator at(code.begin(), code.end(), kOpening), end; at != end; ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

TEST(Namespaces, AreReadFromTheLeftBorder) {
  EXPECT_EQ(namespaces_in("namespace a::b {\nnamespace {\n}\n  namespace c {\n}\n}\n"),
            std::set<std::string>{"a::b"});
}

TEST(Namespaces, AreThoseOfTheFolders) {
  std::map<std::string, std::set<std::string>> of_component;
  for (const char* part : {"kernel", "sdk/toolkit", "sdk/conform", "sdk/session", "plugins"}) {
    for (const fs::path& file : sources_below(kTree / part)) {
      const std::string name = file.lexically_relative(kTree).generic_string();
      const auto place = place_of(name);
      ASSERT_TRUE(place) << name << " is on no storey";
      const std::string wanted = namespace_of(*place);
      for (const std::string& found : namespaces_in(without_comments(read_text(file)))) {
        if (!found.starts_with("imbrex")) {
          continue;  // of a library that is specialised
        }
        if (wanted.empty()) {
          EXPECT_TRUE(found.starts_with("imbrex::")) << name << " is in " << found;
          of_component[place->folder].insert(found);
        } else {
          EXPECT_TRUE(found == wanted || found.starts_with(wanted + "::detail"))
              << name << " is in " << found << ", not in " << wanted;
        }
      }
    }
  }
  EXPECT_GT(of_component.size(), 25u);
  for (const auto& [component, names] : of_component) {
    EXPECT_EQ(names.size(), 1u) << component << " has more than one namespace";
  }
}

}  // namespace
}  // namespace imbrex::test
