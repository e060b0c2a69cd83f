// Tables on files and on terminals of any width.
#include <imbrex/toolkit/text/table.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

namespace imbrex::text {
namespace {

Style terminal(std::size_t columns) {
  return {true, false, columns, true};
}

TEST(Table, AlignsByColumnsOfTheTerminal) {
  Table table({"LAYER", "MACS"}, "lr");
  table.row({"畳み込み", "12"});
  table.row({"conv1", "12345"});
  EXPECT_EQ(table.text(2),
            "  LAYER      MACS\n"
            "  畳み込み     12\n"
            "  conv1     12345\n");
}

TEST(Table, WrapsTextsOnATerminalOnly) {
  Table table({"NAME", "MEANING", "N"}, "llr");
  table.row({"rows", "how many rows of the output are one job", "4"});
  EXPECT_EQ(table.text(),
            "NAME  MEANING                                  N\n"
            "rows  how many rows of the output are one job  4\n");
  EXPECT_EQ(table.text(terminal(40), 0),
            "NAME  MEANING                          N\n"
            "rows  how many rows of the output are  4\n"
            "      one job\n");
}

TEST(Table, BreaksIntoBandsWhatCannotBeWrapped) {
  Table table({"POINT", "LATENCY", "ENERGY", "AREA"}, "lrrr");
  table.row({"a", "1000000", "2000000", "3000000"});
  EXPECT_EQ(table.text(terminal(24), 0),
            "POINT  LATENCY   ENERGY\n"
            "a      1000000  2000000\n"
            "\n"
            "POINT     AREA\n"
            "a      3000000\n");
}

TEST(Table, SaysMoreBelowARow) {
  Table table({"NAME", "N"}, "lr");
  table.row({"rows", "4"});
  table.below("how many rows of the output are one job");
  table.row({"block", "16"});
  EXPECT_EQ(table.text(terminal(30), 0),
            "NAME    N\n"
            "rows    4\n"
            "    how many rows of the\n"
            "    output are one job\n"
            "block  16\n");
}

TEST(Table, ShowsTheHeaderInBoldWhereThereIsColour) {
  Table table({"A", "B"});
  table.row({"x", "y"});
  EXPECT_EQ(table.text({true, true, 80, true}, 0), "\x1b[1mA  B\x1b[0m\nx  y\n");
}

TEST(Table, FitsEveryTerminalAndLosesNothing) {
  std::mt19937 random(5);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t columns = 1 + random() % 12;
    std::string alignment;
    std::vector<std::string> header;
    std::vector<std::string> cells;
    std::size_t letters = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      alignment += random() % 2 == 0 && i > 0 ? 'r' : 'l';
      header.push_back("H" + std::to_string(i));
      // The first column stands in every band, so its letter is another one.
      cells.emplace_back(alignment.back() == 'r' ? random() % 10 : random() % 50,
                         i == 0 ? 'k' : 'x');
      letters += i == 0 ? 0 : cells.back().size();
    }
    Table table(header, alignment);
    table.row(cells);
    const std::size_t room = 40 + random() % 100;
    const std::string text = table.text(terminal(room), 2);
    EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), 'x')), letters) << text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(width(line), room) << text;
    }
  }
}

}  // namespace
}  // namespace imbrex::text
