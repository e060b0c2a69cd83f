// Mappings of imbrex.cost.loop-nest for operators nobody searched: jobs of every shape, uneven
// shares of the array.
#include "canonical_kit.hpp"

#include <imbrex/values/loop_nest.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex::test {
namespace {

TEST(CanonicalMapping, OutputChannelsAreCutIntoJobs) {
  const ArraySystem system(kArray, network("resnet18-full"));
  for (const OperatorId id : system.mapped()) {
    const Operator& op = system.workload().at(id);
    const Mapping mapping =
        system.cost().canonical_mapping(id, {}, {JobShape::Kind::output_channels, 32});
    EXPECT_EQ(system.evaluate(id, mapping).verdict, Verdict::feasible) << op.name;
    EXPECT_EQ(mapping.job_extent[index(Dim::K)], 32) << op.name;
    EXPECT_EQ(jobs_along(mapping, Dim::K), (op.bounds[Dim::K] + 31) / 32) << op.name;
    EXPECT_EQ(mapping.job_extent[index(Dim::P)], op.bounds[Dim::P]) << op.name;
    EXPECT_EQ(mapping.job_extent[index(Dim::C)], op.bounds[Dim::C]) << op.name;
    // Channels 0..31 are complete after the first job, all of them after the last.
    const LoopNest nest(op.bounds, mapping);
    DimBox box = op.bounds.whole();
    EXPECT_EQ(nest.ready_step(box), nest.steps() - 1) << op.name;
    box[Dim::K] = {0, 32};
    EXPECT_EQ(nest.ready_step(box), 0) << op.name;
  }
}

TEST(CanonicalMapping, AllOutputsWaitForTheLastInputChannels) {
  const ArraySystem system(kArray, network("resnet18-full"));
  for (const OperatorId id : system.mapped()) {
    const Operator& op = system.workload().at(id);
    const Mapping mapping =
        system.cost().canonical_mapping(id, {}, {JobShape::Kind::input_channels, 16});
    EXPECT_EQ(system.evaluate(id, mapping).verdict, Verdict::feasible) << op.name;
    const std::int64_t height = std::min<std::int64_t>(16, op.bounds[Dim::C]);
    EXPECT_EQ(mapping.job_extent[index(Dim::C)], height) << op.name;
    EXPECT_EQ(jobs_along(mapping, Dim::C), op.bounds[Dim::C] / height) << op.name;
    const LoopNest nest(op.bounds, mapping);
    DimBox corner = op.bounds.whole();
    for (const Dim dim : {Dim::K, Dim::P, Dim::Q}) {
      corner[dim] = {0, 1};
    }
    EXPECT_EQ(nest.ready_step(corner), nest.steps() - 1) << op.name;
  }
}

TEST(CanonicalMapping, ChannelsOfDepthwiseOperatorsAreGroups) {
  const ArraySystem system(kArray, network("xrbench-d2go-depthwise"));
  const OperatorId id = find(system, [](const Operator& op) { return op.bounds[Dim::G] >= 16; });
  const std::int64_t groups = system.workload().at(id).bounds[Dim::G];
  const Mapping out = system.cost().canonical_mapping(id, {}, {JobShape::Kind::output_channels, 4});
  EXPECT_EQ(out.job_extent[index(Dim::G)], 4);
  EXPECT_EQ(jobs_along(out, Dim::G), (groups + 3) / 4);
  EXPECT_EQ(system.evaluate(id, out).verdict, Verdict::feasible);
  const Mapping in = system.cost().canonical_mapping(id, {}, {JobShape::Kind::input_channels, 4});
  EXPECT_EQ(in.outer, 0);
  EXPECT_EQ(system.evaluate(id, in).verdict, Verdict::feasible);
}

TEST(CanonicalMapping, SamplesOfABatchAreJobsOfTheirOwn) {
  const ArraySystem system(kArray, network("resnet18-full", {"workload.batch=4"}));
  const OperatorId id = system.mapped()[3];
  const std::int64_t rows = system.workload().at(id).bounds[Dim::P];
  for (const auto& [samples, jobs] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1, 4}, {2, 2}, {3, 2}, {4, 1}, {9, 1}, {0, 1}}) {
    SCOPED_TRACE(samples);
    const Mapping mapping =
        system.cost().canonical_mapping(id, {}, {JobShape::Kind::row, 1, 1, samples});
    EXPECT_EQ(jobs_along(mapping, Dim::N), jobs);
    EXPECT_EQ(jobs_along(mapping, Dim::P), rows);
    EXPECT_EQ(mapping.job_extent[index(Dim::N)],
              samples == 0 ? 4 : std::min<std::int64_t>(samples, 4));
    EXPECT_EQ(system.evaluate(id, mapping).verdict, Verdict::feasible);
    if (jobs > 1) {
      EXPECT_EQ(mapping.loops[0].dim, Dim::N);
    }
  }
}

TEST(CanonicalMapping, UnevenSharesNeverTakeMoreTimeAndFillAnyNumberOfElements) {
  for (const char* name : {"resnet18-full", "xrbench-rgbd-200", "xrbench-d2go-depthwise"}) {
    const ArraySystem even(kArray, network(name));
    const ArraySystem uneven(kArray, network(name, {"cost.imperfect=true"}));
    for (const std::int64_t units : {3, 41, 333, 871, 1024}) {
      std::int64_t sum_even = 0;
      std::int64_t sum_uneven = 0;
      for (const OperatorId id : even.mapped()) {
        SCOPED_TRACE(std::string(name) + " " + even.workload().at(id).name + " on " +
                     std::to_string(units));
        for (const JobShape shape :
             {JobShape{JobShape::Kind::row}, JobShape{JobShape::Kind::rows, 3},
              JobShape{JobShape::Kind::layer}, JobShape{JobShape::Kind::output_channels, 24}}) {
          const Placement placement = of_units(units);
          const Mapping mapping = uneven.cost().canonical_mapping(id, placement, shape);
          const LayerCost cost = uneven.evaluate(id, mapping, placement);
          ASSERT_EQ(cost.verdict, Verdict::feasible);
          ASSERT_LE(macs_used(mapping), units * 8);
          const LayerCost before =
              even.evaluate(id, even.cost().canonical_mapping(id, placement, shape), placement);
          // Shares are chosen for a whole job; a last job of fewer rows may suit others better.
          const Operator& op = even.workload().at(id);
          const bool whole_jobs = op.bounds[Dim::P] % mapping.job_extent[index(Dim::P)] == 0 &&
                                  op.bounds[Dim::K] % mapping.job_extent[index(Dim::K)] == 0;
          const std::int64_t last_job_ps =
              whole_jobs ? 0 : uneven.cost().job_clock(id, placement, mapping).fixed_ps;
          ASSERT_LE(cost.latency_ps, before.latency_ps + last_job_ps);
          ASSERT_GE(cost.latency_ps, uneven.cost().lower_bound_ps(id, placement));
          sum_even += before.latency_ps;
          sum_uneven += cost.latency_ps;
        }
      }
      EXPECT_LE(sum_uneven, sum_even);
      if (units == 871) {  // 13 * 67
        EXPECT_LT(sum_uneven * 10, sum_even * 9) << name;
      }
    }
  }
}

// Jobs of three rows dealt to two elements: two rows each, and the jobs stay three rows apart.
TEST(CanonicalMapping, JobsKeepTheirHeightWhenSharesAreUneven) {
  const ArraySystem system(kArray, network("resnet18-full", {"cost.imperfect=true"}));
  for (const OperatorId id : system.mapped()) {
    const Operator& op = system.workload().at(id);
    const Mapping mapping =
        system.cost().canonical_mapping(id, of_units(871), {JobShape::Kind::rows, 3});
    const std::int64_t height = std::min<std::int64_t>(3, op.bounds[Dim::P]);
    EXPECT_EQ(jobs_along(mapping, Dim::P), (op.bounds[Dim::P] + height - 1) / height) << op.name;
    if (op.bounds[Dim::P] > 3) {
      EXPECT_EQ(mapping.job_extent[index(Dim::P)], 3) << op.name;
    }
    EXPECT_EQ(mapping_verdict(op, mapping), Verdict::feasible) << op.name;
  }
}

// Searches start from canonical mappings that the space holds. Loops of the external memory are
// jobs there, so a layer that does not fit on the array is another job than the space knows.
TEST(CanonicalMapping, UnevenSharesOfWholeLayersAreInTheMapSpace) {
  const ArraySystem system(kArray, network("resnet18-full", {"cost.imperfect=true"}));
  std::size_t uneven = 0;
  for (const OperatorId id : system.mapped()) {
    const Mapping mapping =
        system.cost().canonical_mapping(id, of_units(871), {JobShape::Kind::layer});
    bool on_chip = true;
    for (const Loop& loop : mapping.all_loops()) {
      on_chip = on_chip && loop.level > 0;
    }
    if (on_chip) {
      EXPECT_TRUE(in_map_space(system.cost().map_space(id, of_units(871)), mapping))
          << system.workload().at(id).name;
      for (std::size_t d = 0; d < kDimCount; ++d) {
        uneven += mapping.job_extent[d] > system.workload().at(id).bounds.bound[d] ? 1 : 0;
      }
    }
  }
  EXPECT_GT(uneven, 10u);
}

TEST(CanonicalMapping, ConstraintsHoldForUnevenShares) {
  const ArraySystem system(
      kArray,
      network("resnet18-full", {"cost.imperfect=true",
                                "cost.constraints=[\"*: global_buffer spatial dims = K Q\", \"*: "
                                "global_buffer spatial K <= 3\"]"}));
  for (const OperatorId id : system.mapped()) {
    const Mapping mapping =
        system.cost().canonical_mapping(id, of_units(871), {JobShape::Kind::layer});
    for (const Loop& loop : mapping.all_loops()) {
      if (loop.kind == LoopKind::spatial && loop.level == 1) {
        EXPECT_TRUE(loop.dim == Dim::Q || (loop.dim == Dim::K && loop.bound <= 3));
      }
    }
  }
}

// Six steps of three samples, or three rows of six samples that are steps: whatever the shape, jobs
// are single steps, the first loop runs over them, and no element of the array holds a second one.
TEST(CanonicalMapping, StepsOfAChainComeFirst) {
  const std::string file =
      ::testing::TempDir() + "imbrex-chain-" + std::to_string(::getpid()) + ".toml";
  for (const int axis : {0, 1}) {
    std::ofstream(file) << "imbrex_workload = 1\ninput.x = { shape = [6, 3, 64] }\n[network]\n"
                           "layers = [ { op = \"dense\", units = 64, chain = "
                        << axis << " } ]\n";
    const Dim dim = axis == 0 ? Dim::N : Dim::P;
    const ArraySystem system(kArray, network("resnet18-full", {"workload.file=" + file}));
    const OperatorId id = system.mapped().front();
    for (const auto kind : {JobShape::Kind::row, JobShape::Kind::rows, JobShape::Kind::layer,
                            JobShape::Kind::output_channels}) {
      const Mapping mapping = system.cost().canonical_mapping(id, {}, {kind, 2});
      EXPECT_EQ(system.evaluate(id, mapping).verdict, Verdict::feasible);
      EXPECT_EQ(mapping.loops[0].dim, dim);
      EXPECT_EQ(mapping.loops[0].kind, LoopKind::temporal);
      EXPECT_EQ(mapping.loops[0].bound, axis == 0 ? 6 : 3);
      EXPECT_EQ(mapping.job_extent[index(dim)], 1);
    }
  }
  std::remove(file.c_str());
}

}  // namespace
}  // namespace imbrex::test
