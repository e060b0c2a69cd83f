// Diagnostics: all complaints at once, sorted, quoted, harmless to a terminal.
#include <imbrex/plugin/document.hpp>

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

TEST(Diagnostics, QuotesTheLineAndPutsACaretBelowTheColumn) {
  const Document document = Document::parse_text("a = 1\n  bcd = 2\n", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {2, 3}, "unknown key 'bcd'");
  EXPECT_EQ(diagnostics.text(),
            "r.toml:2:3: error: unknown key 'bcd'\n"
            "    2 |   bcd = 2\n"
            "      |   ^");
}

TEST(Diagnostics, SortsByPositionInsideADocument) {
  const Document document = Document::parse_text("a = 1\nb = 2\n", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error("without a place");
  diagnostics.error(document, {2, 1}, "third");
  diagnostics.error(document, {1, 5}, "second");
  diagnostics.error(document, {1, 1}, "first");
  const std::string text = diagnostics.text();
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_LT(text.find("second"), text.find("third"));
  EXPECT_LT(text.find("third"), text.find("error: without a place"));
}

TEST(Diagnostics, KeepsDocumentsApartInOrderOfTheirFirstComplaint) {
  const Document child = Document::parse_text("a = 1\n\n\nb = 1\n", "child.toml");
  const Document base = Document::parse_text("a = 1\n", "base.toml");
  Diagnostics diagnostics;
  diagnostics.error(child, {4, 1}, "late");
  diagnostics.error(base, {1, 1}, "base");
  diagnostics.error(child, {1, 1}, "early");
  const std::string text = diagnostics.text();
  EXPECT_LT(text.find("early"), text.find("late"));
  EXPECT_LT(text.find("late"), text.find("base.toml:1:1"));
}

TEST(Diagnostics, SaysTheSameThingOnce) {
  const Document document = Document::parse_text("a = 1\n", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {1, 1}, "wrong");
  const std::string once = diagnostics.text();
  diagnostics.error(document, {1, 1}, "wrong");
  EXPECT_EQ(diagnostics.text(), once);
}

TEST(Diagnostics, ShowsTheFirstHundredOfManyAndCountsTheRest) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "a" + std::to_string(i) + " = 1\n";
  }
  const Document document = Document::parse_text(text, "r.toml");
  Diagnostics diagnostics;
  diagnostics.error("without a place");
  for (std::uint32_t i = 0; i < 1000; ++i) {  // in no order: 373 and 1000 have no common divisor
    diagnostics.error(document, {i * 373 % 1000 + 1, 1}, "wrong");
    diagnostics.error(document, {i * 373 % 1000 + 1, 1}, "wrong");
  }
  std::string expected;
  for (int line = 1; line <= 100; ++line) {
    const std::string number = std::to_string(line);
    expected += "r.toml:" + number + ":1: error: wrong\n" + std::string(5 - number.size(), ' ') +
                number + " | a" + std::to_string(line - 1) + " = 1\n      | ^\n";
  }
  EXPECT_EQ(diagnostics.text(), expected + "... and 901 more");
}

TEST(Diagnostics, KeepsTabsAboveTheCaret) {
  const Document document = Document::parse_text("\ta = 1\n", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {1, 2}, "wrong");
  EXPECT_NE(diagnostics.text().find("\n      | \t^"), std::string::npos);
}

TEST(Diagnostics, CountsACharacterOfSeveralBytesAsOneColumnOfTheCaretLine) {
  const Document document = Document::parse_text("\"\xC3\xA9\" = 1\n", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {1, 8}, "wrong");  // the value: 6 characters before it, 7 bytes
  EXPECT_NE(diagnostics.text().find("\n      |       ^"), std::string::npos) << diagnostics.text();
}

TEST(Diagnostics, CutsLongLinesAroundTheColumn) {
  const std::string line = "a = '" + std::string(5000, 'x') + "Y" + std::string(5000, 'x') + "'";
  const Document document = Document::parse_text(line, "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {1, 5006}, "wrong");
  const std::string text = diagnostics.text();
  EXPECT_LT(text.size(), 400u);
  const std::size_t quoted = text.find('Y');
  const std::size_t caret = text.find('^');
  ASSERT_NE(quoted, std::string::npos);
  const auto column_of = [&](std::size_t at) { return at - text.rfind('\n', at); };
  EXPECT_EQ(column_of(quoted), column_of(caret));
}

TEST(Diagnostics, ReplacesControlCharacters) {
  const Document document = Document::without_values("a = \x1b[31m", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {1, 1}, "wrong \x1b[0m");
  EXPECT_EQ(diagnostics.text().find('\x1b'), std::string::npos);
}

TEST(Diagnostics, AcceptsPositionsOutsideTheDocument) {
  const Document document = Document::parse_text("", "r.toml");
  Diagnostics diagnostics;
  diagnostics.error(document, {7, 9}, "wrong");
  diagnostics.error(document, {}, "nowhere");
  EXPECT_NE(diagnostics.text().find("r.toml:7:9: error: wrong"), std::string::npos);
  EXPECT_NE(diagnostics.text().find("r.toml: error: nowhere"), std::string::npos);
}

TEST(Diagnostics, ThrowsEverythingTogether) {
  Diagnostics diagnostics;
  EXPECT_NO_THROW(diagnostics.throw_if_any());
  diagnostics.error("one");
  diagnostics.error("two");
  try {
    diagnostics.throw_if_any();
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "error: one\nerror: two");
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
  }
}

}  // namespace
}  // namespace imbrex
