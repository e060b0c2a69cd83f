// The plugin boundary changes only together with its epoch.
#include <imbrex/plugin/abi.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::istream& stream) {
  Lines lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

Lines lines_of_file(const char* path) {
  std::ifstream stream(path);
  EXPECT_TRUE(stream) << "cannot read " << path;
  return lines_of(stream);
}

Lines lines_of_text(const std::string& text) {
  std::istringstream stream(text);
  return lines_of(stream);
}

// What is wrong, with the first differing lines; empty when nothing is.
std::string lock_problem(const Lines& lock, const Lines& current) {
  if (lock == current) {
    return {};
  }
  const auto [locked, now] =
      std::mismatch(lock.begin(), lock.end(), current.begin(), current.end());
  const bool new_epoch = locked == lock.begin();  // the first line is the epoch
  const auto [locked_type, now_type] =
      std::mismatch(lock.begin() + 1, lock.end(), current.begin() + 1, current.end());
  const std::string difference =
      "\nlocked: " + (locked_type == lock.end() ? "(end)" : *locked_type) +
      "\nnow:    " + (now_type == current.end() ? "(end)" : *now_type);
  return (new_epoch ? "the epoch is new: run"
                    : "the plugin boundary changed but IMBREX_ABI_EPOCH did not: count it up in "
                      "abi.hpp (unless this epoch was never released), then run") +
         std::string(" cmake --build BUILD_FOLDER --target abi-lock") + difference;
}

bool contains(const Lines& lines, const std::string& wanted) {
  return std::find(lines.begin(), lines.end(), wanted) != lines.end();
}

TEST(AbiLock, DescribesTheBoundaryAsItIs) {
  EXPECT_EQ(lock_problem(lines_of_file(IMBREX_ABI_LOCK), lines_of_file(IMBREX_ABI_TEXT)), "");
}

// Plugins carry the table that this list makes of the headers.
TEST(AbiLock, IsTheListOfTheTypeTableToo) {
  EXPECT_EQ(lines_of_file(IMBREX_COMMITTED_TYPE_TABLE), lines_of_file(IMBREX_TYPE_TABLE))
      << "run cmake --build BUILD_FOLDER --target abi-lock";
}

TEST(AbiLock, DescribesTypesOfHeadersThatPluginsNeedNotInclude) {
  const Lines lines = lines_of_file(IMBREX_ABI_TEXT);
  for (const char* type : {"type imbrex::LoopNest size ", "type imbrex::WeightUnit size ",
                           "type imbrex::DimFinishTable size "}) {
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.rfind(type, 0) == 0;
    })) << type;
  }
}

TEST(AbiLock, StartsWithTheEpoch) {
  EXPECT_EQ(lines_of_file(IMBREX_ABI_TEXT).front(), "epoch " + std::to_string(IMBREX_ABI_EPOCH));
}

// The loader reads these before it knows anything about the plugin: they may never move.
TEST(AbiLock, KeepsTheFirstMembersOfTheDescriptorFrozen) {
  const Lines lines = lines_of_file(IMBREX_ABI_TEXT);
  for (const char* member :
       {"  +0 size : unsigned int", "  +4 epoch : unsigned int", "  +8 abi_tag : char const*",
        "  +16 layout : long unsigned int", "  +24 runtime : void const*"}) {
    EXPECT_TRUE(contains(lines, member)) << member;
  }
}

TEST(AbiLock, KnowsTheOrderOfVirtualFunctions) {
  const Lines lines = lines_of_file(IMBREX_ABI_TEXT);
  EXPECT_TRUE(contains(lines,
                       "  virtual 0 void imbrex::Host::log(imbrex::LogLevel, "
                       "std::basic_string_view<char, std::char_traits<char> >)"));
  EXPECT_TRUE(contains(lines, "  virtual 2 bool imbrex::Host::cancelled() const"));
}

TEST(AbiLock, KnowsEnumerators) {
  const Lines lines = lines_of_file(IMBREX_ABI_TEXT);
  EXPECT_TRUE(contains(lines, "enum imbrex::Verdict : unsigned char"));
  EXPECT_TRUE(contains(lines, "  unsupported = 2"));
}

TEST(AbiLock, FailsWhenATypeChangesAndTheEpochDoesNot) {
  const Lines lock = lines_of_text("epoch 1\ntype imbrex::A size 8\n  +0 x : long\n");
  const Lines changed = lines_of_text("epoch 1\ntype imbrex::A size 8\n  +0 y : long\n");
  EXPECT_EQ(lock_problem(lock, changed),
            "the plugin boundary changed but IMBREX_ABI_EPOCH did not: count it up in abi.hpp "
            "(unless this epoch was never released), then run cmake --build BUILD_FOLDER --target "
            "abi-lock\nlocked:   +0 x : long\nnow:      +0 y : long");
}

TEST(AbiLock, FailsWhenTheLockIsOfAnOlderEpoch) {
  const Lines lock = lines_of_text("epoch 1\ntype imbrex::A size 8\n");
  const Lines changed = lines_of_text("epoch 2\ntype imbrex::A size 8\ntype imbrex::B size 4\n");
  EXPECT_EQ(lock_problem(lock, changed),
            "the epoch is new: run cmake --build BUILD_FOLDER --target abi-lock\nlocked: (end)\n"
            "now:    type imbrex::B size 4");
}

}  // namespace
}  // namespace imbrex
