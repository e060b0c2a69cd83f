// What the search for the optimum rests on, by hand: least words of windows, orders that differ.
#include "optimum/lattice.hpp"
#include "optimum/layout.hpp"
#include "optimum/orders.hpp"
#include "optimum/rank_sums.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <gtest/gtest.h>

namespace imbrex::optimum {
namespace {

constexpr std::size_t kP = index(Dim::P);
constexpr std::size_t kR = index(Dim::R);

// Four windows of three points; `pad`: one of them before the first and one behind the last of
// four.
RankSum sum_of(bool pad, std::uint8_t p, std::uint8_t r) {
  LoopBounds bounds;
  bounds[Dim::P] = 4;
  bounds[Dim::R] = 3;
  const Lattice lattice(bounds);
  nests::Rank rank;
  rank.dim = {kP, kR};
  rank.factor = {1, 1};
  rank.offset = pad ? -1 : 0;
  rank.extent = pad ? 4 : 0;
  Tile tile{};
  tile[kP] = p;
  tile[kR] = r;
  return RankSums(rank, lattice, true, false).of(tile);
}

TEST(RankSums, OfWholeWindowsEveryTileHasOnePointThatItsNeighboursLack) {
  const RankSum sum = sum_of(false, 0, 1);
  EXPECT_EQ(sum.all, 12);
  EXPECT_EQ(sum.fresh[0], 4);
}

// Points one by one: moving along P always brings another one, but only in half of the iterations
// does nothing else move, as its innermost loop may have two.
TEST(RankSums, WhereBothDimensionsMoveOnlyTheInnermostLoopIsSureToBringSomething) {
  const RankSum sum = sum_of(false, 0, 0);
  EXPECT_EQ(sum.all, 12);
  EXPECT_EQ(sum.fresh[0], 6);
  EXPECT_EQ(sum.fresh[1], 8);  // a loop of three has no shorter one
}

// {0, 1}, {0, 1, 2}, {1, 2, 3}, {2, 3}: the first and the last lack nothing of their neighbours.
TEST(RankSums, PointsInThePaddingAreNotThere) {
  const RankSum sum = sum_of(true, 0, 1);
  EXPECT_EQ(sum.all, 10);
  EXPECT_EQ(sum.fresh[0], 2);
}

// Two levels inside the memory, so that tiles of all tensors are still to come.
std::size_t orders_of(const Workload& workload, const Extents& loops,
                      const nests::Hierarchy& levels = {}) {
  const nests::Problem problem = nests::prepare(workload, operator_id(0));
  nests::Hierarchy hierarchy = levels;
  hierarchy.levels.resize(3);
  MapSpaceSpec space;
  space.bounds = problem.bounds;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    hierarchy.levels[l].keep = 7;
    MapSlot slot;
    slot.level = static_cast<std::uint8_t>(l);
    slot.outer = l == 0;
    space.slots.push_back(slot);
    slot.kind = LoopKind::spatial;
    slot.outer = false;
    space.slots.push_back(slot);
  }
  const Layout layout = layout_of(space, hierarchy.levels.size());
  EXPECT_EQ(layout.unknown, "");
  const Lattice lattice(space.bounds);
  const Boundaries boundaries(problem, hierarchy, layout, lattice);
  return orders_of(boundaries, 0, layout.temporal[0], loops).size();
}

Extents loops_over(std::initializer_list<Dim> dims) {
  Extents loops{1, 1, 1, 1, 1, 1, 1, 1};
  for (const Dim dim : dims) {
    loops[index(dim)] = 2;
  }
  return loops;
}

// The innermost loop keeps one of three tensors and loses the others; the next one loses that, too.
TEST(Orders, OfAProductAreThree) {
  WorkloadBuilder builder("product");
  builder.dense("product", builder.input("rows", {2, {4, 4}}), 4);
  const Workload workload = builder.finish();
  EXPECT_EQ(orders_of(workload, loops_over({Dim::P, Dim::K, Dim::C})), 3);
  EXPECT_EQ(orders_of(workload, loops_over({Dim::P, Dim::C})), 2);
  EXPECT_EQ(orders_of(workload, loops_over({})), 1);
}

// C inside: only results are kept, until K. K inside: inputs are, until C. No other order.
TEST(Orders, OfAPointwiseConvolutionsChannelsAreTwo) {
  WorkloadBuilder builder("pointwise");
  ConvolutionParams params;
  params.output_channels = 4;
  builder.convolution("pointwise", builder.input("data", {4, {1, 4, 4, 4}}), params);
  EXPECT_EQ(orders_of(builder.finish(), loops_over({Dim::K, Dim::C})), 2);
}

// Innermost first: K leaves inputs only, then P does and C does not; P leaves weights, too, then K
// leaves inputs; C leaves results, and K or P nothing. So C follows K only where neighbours would
// hand on otherwise, and follows P as Timeloop counts, where what comes next matters, too.
TEST(Orders, OfWindowsThatNeighboursHandOnAreMore) {
  WorkloadBuilder builder("rows");
  ConvolutionParams params;
  params.output_channels = 4;
  params.window.kernel = {3, 1};
  builder.convolution("rows", builder.input("data", {4, {1, 4, 6, 1}}), params);
  const Workload workload = builder.finish();
  nests::Hierarchy hierarchy;
  const Extents loops = loops_over({Dim::K, Dim::P, Dim::C});
  EXPECT_EQ(orders_of(workload, loops, hierarchy), 3);
  hierarchy.link_transfers = true;
  EXPECT_EQ(orders_of(workload, loops, hierarchy), 4);
  hierarchy.counting = nests::Counting::timeloop;
  EXPECT_EQ(orders_of(workload, loops, hierarchy), 5);
}

// Four times three instances: at most three of a diagonal share a row, or four in a row hand one
// on; as Timeloop counts, steps of several loops may be as long as both distances.
TEST(Volumes, SayHowManyHandOnOrShare) {
  WorkloadBuilder builder("rows");
  ConvolutionParams params;
  params.output_channels = 1;
  params.window.kernel = {3, 1};
  builder.convolution("rows", builder.input("data", {4, {1, 1, 6, 1}}), params);
  const Workload workload = builder.finish();
  const nests::Problem problem = nests::prepare(workload, operator_id(0));
  const Lattice lattice(problem.bounds);
  const VolumeBounds inputs(problem.tensor[1], lattice, false, false);
  Extents spread{1, 1, 1, 1, 1, 1, 1, 1};
  spread[kP] = 4;
  spread[kR] = 3;
  EXPECT_EQ(inputs.most_alike(spread), 3);
  EXPECT_EQ(inputs.most_alike(spread) * inputs.most_linked(spread, false), 4);
  EXPECT_EQ(inputs.most_alike(spread) * inputs.most_linked(spread, true), 12);
  EXPECT_EQ(inputs.longest_row(spread, false), 4);
  EXPECT_EQ(inputs.longest_row(spread, true), 12);
}

}  // namespace
}  // namespace imbrex::optimum
