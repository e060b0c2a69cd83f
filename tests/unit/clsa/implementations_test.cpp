// Which implementation runs, what it says when it cannot, and schedules worked out by hand for the
// things the published examples leave out: delays, reshapes, loop nests in lock-step.
#include "clsa_fixture.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// A (1x1 on 4x4), something in between, B (1x1).
template <class Between>
std::shared_ptr<const Workload> sandwich(Between&& between) {
  WorkloadBuilder builder("sandwich");
  const TensorId input = builder.input("x", image(8, 4, 4));
  const TensorId a = builder.convolution("A", input, convolution(8, 1));
  builder.output(between(builder, a));
  return std::make_shared<const Workload>(builder.finish());
}

std::shared_ptr<const Workload> with_activation() {
  return sandwich([](WorkloadBuilder& builder, TensorId a) {
    return builder.convolution("B", builder.activation("relu", a), convolution(8, 1));
  });
}

std::shared_ptr<const Workload> with_skipping_slice() {
  return sandwich([](WorkloadBuilder& builder, TensorId a) {
    return builder.convolution("B", builder.slice("every second row", a, 2, 0, 4, 2),
                               convolution(8, 1));
  });
}

std::shared_ptr<const Workload> with_dense_head() {
  return sandwich([](WorkloadBuilder& builder, TensorId a) {
    return builder.dense("B", builder.reshape("flatten", a, Shape{2, {1, 128}}), 10);
  });
}

// All 16 pixels below each other: rows and columns of A become one axis.
std::shared_ptr<const Workload> with_mixing_reshape() {
  return sandwich([](WorkloadBuilder& builder, TensorId a) {
    return builder.convolution("B", builder.reshape("mix", a, Shape{4, {1, 8, 16, 1}}),
                               convolution(8, 1));
  });
}

Settings implementation(const char* name, const char* granularity = "row") {
  return {{"implementation", name}, {"granularity", granularity}};
}

std::string used(const ClsaSystem& system, const Settings& settings, Detail& detail) {
  makespan_cycles(*system.clsa(settings), system.design(), &detail);
  return detail.note_at("implementation");
}

TEST(Implementation, AutoCountsDependencesInSmallFinalAnalyses) {
  const ClsaSystem system(with_activation());
  Detail detail;
  EXPECT_EQ(used(system, implementation("auto"), detail), "explicit");
  EXPECT_EQ(detail.at("edges"), 4);
}

TEST(Implementation, AutoUsesTheGraphWhereMapsCannotBeExact) {
  const ClsaSystem system(with_skipping_slice());
  const auto automatic = system.clsa(implementation("auto"));
  const auto explicit_graph = system.clsa(implementation("explicit"));
  EXPECT_EQ(makespan_cycles(*automatic, system.design()),
            makespan_cycles(*explicit_graph, system.design()));
}

TEST(Implementation, AvailabilityRefusesHolesAndSaysWhere) {
  const ClsaSystem system(with_skipping_slice());
  try {
    makespan_cycles(*system.clsa(implementation("availability")), system.design());
    FAIL() << "it must refuse";
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("every second row"), std::string::npos) << message;
    EXPECT_NE(message.find("stride is larger than its window"), std::string::npos) << message;
    EXPECT_NE(message.find("\"explicit\""), std::string::npos) << message;
  }
}

TEST(Implementation, AvailabilityRefusesPartsOfMixedAxes) {
  const ClsaSystem system(with_mixing_reshape());
  EXPECT_THROW(makespan_cycles(*system.clsa(implementation("availability")), system.design()),
               InputError);
}

TEST(Implementation, GraphFollowsAMixingReshape) {
  // A's rows end at 4, 8, 12, 16. Each holds four of B's one-pixel rows, so B runs without a gap
  // from 4 to 20.
  const ClsaSystem system(with_mixing_reshape());
  EXPECT_EQ(makespan_cycles(*system.clsa(implementation("explicit")), system.design()), 20);
}

TEST(Implementation, BothFollowAFlattenInFrontOfADenseLayer) {
  // Dense waits for all 16 pixels and takes one cycle.
  const ClsaSystem system(with_dense_head());
  for (const char* name : {"explicit", "availability"}) {
    for (const char* granularity : {"row", "pixel", "layer"}) {
      const auto analyzer = system.clsa(implementation(name, granularity));
      EXPECT_EQ(makespan_cycles(*analyzer, system.design()), 17) << name << ", " << granularity;
    }
  }
}

TEST(Implementation, BothChargeMovementOnTheWay) {
  // One cycle for the activation: A's rows reach B at 5, 9, 13, 17, so B's last row runs (17,21).
  const ClsaSystem system(with_activation(), 0, {{"gpeu_ns_per_position", 1400.0}});
  for (const char* name : {"explicit", "availability"}) {
    EXPECT_EQ(makespan_cycles(*system.clsa(implementation(name)), system.design()), 21) << name;
  }
}

TEST(Implementation, BothChargeMovementBehindTheLastOperator) {
  const auto workload =
      sandwich([](WorkloadBuilder& builder, TensorId a) { return builder.activation("relu", a); });
  const ClsaSystem system(workload, 0, {{"gpeu_ns_per_position", 1400.0}});
  for (const char* name : {"explicit", "availability"}) {
    EXPECT_EQ(makespan_cycles(*system.clsa(implementation(name)), system.design()), 17) << name;
  }
}

TEST(Implementation, BothChargeTheTransferOncePerConsumer) {
  // Buffers take two cycles per transfer: A's rows reach B at 6, 10, 14, 18.
  const ClsaSystem system(with_activation(), 0, {{"buffer_access_ns", 2800.0}});
  for (const char* name : {"explicit", "availability"}) {
    EXPECT_EQ(makespan_cycles(*system.clsa(implementation(name)), system.design()), 22) << name;
  }
}

TEST(Implementation, BothRunSegmentsOneAfterTheOther) {
  // Both layers have 16 positions; weights are replaced for free.
  const ClsaSystem system(with_activation());
  Design design = system.design();
  design.placement(operator_id(2)).segment = 1;
  for (const char* name : {"explicit", "availability"}) {
    EXPECT_EQ(makespan_cycles(*system.clsa(implementation(name)), design), 32) << name;
  }
}

TEST(Implementation, ABatchGivesWhatSingleDesignsGive) {
  const ClsaSystem system(with_activation(), 1);
  const Design plain = system.design();
  Design faster = system.design();
  faster.placement(operator_id(0)).copies = 2;
  const Design* const designs[] = {&plain, &faster, &plain};
  OverlapResult results[3];
  const auto analyzer = system.clsa({});
  analyzer->analyze(analyzer->request(), designs, results, nullptr);
  EXPECT_EQ(results[0].makespan_ps, 20 * kCyclePs);
  EXPECT_EQ(results[1].makespan_ps, makespan_cycles(*analyzer, faster) * kCyclePs);
  EXPECT_EQ(results[2].makespan_ps, results[0].makespan_ps);
}

TEST(Granularity, BlockNeedsTwoIntegers) {
  const ClsaSystem system(with_activation());
  EXPECT_THROW(system.clsa({{"granularity", "block"}, {"block", std::vector<std::int64_t>{4}}}),
               Error);
}

TEST(LockStep, AStepWaitsForTheInputsOfAllItsServers) {
  // B's rows 0 and 1 share a step, so both wait until A's row 1 is there at 8, rows 2 and 3 until
  // 16: B runs (8,12) and (16,20). Independent servers would start row 0 at 4.
  const ClsaSystem system(with_activation(), 1);
  FakeCostModel cost(system.workload());  // crossbars that advance together, as banks do
  cost.clock = {0, kCyclePs};
  cost.servers_in_lock_step = true;
  Context context = system.context();
  context.cost = &cost;
  Design design = system.design();
  design.placement(operator_id(2)).copies = 2;
  const auto analyzer =
      plugin::make_instance<OverlapAnalyzer>(configure("imbrex.overlap.clsa-cim"), context);
  Detail detail;
  EXPECT_EQ(makespan_cycles(*analyzer, design, &detail), 20);
  ASSERT_EQ(detail.jobs.size(), 8u);
  for (const TimedJob& job : detail.jobs) {
    if (job.id == operator_id(2)) {
      EXPECT_EQ(job.start_ps, (job.step == 0 ? 8 : 16) * kCyclePs) << "server " << job.server;
    }
  }
}

TEST(LoopNest, SplitChannelsMakeRowsWholeOnlyInTheirLastPass) {
  // A's 8 output channels in two temporal halves outside of its rows: no row is whole before the
  // second half, whose rows end at 20, 24, 28, 32. B follows one row behind: (32,36).
  const ClsaSystem system(with_activation());
  Design design = system.design();
  Mapping mapping;
  mapping.loops[0] = {Dim::K, LoopKind::temporal, 0, 2};
  mapping.loops[1] = {Dim::P, LoopKind::temporal, 0, 4};
  mapping.count = 2;
  mapping.outer = 2;
  mapping.job_extent = {1, 1, 4, 8, 1, 4, 1, 1};
  design.mapping(operator_id(0)) = mapping;
  EXPECT_EQ(makespan_cycles(*system.clsa(implementation("auto")), design), 36);
  EXPECT_THROW(makespan_cycles(*system.clsa(implementation("availability")), design), InputError);
}

}  // namespace
}  // namespace imbrex::test
