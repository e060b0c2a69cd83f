// The pages of the ablations that ship show what their experiments print, row by row.
#include "command_fixture.hpp"
#include "page_tables.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

using Texts = std::vector<std::string>;

TEST(PageTables, StandBetweenTheirTitlesAndTheFirstChapter) {
  const auto tables = tables_of(
      "# Page\n\nOne\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n\nTwo\n| c |\n|---|\n\nText.\n## More\n| "
      "d |\n");
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].title, "One");
  EXPECT_EQ(tables[0].lines, (Texts{"| a | b |", "|---|---:|", "| 1 | 2 |"}));
  EXPECT_EQ(tables[1].title, "Two");
  EXPECT_EQ(tables[1].lines, (Texts{"| c |", "|---|"}));
}

TEST(PageTables, DifferInADigitATitleARowOrATable) {
  const std::vector<PageTable> printed = {{"One", {"| a |", "|---|", "| 1.50 |"}}};
  EXPECT_EQ(differences(printed, printed), Texts());
  EXPECT_EQ(differences(printed, {{"One", {"| a |", "|---|", "| 1.51 |"}}}),
            Texts{"One\nprinted:     | 1.50 |\nin the page: | 1.51 |"});
  EXPECT_EQ(differences(printed, {{"Two", printed[0].lines}}),
            Texts{"printed title: One\nin the page:   Two"});
  EXPECT_EQ(differences(printed, {{"One", {"| a |", "|---|"}}}),
            Texts{"One\nprinted:     | 1.50 |\nin the page: nothing"});
  EXPECT_EQ(differences(printed, {}), Texts{"not in the page: One"});
  EXPECT_EQ(differences({}, printed), Texts{"in the page only: One"});
}

// A part has fewer rows, and columns from the left.
TEST(PageTables, OfAPartAreInThePage) {
  const std::vector<PageTable> page = {
      {"One", {"| a | b |", "|---|---|", "| 1 | 2 |", "| 3 | 4 |"}}};
  EXPECT_EQ(differences_of_part({{"One", {"| a |", "|---|", "| 3 |"}}}, page), Texts());
  EXPECT_EQ(differences_of_part({{"One", {"| a | b |", "|---|---|", "| 3 | 5 |"}}}, page),
            Texts{"One\nprinted, and not in the page: | 3 | 5 |"});
  EXPECT_EQ(differences_of_part({{"Two", {}}}, page), Texts{"not in the page: Two"});
}

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

class AblationPages : public CommandFixture {
 protected:
  void expect_page(const std::string& name, std::size_t tables) const {
    expect_equal(run(kFolder + name + ".toml", tables), name, differences);
  }
  // Without the points of `exclude`, which are many or take long.
  void expect_part(const std::string& name, std::size_t tables, const std::string& exclude) const {
    std::string text = read(kFolder + name + ".toml");
    text = replace_all(text, "\"../", "\"" IMBREX_SOURCE_DIR "/configs/");
    text = replace_all(text, "\"" + name + "/", "\"" + kFolder + name + "/");
    const std::size_t axes = text.find("[[axis]]");
    ASSERT_NE(axes, std::string::npos);
    const auto file = write(name + ".toml", text.insert(axes, "exclude = [" + exclude + "]\n"));
    expect_equal(run(file.string(), tables), name, differences_of_part);
  }

 private:
  inline static const std::string kFolder = IMBREX_SOURCE_DIR "/configs/ablations/";

  std::vector<PageTable> run(const std::string& file, std::size_t tables) const {
    const CommandResult result = imbrex("sweep '" + file + "' --format md --quiet --out x");
    EXPECT_EQ(result.code, 0) << result.err;
    const auto printed = tables_of(result.out);
    EXPECT_EQ(printed.size(), tables);
    for (const PageTable& table : printed) {
      EXPECT_GT(table.lines.size(), 2u) << table.title;
    }
    return printed;
  }
  template <typename Differences>
  static void expect_equal(const std::vector<PageTable>& printed, const std::string& name,
                           const Differences& differ) {
    for (const std::string& difference : differ(printed, tables_of(read(kFolder + name + ".md")))) {
      ADD_FAILURE() << difference;
    }
  }
};

TEST_F(AblationPages, ClsaCim) {
  expect_page("clsa-cim", 1);
}
TEST_F(AblationPages, Compass) {
  expect_page("compass", 9);
}
TEST_F(AblationPages, EqualMemory) {
  expect_page("equal-memory", 3);
}
TEST_F(AblationPages, PipeOrgan) {
  expect_page("pipeorgan", 2);
}
TEST_F(AblationPages, SegmentsTimelineCopies) {
  expect_page("segments-timeline-copies", 3);
}
TEST_F(AblationPages, SramCimTimelines) {
  expect_page("sram-cim-timelines", 2);
}

// Of the others, which take half a minute to several minutes, the quick points.
TEST_F(AblationPages, ArrayLayouts) {
  expect_part("array-layouts", 2,
              R"({ topology = ["torus", "amp"] },
                 { network = "d2go-depthwise", topology = "flattened-butterfly" })");
}
TEST_F(AblationPages, DramPimSearches) {
  expect_part("dram-pim-searches", 1,
              R"({ search = ["random designs", "anneal", "fast-overlapim", "optimal-chain"] })");
}
TEST_F(AblationPages, FastOverlaPim) {
  expect_part("fast-overlapim", 6,
              R"({ network = ["resnet50-full", "vgg16-full", "bert-base-encoder"] })");
}

}  // namespace
}  // namespace imbrex::test
