// Counting `timeloop` by hand, beside `exact`: one-dimensional convolutions of one input channel.
// Rows of input are P + R (times strides); a buffer stands over columns, which keep nothing, and
// they over elements.
#include <imbrex/toolkit/nests/counts.hpp>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

constexpr std::size_t kBuffer = 1;
constexpr std::size_t kColumn = 2;
constexpr std::size_t kElement = 3;

Loop t(Dim dim, std::int64_t bound, std::size_t level = kBuffer) {
  return {dim, LoopKind::temporal, static_cast<std::uint8_t>(level), bound};
}
Loop s(Dim dim, std::int64_t bound, std::size_t level) {
  return {dim, LoopKind::spatial, static_cast<std::uint8_t>(level), bound};
}

struct Inputs {
  TensorCounts buffer;
  TensorCounts element;
};

struct How {
  Counting counting = Counting::timeloop;
  bool link_transfers = false;
  std::int64_t stride = 1;
};

// What the levels exchange of the input under loops given outermost first.
Inputs inputs(const std::vector<Loop>& loops, How how = {}) {
  Problem problem;
  problem.mappable = true;
  problem.tensor[index(Role::weights)].add({{index(Dim::K), 0}, {1, 0}, 1});
  problem.tensor[index(Role::weights)].add({{index(Dim::R), 0}, {1, 0}, 1});
  problem.tensor[index(Role::inputs)].add({{index(Dim::P), index(Dim::R)}, {how.stride, 1}, 1});
  problem.tensor[index(Role::outputs)].add({{index(Dim::K), 0}, {1, 0}, 1});
  problem.tensor[index(Role::outputs)].add({{index(Dim::P), 0}, {1, 0}, 1});
  Hierarchy hierarchy;
  hierarchy.counting = how.counting;
  hierarchy.link_transfers = how.link_transfers;
  hierarchy.levels.resize(4);
  for (Level& level : hierarchy.levels) {
    level.fanout = 64;
    level.keep = 0b111;
  }
  hierarchy.levels[kColumn].keep = 0;
  Mapping mapping;
  for (const Loop& loop : loops) {
    problem.bounds[loop.dim] *= loop.bound;
    mapping.loops[mapping.count++] = loop;
  }
  const NestCounts counts = count(problem, hierarchy, mapping);
  EXPECT_EQ(counts.verdict, Verdict::feasible);
  const std::size_t role = index(Role::inputs);
  return {counts.tensor[kBuffer][role], counts.tensor[kElement][role]};
}

constexpr How kExact{Counting::exact};
constexpr How kLinks{Counting::timeloop, true};

TEST(TimeloopByHand, MulticastStopsAtTheLevelInBetween) {
  // Four columns of three elements each, P + R: six different rows, three in each column.
  const std::vector<Loop> two{s(Dim::P, 4, kBuffer), s(Dim::R, 3, kColumn)};
  EXPECT_EQ(inputs(two).buffer.reads, 4 * 3);
  EXPECT_EQ(inputs(two, kExact).buffer.reads, 6);
  // The other way round: three columns of four.
  const std::vector<Loop> turned{s(Dim::R, 3, kBuffer), s(Dim::P, 4, kColumn)};
  EXPECT_EQ(inputs(turned).buffer.reads, 3 * 4);
  EXPECT_EQ(inputs(turned, kExact).buffer.reads, 6);
  // 2 P + R: nine different rows, 0 to 8.
  EXPECT_EQ(inputs(two, {Counting::timeloop, false, 2}).buffer.reads, 4 * 3);
  EXPECT_EQ(inputs(two, {Counting::exact, false, 2}).buffer.reads, 9);
  // Both below the same level are one stage for either.
  const std::vector<Loop> one{s(Dim::P, 4, kBuffer), s(Dim::R, 3, kBuffer)};
  EXPECT_EQ(inputs(one).buffer.reads, 6);
}

TEST(TimeloopByHand, EqualTilesOfColumnsAreReadOnce) {
  EXPECT_EQ(inputs({s(Dim::K, 4, kBuffer), s(Dim::R, 3, kColumn)}).buffer.reads, 3);
  EXPECT_EQ(inputs({s(Dim::R, 3, kBuffer), s(Dim::K, 4, kColumn)}).buffer.reads, 3);
}

// Elements hold three rows, R of 3, and slide by one.
std::int64_t fills(std::vector<Loop> loops, How how = {}) {
  loops.push_back(t(Dim::R, 3, kElement));
  return inputs(loops, how).element.fills;
}

TEST(TimeloopByHand, SlidingTilesAreFetchedAnewWhenTheyMoveBack) {
  // 3 + 1; back by one for the other K: 3 more where exact lacks 1; and 1 again.
  EXPECT_EQ(fills({t(Dim::K, 2), t(Dim::P, 2)}), 3 + 1 + 3 + 1);
  EXPECT_EQ(fills({t(Dim::K, 2), t(Dim::P, 2)}, kExact), 3 + 1 + 1 + 1);
  // Four steps of one leave nothing to share.
  EXPECT_EQ(fills({t(Dim::K, 2), t(Dim::P, 4)}), 2 * (3 + 3 * 1));
  EXPECT_EQ(fills({t(Dim::K, 2), t(Dim::P, 4)}, kExact), 2 * (3 + 3 * 1));
}

TEST(TimeloopByHand, TilesAtRestInsideKeepWhatIsLeftWhenTheyMoveBack) {
  EXPECT_EQ(fills({t(Dim::K, 2, 0), t(Dim::P, 2), t(Dim::K, 2)}), 3 + 1 + 1 + 1);
}

TEST(TimeloopByHand, LoopsThatGoOnMeetTheSecondIterationOfThoseInside) {
  // Rows 0 1 | 2 3 | 4 5 in steps of one.
  EXPECT_EQ(fills({t(Dim::P, 3, 0), t(Dim::P, 2)}), 3 + 5 * 1);
  // Rows 0 to 3 | 4 to 7 | 8 to 11: from the second iteration, row 1, to row 4 nothing is left.
  EXPECT_EQ(fills({t(Dim::P, 3, 0), t(Dim::P, 4)}), 3 * (3 + 3 * 1));
  EXPECT_EQ(fills({t(Dim::P, 3, 0), t(Dim::P, 4)}, kExact), 3 + 11 * 1);
}

TEST(TimeloopByHand, LinksServeElementsBelowOneInstance) {
  // Per column four rows at first, then one at each of two steps; two columns want the same.
  const std::vector<Loop> loops{t(Dim::R, 3), s(Dim::K, 2, kBuffer), s(Dim::P, 4, kColumn)};
  EXPECT_EQ(inputs(loops).buffer.reads, 3 * 4);
  const Inputs linked = inputs(loops, kLinks);
  EXPECT_EQ(linked.buffer.reads, 4 + 2 * 1);
  // Six words pass below one column, shared out among all eight elements.
  EXPECT_EQ(linked.element.reads, 4) << "3 + 6 / 8, rounded";
  EXPECT_EQ(linked.element.fills, 2) << "3 - 6 / 4 + 6 / 8, down";
  // Without the other column: nothing is lost.
  const Inputs alone = inputs({t(Dim::R, 3), s(Dim::P, 4, kColumn)}, kLinks);
  EXPECT_EQ(alone.element.reads, 5) << "3 + 6 / 4, rounded";
  EXPECT_EQ(alone.element.fills, 3);
}

TEST(TimeloopByHand, LinksEndAtLevelsThatKeepNothing) {
  const std::vector<Loop> above{t(Dim::R, 3), s(Dim::P, 4, kBuffer), s(Dim::K, 2, kColumn)};
  EXPECT_EQ(inputs(above, kLinks).buffer.reads, 3 * 4);
}

TEST(TimeloopByHand, LinksNeedAFetchOneStepBefore) {
  const std::vector<Loop> rested{t(Dim::R, 3), t(Dim::K, 2), s(Dim::P, 4, kColumn)};
  EXPECT_EQ(inputs(rested, kLinks).buffer.reads, 3 * 4);
  EXPECT_EQ(inputs(rested, {Counting::exact, true}).buffer.reads, 4 + 2 * 1);
  // Back by one is a neighbour's row, too: the second iteration's.
  const std::vector<Loop> again{t(Dim::K, 2), t(Dim::R, 2), s(Dim::P, 4, kColumn)};
  EXPECT_EQ(inputs(again, kLinks).buffer.reads, 4 + 1 + 1 + 1);
}

}  // namespace
}  // namespace imbrex::nests
