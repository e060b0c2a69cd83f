// The comparison of what plugin and kernel were built with: every change of every type is seen, and
// the type is named.
#include "plugin/type_check.hpp"

#include <imbrex/plugin/type_table.hpp>

#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constinit const auto kTableWords = detail::type_table_words();

// The real table, to be changed by a test.
struct Table {
  std::string names = IMBREX_TYPE_NAMES;
  std::vector<std::uint64_t> words = std::vector<std::uint64_t>(sizeof(kTableWords) / 8);

  Table() { std::memcpy(words.data(), &kTableWords, sizeof kTableWords); }
  TypeTable view() const { return {names.c_str(), words.data(), words.size()}; }
};

struct Row {
  std::string type;
  std::vector<std::string> members;
  std::size_t begin;
  std::size_t size;
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::vector<Row> rows_of(const Table& table) {
  std::vector<Row> rows;
  std::size_t begin = 0;
  for (const std::string& line : split(table.names, '\n')) {
    if (line.empty()) {
      continue;
    }
    std::vector<std::string> members = split(line, ' ');
    const std::string type = members.front();
    members.erase(members.begin());
    rows.push_back({type, members, begin, table.words[begin]});
    begin += table.words[begin];
  }
  EXPECT_EQ(begin, table.words.size());
  return rows;
}

// Where each data member's word is; functions take two words.
std::vector<std::size_t> field_words(const Row& row) {
  std::vector<std::size_t> words;
  std::size_t i = row.begin + 5;
  for (const std::string& member : row.members) {
    const bool function = member.ends_with("()");
    if (!function) {
      words.push_back(i);
    }
    i += function ? 2 : 1;
  }
  return words;
}

std::string named(const std::string& type) {
  return "type " + type + " differs: ";
}

TEST(TypeCheck, FindsNothingInEqualTables) {
  EXPECT_EQ(plugin::type_difference(Table().view(), Table().view()), "");
}

TEST(TypeCheck, NamesTheTypeOfAnyTwoSwappedMembers) {
  const Table host;
  for (const Row& row : rows_of(host)) {
    const std::vector<std::size_t> fields = field_words(row);
    for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
      Table plugin;
      std::swap(plugin.words[fields[i]], plugin.words[fields[i + 1]]);
      EXPECT_TRUE(plugin::type_difference(plugin.view(), host.view()).starts_with(named(row.type)))
          << row.type << ": " << plugin::type_difference(plugin.view(), host.view());
    }
  }
}

// Sizes, alignments, digests, offsets, slots, ends.
TEST(TypeCheck, NamesTheTypeOfAnyChangedWord) {
  const Table host;
  for (const Row& row : rows_of(host)) {
    for (std::size_t i = row.begin + 1; i < row.begin + row.size; ++i) {
      Table plugin;
      plugin.words[i] += 8;
      EXPECT_TRUE(plugin::type_difference(plugin.view(), host.view()).starts_with(named(row.type)))
          << row.type << ": " << plugin::type_difference(plugin.view(), host.view());
    }
  }
}

// A run whose length is wrong must neither be read past its end nor pass.
TEST(TypeCheck, RefusesRunsOfAnyOtherLength) {
  const Table host;
  for (const Row& row : rows_of(host)) {
    for (const std::uint64_t count : {std::uint64_t{0}, row.size - 1, row.size + 1, UINT64_MAX}) {
      Table plugin;
      plugin.words[row.begin] = count;
      EXPECT_NE(plugin::type_difference(plugin.view(), host.view()), "") << row.type;
    }
  }
}

TEST(TypeCheck, NamesATypeThatOneSideLacks) {
  Table fewer;
  const Row last = rows_of(fewer).back();
  fewer.names.erase(fewer.names.rfind(last.type));
  fewer.words.resize(last.begin);
  EXPECT_EQ(plugin::type_difference(fewer.view(), Table().view()),
            named(last.type) + "the plugin's headers do not have it");
  EXPECT_EQ(plugin::type_difference(Table().view(), fewer.view()),
            named(last.type) + "this imbrex does not have it");
}

// Words: count, lock, size, alignment, kinds, offset of x, end of the data. Outer holds Inner; both
// grew, and the cause is Inner.
TEST(TypeCheck, NamesTheCauseBeforeItsConsequences) {
  const char* const names = "imbrex::AnOuter inner\nimbrex::Inner x\n";
  const std::uint64_t plugin[] = {7, 1, 24, 8, 9, 0, 24, 7, 2, 16, 8, 9, 0, 16};
  const std::uint64_t host[] = {7, 1, 16, 8, 9, 0, 16, 7, 2, 8, 8, 9, 0, 8};
  EXPECT_EQ(
      plugin::type_difference({names, plugin, 14}, {names, host, 14}),
      "type imbrex::Inner differs (and 1 other type): built with 16 bytes, this imbrex has 8");
}

TEST(TypeCheck, RefusesATableThatIsMissing) {
  EXPECT_EQ(plugin::type_difference({}, Table().view()), "it carries no table of boundary types");
}

TEST(HeaderCheck, FindsNothingInEqualDigests) {
  EXPECT_EQ(plugin::header_difference("a.hpp 01\nb.hpp 02\n", "a.hpp 01\nb.hpp 02\n"), "");
}

TEST(HeaderCheck, NamesTheFirstHeaderThatDiffers) {
  EXPECT_EQ(plugin::header_difference("a.hpp 01\nb.hpp 03\n", "a.hpp 01\nb.hpp 02\n"),
            "header imbrex/b.hpp differs from the one that this imbrex was built with");
  EXPECT_EQ(plugin::header_difference("a.hpp 01\n", "a.hpp 02\nb.hpp 02\nc.hpp 05\n"),
            "header imbrex/a.hpp differs from the one that this imbrex was built with (and 2 other "
            "headers)");
}

}  // namespace
}  // namespace imbrex
