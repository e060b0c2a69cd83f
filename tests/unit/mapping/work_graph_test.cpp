// Who feeds whom: traces by hand calculation (specification clsa-cim sections 6.2 and 11.2).
#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"
#include "layers.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::convolution;
using test::FakeChip;
using test::FakeCostModel;
using test::find;
using test::image;

Region box(Interval channels, Interval rows, Interval columns) {
  Region region;
  region.rank = 4;
  region.axis[1] = channels;
  region.axis[2] = rows;
  region.axis[3] = columns;
  return region;
}

// A workload with everything a graph needs, kept alive together.
struct Rig {
  explicit Rig(WorkloadBuilder& builder)
      : workload(std::make_shared<const Workload>(builder.finish())),
        design(workload),
        cost(*workload) {
    cost.when_transferred = [this](std::span<const Transfer> batch) {
      transfers.insert(transfers.end(), batch.begin(), batch.end());
    };
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  OperatorId id(std::string_view name) const { return find(*workload, name); }
  WorkGraph graph(JobShape shape = {}) const {
    return WorkGraph(design, {design.workload(), chip.architecture, cost}, {shape});
  }
  std::vector<Source> trace(const WorkGraph& graph, std::string_view name,
                            std::int64_t step) const {
    std::vector<Source> sources;
    WorkGraph::Scratch scratch;
    graph.trace(id(name), graph.order(id(name)).job(step, 0).box, scratch, sources);
    return sources;
  }

  std::shared_ptr<const Workload> workload;
  Design design;
  FakeChip chip;
  FakeCostModel cost;
  // What the cost model was asked; filled by graphs.
  std::vector<Transfer> transfers;
};

TEST(WorkGraph, TracesTheChainOfTheSpecification) {
  // Section 11.2: row r of B needs rows r-1..r+1 of A, clipped to 4 rows.
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(16, 4, 4)), convolution(64, 3));
  builder.convolution("B", a, convolution(300, 3));
  const Rig rig(builder);
  const WorkGraph graph = rig.graph();
  EXPECT_EQ(graph.mapped().size(), 2u);
  EXPECT_TRUE(rig.trace(graph, "A", 0).empty());  // the network's input
  const Interval rows[] = {{0, 2}, {0, 3}, {1, 4}, {2, 4}};
  for (std::int64_t r = 0; r < 4; ++r) {
    const std::vector<Source> expected{{rig.id("A"), box({0, 64}, rows[r], {0, 4}), 0}};
    EXPECT_EQ(rig.trace(graph, "B", r), expected);
  }
}

TEST(WorkGraph, PassesMovementOperatorsAndAddsTheirDelays) {
  WorkloadBuilder builder("pool");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(3, 8, 8)), convolution(4, 3));
  Window window;
  window.kernel = window.stride = {2, 2};
  const TensorId pooled = builder.pool("pool", builder.activation("relu", a), window);
  builder.convolution("B", pooled, convolution(4, 3));
  Rig rig(builder);
  rig.cost.movement_delays = {{rig.id("relu"), 3}, {rig.id("pool"), 40}};
  rig.cost.transfer_delays = {{{rig.id("A"), rig.id("B")}, 500}};
  const WorkGraph graph = rig.graph();
  // Row 0 of B: pooled rows 0..1, rows 0..3 of A.
  const std::vector<Source> expected{{rig.id("A"), box({0, 4}, {0, 4}, {0, 8}), 543}};
  EXPECT_EQ(rig.trace(graph, "B", 0), expected);
  EXPECT_FALSE(graph.movement_is_free());
  EXPECT_EQ(graph.movement_ps(rig.id("pool")), 40);
  EXPECT_EQ(graph.transfer_ps(rig.id("A"), rig.id("B")), 500);
  EXPECT_EQ(graph.transfer_ps(rig.id("B"), rig.id("A")), 0);
}

TEST(WorkGraph, KeepsTheSlowestOfSeveralPaths) {
  WorkloadBuilder builder("diamond");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 4, 4)), convolution(2, 1));
  const TensorId fast = builder.activation("fast", a);
  const TensorId slow = builder.activation("slow2", builder.activation("slow1", a));
  const TensorId operands[] = {a, fast, slow};
  builder.convolution("B", builder.elementwise("add", operands), convolution(2, 1));
  Rig rig(builder);
  rig.cost.movement_delays = {
      {rig.id("fast"), 5}, {rig.id("slow1"), 4}, {rig.id("slow2"), 4}, {rig.id("add"), 1}};
  const WorkGraph graph = rig.graph();
  const std::vector<Source> expected{{rig.id("A"), box({0, 2}, {2, 3}, {0, 4}), 9}};
  EXPECT_EQ(rig.trace(graph, "B", 2), expected);
}

TEST(WorkGraph, KeepsASmallerRegionWithALargerDelay) {
  // Through the 3x3 pool B needs rows 0..2 at once, through the slow activation row 1 later.
  WorkloadBuilder builder("regions");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(1, 4, 1)), convolution(1, 1));
  Window window;
  window.kernel = {3, 1};
  window.pad_begin = window.pad_end = {1, 0};
  const TensorId operands[] = {builder.pool("pool", a, window), builder.activation("slow", a)};
  builder.convolution("B", builder.elementwise("add", operands), convolution(1, 1));
  Rig rig(builder);
  rig.cost.movement_delays = {{rig.id("slow"), 7}};
  const WorkGraph slow_graph = rig.graph();
  EXPECT_EQ(rig.trace(slow_graph, "B", 1).size(), 2u);
  rig.cost.movement_delays = {{rig.id("pool"), 7}};
  const WorkGraph covering = rig.graph();  // now the larger region is also the later one
  const std::vector<Source> expected{{rig.id("A"), box({0, 1}, {0, 3}, {0, 1}), 7}};
  EXPECT_EQ(rig.trace(covering, "B", 1), expected);
}

TEST(WorkGraph, FindsNoDependencyThroughAnEmptyRegion) {
  // Rows of A above rows of C: row 0 of B needs only A, row 5 only C.
  WorkloadBuilder builder("stack");
  const TensorId x = builder.input("x", image(2, 3, 3));
  const TensorId operands[] = {builder.convolution("A", x, convolution(2, 1)),
                               builder.convolution("C", x, convolution(2, 1))};
  builder.convolution("B", builder.concat("stack", operands, 2), convolution(2, 1));
  const Rig rig(builder);
  const WorkGraph graph = rig.graph();
  const std::vector<Source> top{{rig.id("A"), box({0, 2}, {0, 1}, {0, 3}), 0}};
  const std::vector<Source> bottom{{rig.id("C"), box({0, 2}, {2, 3}, {0, 3}), 0}};
  EXPECT_EQ(rig.trace(graph, "B", 0), top);
  EXPECT_EQ(rig.trace(graph, "B", 5), bottom);
}

TEST(WorkGraph, ReportsLatestProducersFirst) {
  WorkloadBuilder builder("residual");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 3, 3)), convolution(2, 1));
  const TensorId b = builder.convolution("B", a, convolution(2, 1));
  const TensorId operands[] = {a, b};
  builder.convolution("C", builder.elementwise("add", operands), convolution(2, 1));
  const Rig rig(builder);
  const WorkGraph graph = rig.graph();
  const std::vector<Source> sources = rig.trace(graph, "C", 1);
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].producer, rig.id("B"));
  EXPECT_EQ(sources[1].producer, rig.id("A"));
}

TEST(WorkGraph, FollowsSixtyDiamondsWithoutCountingPaths) {
  // 2^60 paths; only the memo of (operator, region) makes this end.
  WorkloadBuilder builder("diamonds");
  TensorId at = builder.convolution("A", builder.input("x", image(2, 3, 3)), convolution(2, 1));
  const auto named = [](std::string kind, int i) { return kind.append(std::to_string(i)); };
  for (int i = 0; i < 60; ++i) {
    const TensorId operands[] = {builder.activation(named("left", i), at),
                                 builder.activation(named("right", i), at)};
    at = builder.elementwise(named("add", i), operands);
  }
  builder.convolution("B", at, convolution(2, 1));
  Rig rig(builder);
  for (int i = 0; i < 60; ++i) {
    rig.cost.movement_delays[rig.id(named("left", i))] = i;
    rig.cost.movement_delays[rig.id(named("right", i))] = 2;
  }
  const WorkGraph graph = rig.graph();
  const std::int64_t slowest = 2 * 3 + (59 * 60 / 2 - (0 + 1 + 2));  // max(i, 2) summed
  const std::vector<Source> expected{{rig.id("A"), box({0, 2}, {0, 1}, {0, 3}), slowest}};
  EXPECT_EQ(rig.trace(graph, "B", 0), expected);
}

TEST(WorkGraph, TracesNetworkOutputsWithMovementButNoTransfer) {
  WorkloadBuilder builder("output");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 4, 4)), convolution(2, 1));
  const TensorId b = builder.convolution("B", a, convolution(2, 1));
  const TensorId end = builder.activation("end", b);
  Rig rig(builder);
  rig.cost.movement_delays = {{rig.id("end"), 8}};
  rig.cost.transfer_delays = {{{rig.id("A"), rig.id("B")}, 500}};
  const WorkGraph graph = rig.graph();
  std::vector<Source> sources;
  WorkGraph::Scratch scratch;
  graph.trace(end, Region::whole(rig.workload->at(end).shape), scratch, sources);
  const std::vector<Source> expected{{rig.id("B"), box({0, 2}, {0, 4}, {0, 4}), 8}};
  EXPECT_EQ(sources, expected);
}

TEST(WorkGraph, NeedsNothingForAnEmptyBox) {
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 4, 4)), convolution(2, 3));
  builder.convolution("B", a, convolution(2, 3));
  const Rig rig(builder);
  const WorkGraph graph = rig.graph();
  DimBox idle = rig.workload->at(rig.id("B")).bounds.whole();
  idle[Dim::P] = {4, 4};
  std::vector<Source> sources;
  WorkGraph::Scratch scratch;
  graph.trace(rig.id("B"), idle, scratch, sources);
  EXPECT_TRUE(sources.empty());
}

TEST(WorkGraph, AsksForTransfersOfOneJobBetweenTheFarthestTiles) {
  // Units of A: tiles 0..5, of B: tiles 6..8 on an 8 x 8 grid, one unit per tile. Farthest: tile 0
  // (0, 0) to tile 7 (0, 7) at 7 hops; tile 8 (1, 0) is at most 6 from any of A.
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 4, 5)), convolution(16, 1));
  builder.convolution("B", builder.activation("relu", a), convolution(2, 1));
  Rig rig(builder);
  rig.cost.one_copy.units = 3;
  rig.design.placement(rig.id("A")).copies = 2;
  const WorkGraph graph = rig.graph();
  ASSERT_EQ(rig.transfers.size(), 1u);
  const Transfer& transfer = rig.transfers.front();
  EXPECT_EQ(transfer.from, rig.id("A"));
  EXPECT_EQ(transfer.to, rig.id("B"));
  EXPECT_EQ(transfer.from_tile, 0);
  EXPECT_EQ(transfer.to_tile, 7);
  EXPECT_EQ(transfer.bits, 16 * 5 * 8);  // one row of 16 channels, 8 bits each
  EXPECT_TRUE(graph.movement_is_free());
}

TEST(WorkGraph, HonoursPlacedUnits) {
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 4, 5)), convolution(2, 1));
  builder.convolution("B", a, convolution(2, 1));
  Rig rig(builder);
  rig.design.placement(rig.id("A")).first_unit = 10;
  const WorkGraph graph = rig.graph();
  ASSERT_EQ(rig.transfers.size(), 1u);
  EXPECT_EQ(rig.transfers.front().from_tile, 10);
  EXPECT_EQ(rig.transfers.front().to_tile, 11);  // consecutive
}

TEST(WorkGraph, UsesSearchedMappingsWhereTheDesignHasThem) {
  WorkloadBuilder builder("one");
  builder.convolution("A", builder.input("x", image(2, 4, 4)), convolution(2, 1));
  Rig rig(builder);
  EXPECT_EQ(rig.graph().order(rig.id("A")).job_count(), 4);
  Mapping mapping = rig.cost.canonical_mapping(rig.id("A"), {}, {JobShape::Kind::pixel});
  rig.design.mapping(rig.id("A")) = mapping;
  EXPECT_EQ(rig.graph().order(rig.id("A")).job_count(), 16);
}

TEST(WorkGraph, IsInfeasibleWhenAMappingDoesNotCoverItsOperator) {
  WorkloadBuilder builder("one");
  builder.convolution("A", builder.input("x", image(2, 4, 4)), convolution(2, 1));
  Rig rig(builder);
  rig.design.mapping(rig.id("A")) = Mapping{};
  try {
    rig.graph();
    FAIL() << "accepted";
  } catch (const InfeasibleError& error) {
    EXPECT_NE(std::string(error.what()).find("operator 'A' has no legal mapping: the searched one"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace imbrex
