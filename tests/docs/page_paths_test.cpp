// Every path of the tree that the documentation names exists: a page that sends a reader to a
// folder that was moved is worse than none.
#include "page_paths.hpp"

#include "pages.hpp"
#include "source_files.hpp"

#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

TEST(PagePaths, AreFoundInCode) {
  EXPECT_EQ(
      paths_in("See kernel/none, `kernel/app`, `sdk/docs/a.md`: and `run kernel/app/b.cpp:`.\n"
               "`kernel` and `kernel/` and `build/x`; <imbrex/a.hpp>, `imbrex/b/c.hpp`\n"),
      (std::vector<std::string>{"kernel/app", "sdk/docs/a.md", "kernel/app/b.cpp",
                                "imbrex/b/c.hpp"}));
  EXPECT_EQ(paths_in("```sh\nrun configs/r.toml --set a=tests/x # `y`\n```\n`plugins/z` bench/q\n"),
            (std::vector<std::string>{"configs/r.toml", "tests/x", "plugins/z"}));
  EXPECT_EQ(paths_in("#include `<imbrex/plugin.hpp>`\n"),
            (std::vector<std::string>{"imbrex/plugin.hpp"}));
}

TEST(PagePaths, ExistOrAreToBeFilledIn) {
  EXPECT_TRUE(names_something(kTree, "kernel/ARCHITECTURE.md"));
  EXPECT_TRUE(names_something(kTree, "imbrex/values/design.hpp"));
  EXPECT_TRUE(names_something(kTree, "imbrex/toolkit/analysis/forward_pass.hpp"));
  EXPECT_TRUE(names_something(kTree, "plugins/KIND/NAME.cpp"));
  EXPECT_TRUE(names_something(kTree, "kernel/src/{plugin,run}"));
  EXPECT_FALSE(names_something(kTree, "kernel/OTHER.md"));
  EXPECT_FALSE(names_something(kTree, "kernel/none/NAME.cpp"));
  EXPECT_FALSE(names_something(kTree, "kernel/src/mapping"));
  EXPECT_FALSE(names_something(kTree, "imbrex/design.hpp"));
  EXPECT_FALSE(names_something(kTree, "imbrex/toolkit/design.hpp"));
}

TEST(PagePaths, OfTheDocumentationExist) {
  // What the walks of the README and of tutorial-overlap.md add is not there before.
  const std::set<std::string> added = {"plugins/partition/uniform.cpp",
                                       "plugins/overlap/in_flight.cpp"};
  const std::vector<fs::path> pages = documentation(kTree);
  ASSERT_GT(pages.size(), 20u);
  std::size_t paths = 0;
  for (const fs::path& page : pages) {
    const std::string text = read_text(kTree / page);
    ASSERT_FALSE(text.empty()) << page;
    for (const std::string& word : paths_in(text)) {
      EXPECT_TRUE(added.count(word) > 0 || names_something(kTree, word))
          << page << " names " << word;
      ++paths;
    }
  }
  EXPECT_GT(paths, 50u) << "the search does not see the paths of the pages";
}

}  // namespace
}  // namespace imbrex::test
