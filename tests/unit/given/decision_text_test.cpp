// Decisions as texts: names of levels, default jobs, names with spaces.
#include <imbrex/values/decision_text.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

MapSlot slot(const char* name, LoopKind kind, std::uint8_t level, bool outer) {
  MapSlot made;
  made.name = name;
  made.kind = kind;
  made.level = level;
  made.outer = outer;
  return made;
}

StorageLevel memory(const char* name) {
  StorageLevel made;
  made.name = name;
  return made;
}

TEST(LevelNames, TakesThoseOfTheSlotsFirst) {
  const StorageLevel levels[] = {memory("external"), memory("bank row")};
  Architecture architecture;
  architecture.levels = levels;
  MapSpaceSpec space;
  space.slots = {slot("bank temporal", LoopKind::temporal, 1, true),
                 slot("two words spatial", LoopKind::spatial, 2, false)};
  const LevelNames names(architecture, space);
  EXPECT_EQ(names.text(0), "external");
  EXPECT_EQ(names.text(1), "bank");
  EXPECT_EQ(names.text(2), "two words");
  EXPECT_EQ(names.find("bank row"), 1);
  EXPECT_EQ(names.find("2"), 2);
  EXPECT_EQ(names.find("3"), -1);
  EXPECT_EQ(names.find("-1"), -1);
  EXPECT_EQ(names.find("Bank"), -1);
}

// A name that stands for another level, or is a number, would be read back wrongly.
TEST(LevelNames, FallsBackToNumbers) {
  const StorageLevel levels[] = {memory("memory"), memory("memory"), memory("0")};
  Architecture architecture;
  architecture.levels = levels;
  const LevelNames names(architecture, {});
  EXPECT_EQ(names.text(0), "memory");
  EXPECT_EQ(names.text(1), "1");
  EXPECT_EQ(names.text(2), "2");
}

TEST(NestTexts, SaysWhatDoesNotGoWithoutSaying) {
  const StorageLevel levels[] = {memory("DRAM"), memory("GLB")};
  Architecture architecture;
  architecture.levels = levels;
  MapSpaceSpec space;
  space.slots = {slot("DRAM temporal", LoopKind::temporal, 0, true),
                 slot("GLB temporal", LoopKind::temporal, 1, false)};
  const LevelNames names(architecture, space);
  Mapping mapping;
  mapping.loops[0] = {Dim::C, LoopKind::temporal, 0, 4};
  mapping.loops[1] = {Dim::Q, LoopKind::temporal, 0, 1};
  mapping.loops[2] = {Dim::K, LoopKind::spatial, 1, 2};
  mapping.count = 3;
  mapping.outer = 2;
  mapping.job_extent[index(Dim::K)] = 2;
  NestTexts texts = nest_texts("fc 1", mapping, space, names);
  EXPECT_EQ(texts.loops,
            (std::vector<std::string>{"fc 1 DRAM temporal C 4", "fc 1 GLB spatial K 2"}));
  EXPECT_TRUE(texts.outer.empty());
  EXPECT_TRUE(texts.job_extents.empty());
  mapping.outer = 3;
  texts = nest_texts("fc 1", mapping, space, names);
  EXPECT_EQ(texts.outer, (std::vector<std::string>{"fc 1 2"}));
  EXPECT_EQ(texts.job_extents, (std::vector<std::string>{"fc 1 K 2"}));
}

TEST(PlacementTexts, SaysWhatIsNotTheStart) {
  Placement placement;
  EXPECT_EQ(placement_texts("a", placement),
            (std::vector<std::string>{"a segment 0", "a copies 1"}));
  placement = {2, 3, 12, Dealing::strip_h, 0};
  EXPECT_EQ(placement_texts("a", placement),
            (std::vector<std::string>{"a segment 2", "a copies 3", "a units 12", "a first_unit 0",
                                      "a dealing strip-h"}));
}

TEST(LastWords, CountsFromTheEnd) {
  const TextParts parts = last_words("  conv 1\t 2  copies 4 ", 2);
  EXPECT_EQ(parts.head, "conv 1\t 2");
  EXPECT_EQ(parts.words, (std::vector<std::string_view>{"copies", "4"}));
  EXPECT_TRUE(last_words("copies 4", 2).words.empty());
  EXPECT_TRUE(last_words("", 1).words.empty());
}

}  // namespace
}  // namespace imbrex
