// Parsing: the tree keeps file order and byte columns; errors point at the mistake.
#include "parse_error.hpp"

#include <imbrex/plugin/document.hpp>

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::parse_error;

TEST(Document, KeepsKeysInFileOrderWhenTheyAreNotAlphabetical) {
  const Document document = Document::parse_text("zebra = 1\nmonkey = 2\nape = 3\n", "a.toml");
  const DocumentNode root = document.root();
  ASSERT_EQ(root.size(), 3u);
  EXPECT_EQ(root[0].key(), "zebra");
  EXPECT_EQ(root[1].key(), "monkey");
  EXPECT_EQ(root[2].key(), "ape");
}

TEST(Document, KeepsTablesInFileOrder) {
  const Document document =
      Document::parse_text("[z]\n[y.b]\n[y.a]\n[[x]]\n[[x]]\n[a]\n", "a.toml");
  const DocumentNode root = document.root();
  ASSERT_EQ(root.size(), 4u);
  EXPECT_EQ(root[0].key(), "z");
  EXPECT_EQ(root[1].key(), "y");
  EXPECT_EQ(root[1][0].key(), "b");
  EXPECT_EQ(root[1][1].key(), "a");
  EXPECT_EQ(root[2].key(), "x");
  EXPECT_EQ(root[2].size(), 2u);
  EXPECT_EQ(root[3].key(), "a");
}

TEST(Document, KnowsLineAndColumnOfKeysAndValues) {
  const Document document = Document::parse_text("\n  rows = 256\n", "a.toml");
  const DocumentNode rows = document.root().find("rows");
  EXPECT_EQ(rows.key_position().line, 2u);
  EXPECT_EQ(rows.key_position().column, 3u);
  EXPECT_EQ(rows.position().line, 2u);
  EXPECT_EQ(rows.position().column, 10u);
}

TEST(Document, CountsColumnsInBytesWhenTheLineHoldsOtherThanAscii) {
  // The accented letter is two bytes: b is the 16th character and the 17th byte.
  const Document document = Document::parse_text("t = { \"\xC3\xA9\" = 1, b = 2 }", "a.toml");
  EXPECT_EQ(document.root().find("t").find("b").key_position().column, 17u);
}

TEST(Document, PointsArrayElementsAtTheirValue) {
  const Document document = Document::parse_text("a = [10,\n 20]", "a.toml");
  const DocumentNode second = document.root().find("a")[1];
  EXPECT_EQ(second.position().line, 2u);
  EXPECT_EQ(second.position().column, 2u);
  EXPECT_EQ(second.key_position().line, 2u);
  EXPECT_EQ(second.key(), "");
}

TEST(Document, PointsTablesOfAnArrayAtTheirHeader) {
  const Document document = Document::parse_text("[[stage]]\na = 1\n[[stage]]\na = 2\n", "a.toml");
  const DocumentNode stages = document.root().find("stage");
  EXPECT_EQ(stages[0].position().line, 1u);
  EXPECT_EQ(stages[1].position().line, 3u);
}

TEST(Document, ConvertsOnlyExactly) {
  const Document document = Document::parse_text(
      "i = 3\nbig = 9007199254740993\nhuge = 9223372036854775807\nr = 2.5\nb = true\ns = 'x'\n"
      "d = 2020-01-01\n",
      "a.toml");
  const DocumentNode root = document.root();
  EXPECT_EQ(root.find("i").integer(), 3);
  EXPECT_EQ(root.find("i").real(), 3.0);
  EXPECT_FALSE(root.find("big").real().has_value());
  EXPECT_FALSE(root.find("huge").real().has_value());
  EXPECT_EQ(root.find("r").real(), 2.5);
  EXPECT_FALSE(root.find("r").integer().has_value());
  EXPECT_EQ(root.find("b").boolean(), true);
  EXPECT_FALSE(root.find("b").integer().has_value());
  EXPECT_EQ(root.find("s").string(), "x");
  EXPECT_FALSE(root.find("s").boolean().has_value());
  EXPECT_EQ(root.find("d").kind(), NodeKind::other);
}

TEST(Document, GivesNoneWhenAKeyOrIndexIsAbsent) {
  const Document document = Document::parse_text("a = 1", "a.toml");
  EXPECT_FALSE(document.root().find("b"));
  EXPECT_FALSE(document.root()[1]);
  EXPECT_FALSE(document.root().find("a").find("b"));
  EXPECT_EQ(DocumentNode().size(), 0u);
}

TEST(Document, StaysValidWhenMoved) {
  Document first = Document::parse_text("a = 'text'", "a.toml");
  const DocumentNode node = first.root().find("a");
  const Document second = std::move(first);
  EXPECT_EQ(node.string(), "text");
  EXPECT_EQ(second.root().find("a").string(), "text");
}

TEST(Document, ReportsASyntaxErrorWithLineAndCaret) {
  const std::string message = parse_error("imbrex = 1\nname = \n");
  EXPECT_EQ(message.find("recipe.toml:2:8: error: "), 0u) << message;
  EXPECT_NE(message.find("\n    2 | name = \n      |        ^"), std::string::npos) << message;
}

TEST(Document, ReportsADuplicateKey) {
  const std::string message = parse_error("a = 1\na = 2\n");
  EXPECT_EQ(message.find("recipe.toml:2:"), 0u) << message;
}

TEST(Document, RefusesNumbersThatDoNotFit) {
  EXPECT_EQ(parse_error("a = 99999999999999999999").find("recipe.toml:1:"), 0u);
  EXPECT_EQ(parse_error("a = 1e400").find("recipe.toml:1:"), 0u);
}

TEST(Document, RefusesBytesThatAreNotText) {
  EXPECT_EQ(parse_error("a = '\xFF\xFE'").find("recipe.toml:1:"), 0u);
  EXPECT_EQ(parse_error(std::string_view("a\0b = 1", 7)).find("recipe.toml:1:"), 0u);
}

// Slow twin: the columns counted out along the line.
TEST(Document, KnowsTheColumnsOfValuesInALongLine) {
  constexpr std::string_view kValues[] = {"1", "\"é\"", "'日本'", "\"ðx\"", "true"};
  std::mt19937 random(1);
  std::string line = "a = [";
  std::vector<std::uint32_t> columns;
  for (int i = 0; i < 20'000; ++i) {
    columns.push_back(static_cast<std::uint32_t>(line.size()) + 1);
    line += std::string(kValues[random() % 5]) + ", ";
  }
  const Document document = Document::parse_text("b = 'é'\n" + line + "]\n", "a.toml");
  const DocumentNode array = document.root().find("a");
  ASSERT_EQ(array.size(), columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ASSERT_EQ(array[i].position().line, 2u);
    ASSERT_EQ(array[i].position().column, columns[i]) << i;
  }
}

TEST(Document, FindsTheKeysOfLargeTables) {
  for (const int count : {5, 16, 17, 1000}) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += "\"k" + std::to_string(i * 7919 % count) + "\" = " + std::to_string(i) + "\n";
    }
    const Document document = Document::parse_text(text, "a.toml");
    const DocumentNode root = document.root();
    for (std::size_t i = 0; i < root.size(); ++i) {  // in file order
      EXPECT_EQ(root[i].integer(), static_cast<std::int64_t>(i));
      EXPECT_EQ(root.find(root[i].key()).integer(), root[i].integer());
    }
    EXPECT_FALSE(root.find("k"));
    EXPECT_FALSE(root.find("k" + std::to_string(count)));
  }
}

TEST(Document, NamesAMissingFileAndItsNeighbour) {
  const std::string path = std::string(IMBREX_SOURCE_DIR) + "/CMakeList.txt";
  try {
    Document::parse_file(path);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(),
              path + ": error: the file does not exist; did you mean 'CMakeLists.txt'?");
  }
}

TEST(Document, SaysThatAFolderIsNotAFile) {
  try {
    Document::parse_file(IMBREX_SOURCE_DIR);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(),
              std::string(IMBREX_SOURCE_DIR) + ": error: the file is a folder, not a file");
  }
}

}  // namespace
}  // namespace imbrex
