// Work orders: which jobs exist, in which order, on which server.
#include "language/orders.hpp"
#include "random_nest.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/work_order.hpp>

#include <map>
#include <optional>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::nest;
using test::random_nest;
using test::spatial;
using test::temporal;

constexpr std::uint64_t kSeed = 7;

Operator operator_with(const LoopBounds& bounds) {
  Operator op;
  op.name = "conv";
  op.kind = OperatorKind::convolution;
  op.bounds = bounds;
  return op;
}

LoopBounds plane(std::int64_t p, std::int64_t q) {
  LoopBounds bounds;
  bounds[Dim::P] = p;
  bounds[Dim::Q] = q;
  return bounds;
}

// The canonical mapping of a grid: temporal P outside temporal Q.
Mapping grid_mapping(const LoopBounds& bounds, std::int64_t height, std::int64_t width) {
  Mapping mapping = nest({temporal(Dim::P, ceil_div(bounds[Dim::P], height)),
                          temporal(Dim::Q, ceil_div(bounds[Dim::Q], width))},
                         {});
  mapping.job_extent = bounds.bound;
  mapping.job_extent[index(Dim::P)] = height;
  mapping.job_extent[index(Dim::Q)] = width;
  return mapping;
}

LoopBounds random_bounds(Random& random) {
  LoopBounds bounds;
  for (std::int64_t& bound : bounds.bound) {
    bound = random.between(1, 5);
  }
  return bounds;
}

// One recursion level per loop, as a person would write the nest.
struct Walker {
  const LoopBounds& bounds;
  const Mapping& mapping;
  std::map<std::pair<std::int64_t, std::int64_t>, DimBox>& jobs;
  void visit(std::size_t loop, std::int64_t step, std::int64_t server,
             std::array<std::int64_t, kDimCount> tile) {
    if (loop == mapping.outer) {
      DimBox box;
      for (std::size_t d = 0; d < kDimCount; ++d) {
        const std::int64_t low = tile[d] * mapping.job_extent[d];
        box.dim[d] = {low, std::min(low + mapping.job_extent[d], bounds.bound[d])};
      }
      jobs[{step, server}] = box;
      return;
    }
    const Loop& l = mapping.loops[loop];
    for (std::int64_t i = 0; i < l.bound; ++i) {
      std::array<std::int64_t, kDimCount> next = tile;
      next[index(l.dim)] = tile[index(l.dim)] * l.bound + i;
      const bool is_temporal = l.kind == LoopKind::temporal;
      visit(loop + 1, is_temporal ? step * l.bound + i : step,
            is_temporal ? server : server * l.bound + i, next);
    }
  }
};

TEST(LoopNestOrder, EqualsNestedForStatements) {
  Random random(kSeed, 0);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Operator op = operator_with(random_bounds(random));
    const Mapping mapping =
        random_nest(op.bounds, {.imperfect = round % 2 == 0, .max_splits = 2}, random);
    std::map<std::pair<std::int64_t, std::int64_t>, DimBox> jobs;
    Walker{op.bounds, mapping, jobs}.visit(0, 0, 0, {});
    const JobClock clock{3, 10};
    const LoopNestOrder order(op, mapping, clock, true);
    ASSERT_EQ(order.server_count() * order.step_count(0), static_cast<std::int64_t>(jobs.size()));
    for (const auto& [at, box] : jobs) {
      const Job job = order.job(at.first, at.second);
      ASSERT_EQ(job.box, box);
      const std::int64_t positions =
          box.empty() ? 0 : box[Dim::N].extent() * box[Dim::P].extent() * box[Dim::Q].extent();
      ASSERT_EQ(job.duration_ps, 3 + 10 * positions);
    }
  }
}

// Whether all jobs have work and take the same; by a look at each.
std::optional<std::int64_t> slow_equal_jobs_ps(const WorkOrder& order) {
  std::optional<std::int64_t> equal_ps;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const Job job = order.job(step, server);
      if (job.box.empty() || job.duration_ps != equal_ps.value_or(job.duration_ps)) {
        return std::nullopt;
      }
      equal_ps = job.duration_ps;
    }
  }
  return equal_ps;
}

TEST(WorkOrders, SayThatAllJobsTakeTheSameOnlyWhenTheyDo) {
  Random random(kSeed, 2);
  int equal = 0;
  for (int round = 0; round < 600; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Operator op = operator_with(random_bounds(random));
    const JobClock clock{random.between(0, 3), random.between(0, 9)};
    const LoopNestOrder nest_order(
        op, random_nest(op.bounds, {.imperfect = round % 2 == 0, .max_splits = 2}, random), clock,
        true);
    const GridShape shape{random.between(1, op.bounds[Dim::N]),
                          random.between(1, op.bounds[Dim::P]),
                          random.between(1, op.bounds[Dim::Q])};
    const TileGridOrder grid_order(op.bounds, shape, random.between(1, 4),
                                   static_cast<Dealing>(random.between(0, 2)), clock, false);
    for (const WorkOrder* order :
         {static_cast<const WorkOrder*>(&nest_order), static_cast<const WorkOrder*>(&grid_order)}) {
      if (order->equal_jobs_ps()) {
        ASSERT_EQ(order->equal_jobs_ps(), slow_equal_jobs_ps(*order));
        ++equal;
      }
    }
  }
  EXPECT_GT(equal, 300);
}

TEST(LoopNestOrder, EqualsTileGridOrderOnGridsOfOneServer) {
  Random random(kSeed, 1);
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Operator op = operator_with(random_bounds(random));
    const std::int64_t height = random.between(1, op.bounds[Dim::P]);
    const std::int64_t width = random.between(1, op.bounds[Dim::Q]);
    const JobClock clock{random.between(0, 9), random.between(1, 9)};
    const LoopNestOrder nest_order(op, grid_mapping(op.bounds, height, width), clock, false);
    const TileGridOrder grid_order(op.bounds, {op.bounds[Dim::N], height, width}, 1,
                                   Dealing::round_robin, clock, false);
    ASSERT_EQ(nest_order.server_count(), grid_order.server_count());
    ASSERT_EQ(nest_order.step_count(0), grid_order.step_count(0));
    for (std::int64_t step = 0; step < grid_order.step_count(0); ++step) {
      ASSERT_EQ(nest_order.job(step, 0).box, grid_order.job(step, 0).box);
      ASSERT_EQ(nest_order.job(step, 0).duration_ps, grid_order.job(step, 0).duration_ps);
    }
  }
}

TEST(LoopNestOrder, StripAndRoundRobinDealingAreSpatialLoopsOutsideAndInside) {
  // Design section 2a: a spatial loop inside the temporal one deals in turn, outside it deals
  // strips.
  const LoopBounds bounds = plane(6, 4);
  const Operator op = operator_with(bounds);
  const JobClock clock{0, 5};
  const LoopNestOrder inside(op, nest({temporal(Dim::P, 3), spatial(Dim::P, 2)}, {{Dim::Q, 4}}),
                             clock, false);
  const LoopNestOrder outside(op, nest({spatial(Dim::P, 2), temporal(Dim::P, 3)}, {{Dim::Q, 4}}),
                              clock, false);
  const TileGridOrder in_turn(bounds, {bounds[Dim::N], 1, 4}, 2, Dealing::round_robin, clock,
                              false);
  const TileGridOrder strips(bounds, {bounds[Dim::N], 1, 4}, 2, Dealing::strip_h, clock, false);
  for (std::int64_t server = 0; server < 2; ++server) {
    for (std::int64_t step = 0; step < 3; ++step) {
      EXPECT_EQ(inside.job(step, server).box, in_turn.job(step, server).box);
      EXPECT_EQ(outside.job(step, server).box, strips.job(step, server).box);
    }
  }
}

TEST(MakeWorkOrder, MakesAGridOnlyOfTemporalRowAndColumnLoopsWithoutIdleSteps) {
  const LoopBounds bounds = plane(5, 6);
  const Operator op = operator_with(bounds);
  const auto is_grid = [&](const Mapping& mapping) {
    return make_work_order(op, mapping, 1, Dealing::round_robin, {0, 1}, false)->tile_grid() !=
           nullptr;
  };
  EXPECT_TRUE(is_grid(grid_mapping(bounds, 2, 3)));
  EXPECT_TRUE(is_grid(nest({temporal(Dim::P, 5)}, {{Dim::Q, 6}})));
  EXPECT_TRUE(is_grid(nest({}, {{Dim::P, 5}, {Dim::Q, 6}})));
  EXPECT_TRUE(is_grid(nest({temporal(Dim::K, 1), temporal(Dim::P, 5), temporal(Dim::Q, 6)}, {})));
  EXPECT_FALSE(is_grid(nest({temporal(Dim::Q, 6), temporal(Dim::P, 5)}, {})));
  EXPECT_FALSE(is_grid(nest({spatial(Dim::P, 5), temporal(Dim::Q, 6)}, {})));
  EXPECT_FALSE(is_grid(nest({temporal(Dim::P, 6), temporal(Dim::Q, 6)}, {})));  // one idle row
  EXPECT_FALSE(is_grid(nest({temporal(Dim::P, 3), temporal(Dim::P, 2)}, {{Dim::Q, 6}})));
  EXPECT_FALSE(is_grid(nest({temporal(Dim::K, 2), temporal(Dim::P, 5)}, {{Dim::Q, 6}})));
}

TEST(MakeWorkOrder, KeepsInnerLoopsInsideTheJob) {
  const Operator op = operator_with(plane(4, 4));
  Mapping mapping = nest({temporal(Dim::P, 2), temporal(Dim::P, 2), temporal(Dim::Q, 4)}, {});
  mapping.outer = 1;
  mapping.job_extent[index(Dim::P)] = 2;
  mapping.job_extent[index(Dim::Q)] = 4;
  const auto order = make_work_order(op, mapping, 1, Dealing::round_robin, {0, 1}, false);
  ASSERT_EQ(order->job_count(), 2);
  EXPECT_EQ(order->job(1, 0).box[Dim::P], (Interval{2, 4}));
  EXPECT_EQ(order->job(1, 0).duration_ps, 8);
}

TEST(MakeWorkOrder, RefusesWhatItCannotDeal) {
  const Operator op = operator_with(plane(4, 4));
  const auto message = [&](const Mapping& mapping, std::int64_t copies) -> std::string {
    try {
      make_work_order(op, mapping, copies, Dealing::round_robin, {0, 1}, false);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message(grid_mapping(op.bounds, 1, 4), 2), "accepted");
  EXPECT_EQ(message(nest({spatial(Dim::P, 4)}, {{Dim::Q, 4}}), 1), "accepted");
  EXPECT_NE(message(nest({spatial(Dim::P, 4)}, {{Dim::Q, 4}}), 2).find("2 copies need a mapping"),
            std::string::npos);
  EXPECT_NE(message(nest({temporal(Dim::P, 3)}, {{Dim::Q, 4}}), 1).find("do not cover"),
            std::string::npos);
  EXPECT_NE(message(grid_mapping(op.bounds, 1, 4), 0).find("at least one copy, has 0"),
            std::string::npos);
}

TEST(MakeWorkOrder, RefusesAGridOfMoreJobsThanItsTablesHold) {
  const Operator op = operator_with(plane(1 << 17, 1 << 17));
  EXPECT_THROW(
      make_work_order(op, grid_mapping(op.bounds, 1, 1), 1, Dealing::round_robin, {0, 1}, false),
      InputError);
}

TEST(MappingVerdict, IsInfeasibleWhenADimensionIsNotCovered) {
  const Operator op = operator_with(plane(4, 4));
  EXPECT_EQ(mapping_verdict(op, nest({temporal(Dim::P, 2)}, {{Dim::P, 2}, {Dim::Q, 4}})),
            Verdict::feasible);
  EXPECT_EQ(mapping_verdict(op, nest({temporal(Dim::P, 2)}, {{Dim::P, 1}, {Dim::Q, 4}})),
            Verdict::infeasible);
  EXPECT_EQ(mapping_verdict(op, nest({temporal(Dim::P, 0)}, {{Dim::P, 4}, {Dim::Q, 4}})),
            Verdict::unsupported);
  EXPECT_EQ(mapping_verdict(op, nest({}, {{Dim::P, 4}, {Dim::Q, 0}})), Verdict::unsupported);
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(mapping_verdict(op, nest({temporal(Dim::P, huge), temporal(Dim::Q, huge)}, {})),
            Verdict::unsupported);
}

TEST(MappingVerdict, CountsOnlyOuterLoopsTowardsCoverage) {
  const Operator op = operator_with(plane(4, 1));
  Mapping mapping = nest({temporal(Dim::P, 2), temporal(Dim::P, 2)}, {});
  EXPECT_EQ(mapping_verdict(op, mapping), Verdict::feasible);
  mapping.outer = 1;
  EXPECT_EQ(mapping_verdict(op, mapping), Verdict::infeasible);
  mapping.outer = 3;
  EXPECT_EQ(mapping_verdict(op, mapping), Verdict::unsupported);
}

}  // namespace
}  // namespace imbrex
