// Input handed on between neighbours: one-dimensional convolutions of one channel, by hand. The
// rows of the output are spread over elements below a buffer, the rows of the filter follow in
// time: element p needs input row p + r at step r, which element p + 1 had one step before.
#include <imbrex/toolkit/nests/counts.hpp>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

struct Counted {
  TensorCounts buffer;
  TensorCounts element;
};

// Loops of the buffer, outermost first, over `stride` rows of input per row of output.
Counted inputs(std::vector<Loop> loops, bool link_transfers, std::int64_t stride = 1) {
  Problem problem;
  problem.mappable = true;
  problem.tensor[index(Role::weights)].add({{index(Dim::R), 0}, {1, 0}, 1});
  problem.tensor[index(Role::inputs)].add({{index(Dim::P), index(Dim::R)}, {stride, 1}, 1});
  problem.tensor[index(Role::outputs)].add({{index(Dim::P), 0}, {1, 0}, 1});
  Hierarchy hierarchy;
  hierarchy.levels.resize(2);
  for (Level& level : hierarchy.levels) {
    level.fanout = 64;
    level.keep = 0b111;
  }
  hierarchy.link_transfers = link_transfers;
  Mapping mapping;
  for (const Loop& loop : loops) {
    problem.bounds[loop.dim] *= loop.bound;
    mapping.loops[mapping.count++] = loop;
  }
  const NestCounts counts = count(problem, hierarchy, mapping);
  EXPECT_EQ(counts.verdict, Verdict::feasible);
  return {counts.tensor[0][index(Role::inputs)], counts.tensor[1][index(Role::inputs)]};
}

constexpr Loop kRows{Dim::R, LoopKind::temporal, 0, 3};
constexpr Loop kElements{Dim::P, LoopKind::spatial, 0, 4};

TEST(LinkTransfers, LeaveOnlyTheLastElementToFetch) {
  const Counted without = inputs({kRows, kElements}, false);
  EXPECT_EQ(without.buffer.reads, 3 * 4);
  EXPECT_EQ(without.element.reads, 3);
  const Counted with = inputs({kRows, kElements}, true);
  EXPECT_EQ(with.buffer.reads, 4 + 2 * 1) << "four rows at first, then one each step";
  EXPECT_EQ(with.element.fills, 3) << "wherever they come from";
  // Three elements hand on at two steps: 6 reads, 1.5 for each of four, rounded up.
  EXPECT_EQ(with.element.reads, 3 + 2);
  EXPECT_EQ(with.element.handed_on, 2);
  EXPECT_EQ(without.element.handed_on, 0);
}

TEST(LinkTransfers, RepeatWithTheLoopsOutside) {
  const Loop tiles{Dim::P, LoopKind::temporal, 0, 5};
  EXPECT_EQ(inputs({tiles, kRows, kElements}, true).buffer.reads, 5 * (4 + 2));
}

TEST(LinkTransfers, DoNotCareForLoopsThatLeaveTheTileAlone) {
  const Loop channels{Dim::K, LoopKind::temporal, 0, 7};
  EXPECT_EQ(inputs({kRows, channels, kElements}, true).buffer.reads, 4 + 2);
}

TEST(LinkTransfers, NeedNeighboursOneStepAway) {
  EXPECT_EQ(inputs({kRows, kElements}, true, 2).buffer.reads, 3 * 4)
      << "elements are two rows apart, a step is one";
  const Loop columns{Dim::P, LoopKind::temporal, 0, 3};
  EXPECT_EQ(inputs({columns, kElements}, true).buffer.reads, 3 * 4) << "a step is four rows";
}

TEST(LinkTransfers, NeedNeighbours) {
  EXPECT_EQ(inputs({kRows}, true).buffer.reads, inputs({kRows}, false).buffer.reads);
}

}  // namespace
}  // namespace imbrex::nests
