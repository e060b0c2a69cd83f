// Every link of the documentation leads to a page and a heading that exist, every page is listed in
// the index of its folder, and the README stays a first page.
#include "page_links.hpp"

#include "pages.hpp"
#include "source_files.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

const fs::path kTree = IMBREX_SOURCE_DIR;

TEST(PageLinks, AreFoundOutsideCode) {
  EXPECT_EQ(links_in("[a](b.md), [`c`](d.md#e) and `[f](g)`\n```\n[h](i)\n```\n[j] (k) ([l](m))\n"),
            (Texts{"b.md", "d.md#e", "m"}));
}

TEST(PageLinks, LeadToHeadings) {
  EXPECT_EQ(anchors_in("# A page: of `code`, 2 words\n## More\n```sh\n# no heading\n```\n#none\n"),
            (Texts{"a-page-of-code-2-words", "more"}));
}

TEST(PageLinks, LeadSomewhereOrNot) {
  const fs::path page = "sdk/docs/recipes.md";
  EXPECT_TRUE(leads_somewhere(kTree, page, "abi.md"));
  EXPECT_TRUE(leads_somewhere(kTree, page, "abi.md#where-plugins-are-found"));
  EXPECT_TRUE(leads_somewhere(kTree, page, "../../README.md#a-plugin-in-five-minutes"));
  EXPECT_TRUE(leads_somewhere(kTree, page, "#overrides"));
  EXPECT_FALSE(leads_somewhere(kTree, page, "none.md"));
  EXPECT_FALSE(leads_somewhere(kTree, page, "README.md/"));
  EXPECT_FALSE(leads_somewhere(kTree, page, "abi.md#none"));
  EXPECT_FALSE(leads_somewhere(kTree, page, "#none"));
}

TEST(PageLinks, OfTheDocumentationLeadSomewhere) {
  std::size_t links = 0;
  for (const fs::path& page : documentation(kTree)) {
    for (const std::string& target : links_in(read_text(kTree / page))) {
      EXPECT_TRUE(leads_somewhere(kTree, page, target)) << page << " links to " << target;
      ++links;
    }
  }
  EXPECT_GT(links, 60u) << "the search does not see the links of the pages";
}

TEST(PageLinks, FromTheIndexOfAFolderReachAllPages) {
  for (const char* const folder :
       {"sdk/docs", "sdk/docs/components", "sdk/docs/plugins", "configs/ablations"}) {
    const Texts links = links_in(read_text(kTree / folder / "README.md"));
    const auto pages = pages_in(kTree, folder);
    EXPECT_GT(pages.size(), 7u) << folder;
    for (const fs::path& page : pages) {
      const std::string name = page.filename().string();
      EXPECT_TRUE(name == "README.md" || std::count(links.begin(), links.end(), name) > 0)
          << folder << "/README.md does not link to " << name;
    }
  }
}

TEST(Ablations, HaveAPageEach) {
  std::size_t experiments = 0;
  for (const auto& entry : fs::directory_iterator(kTree / "configs" / "ablations")) {
    if (entry.path().extension() == ".toml") {
      EXPECT_TRUE(fs::exists(fs::path(entry.path()).replace_extension(".md"))) << entry.path();
      ++experiments;
    }
  }
  EXPECT_GT(experiments, 5u);
}

TEST(FirstPage, IsShort) {
  const std::string text = read_text(kTree / "README.md");
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 130);
}

// A row of the table links to the page of its ablation first.
TEST(FirstPage, ClaimsWhatThePagesBehindItSay) {
  const std::regex number("[0-9]+\\.[0-9]+");
  std::istringstream lines(read_text(kTree / "README.md"));
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| [")) {
      continue;
    }
    const std::string target = links_in(line).at(0);
    const std::string page = read_text(kTree / target);
    const std::sregex_iterator begin(line.begin(), line.end(), number);
    EXPECT_GE(std::distance(begin, {}), 2) << line;
    for (auto match = begin; match != std::sregex_iterator(); ++match) {
      EXPECT_NE(page.find(match->str()), std::string::npos) << target << ": " << match->str();
    }
    ++rows;
  }
  EXPECT_EQ(rows, 4u);
}

}  // namespace
}  // namespace imbrex::test
