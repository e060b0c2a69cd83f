// Each kind of decision that no stage may make, and what fits or does not. The chip has 64 cells;
// one copy of A or B needs 2.
#include "run/admission.hpp"

#include "hand_made.hpp"
#include "run/stage_evaluator.hpp"

#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/values/work_order.hpp>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr OperatorId kA = operator_id(0);
constexpr OperatorId kB = operator_id(1);

// The reason, with "!" in front when the contract is broken; empty when the design is admitted.
std::string refused(HandMade& system, const Design& design) {
  const run::Admission admission(system.machine(), {});
  const std::optional<run::Refusal> refusal = admission.refusal(design);
  EXPECT_EQ(admission.admits(design), !refusal.has_value());
  return refusal ? (refusal->breaks_contract ? "!" : "") + refusal->reason : "";
}

TEST(Admission, TakesADesignThatNobodyTouched) {
  HandMade system;
  EXPECT_EQ(refused(system, system.design()), "");
}

// What is said of a design whose placements of A and B were changed.
template <class Change>
std::string placed(Change change) {
  HandMade system;
  Design design = system.design();
  change(design.placement(kA), design.placement(kB));
  return refused(system, design);
}

TEST(Admission, RefusesPlacements) {
  EXPECT_EQ(placed([](auto& a, auto&) { a.copies = 0; }),
            "!operator 'A' has 0 copies; it must have at least one");
  EXPECT_EQ(placed([](auto& a, auto&) { a.segment = -1; }),
            "!operator 'A' is in segment -1; segments start at 0");
  EXPECT_NE(placed([](auto& a, auto&) { a.dealing = static_cast<Dealing>(9); }).find("the way 9"),
            std::string::npos);
  EXPECT_EQ(placed([](auto& a, auto&) {
              a.copies = 4;
              a.units = 7;
            }),
            "!operator 'A' owns 7 resources for 4 copies of 2 each: too few");
  EXPECT_NE(placed([](auto& a, auto&) {
              a.segment = 1;
            }).find("'B' in segment 0 reads what 'A' makes in the later segment 1"),
            std::string::npos);
}

TEST(Admission, CountsResources) {
  EXPECT_EQ(placed([](auto& a, auto&) {
              a.copies = 4;
              a.units = 8;
            }),
            "");
  EXPECT_EQ(placed([](auto& a, auto&) { a.first_unit = 63; }),
            "!operator 'A' owns 2 resources from number 63 on; the chip has 64");
  EXPECT_EQ(placed([](auto& a, auto&) { a.first_unit = 62; }), "");
  EXPECT_NE(placed([](auto& a, auto& b) {
              a.first_unit = 4;
              b.first_unit = 5;
            }).find("own the same resource"),
            std::string::npos);
  // In segments of their own they take turns.
  EXPECT_EQ(placed([](auto& a, auto& b) {
              a.first_unit = 4;
              b = {1, 1, 0, Dealing::round_robin, 5};
            }),
            "");
  // 32 copies of A and one of B need 66.
  EXPECT_EQ(placed([](auto& a, auto&) { a.copies = 32; }),
            "the network needs 66 cells, the chip has 64: 2 too few; largest: 'A' 64 (32 copies of "
            "2), 'B' 2");
}

TEST(Admission, RefusesMappings) {
  HandMade system;
  const auto with = [&](const Mapping& mapping) {
    Design design = system.design();
    design.mapping(kA) = mapping;
    return refused(system, design);
  };
  const Mapping rows = system.machine().cost().canonical_mapping(kA, {}, {});
  EXPECT_EQ(with(rows), "");
  // What the cost model does for jobs of another shape is canonical, too.
  EXPECT_EQ(with(system.machine().cost().canonical_mapping(kA, {}, {JobShape::Kind::pixel})), "");
  EXPECT_EQ(with(system.machine().cost().canonical_mapping(kA, {}, {JobShape::Kind::block, 2, 3})),
            "");
  Mapping few = rows;
  few.loops[0].bound = 3;  // of 4 rows
  EXPECT_NE(with(few).find("do not cover its loop bounds"), std::string::npos);
  Mapping many = rows;
  many.count = 40;
  EXPECT_NE(with(many).find("!operator 'A' has a mapping"), std::string::npos);
  Mapping spatial = rows;
  spatial.loops[0].kind = LoopKind::spatial;
  EXPECT_NE(with(spatial).find("neither in its map space nor canonical"), std::string::npos);
}

// One slot that takes rows and columns, so that a nest of single positions is in the space.
MapSpaceSpec one_slot(const Workload& workload) {
  MapSlot steps;
  steps.name = "steps";
  MapSlot inside;
  inside.name = "inside";
  inside.level = 1;
  inside.outer = false;
  return {workload.at(kA).bounds, {steps, inside}, {}, {}};
}

TEST(Admission, AsksForTheConstraintsOfTheRecipe) {
  HandMade system;
  answers().space = one_slot(*system.workload());
  EXPECT_EQ(refused(system, system.design()), "");
  // The hardware's own limits leave canonical mappings alone.
  answers().space.factors = {{Dim::P, 0, 1, 1, ""}};
  EXPECT_EQ(refused(system, system.design()), "");
  answers().space.factors = {{Dim::P, 0, 1, 1, "constraint \"*: steps P = 1\""}};
  EXPECT_EQ(
      refused(system, system.design()),
      "operator 'A' has no mapping, and the canonical one is against constraint \"*: steps P = "
      "1\"");
  Design mapped = system.design();
  mapped.mapping(kA) = system.machine().cost().canonical_mapping(kA, {}, {});
  EXPECT_EQ(refused(system, mapped),
            "!operator 'A' has a mapping against constraint \"*: steps P = 1\"");
}

TEST(Admission, AsksTheCostModelForItsVerdict) {
  HandMade system;
  answers().layer->verdict = Verdict::infeasible;
  EXPECT_EQ(
      refused(system, system.design()),
      "operator 'A' has no mapping, and the canonical one does not fit: the cost model refuses "
      "it");
  Score score;
  const Design design = system.design();
  const Design* const one = &design;
  run::StageEvaluator evaluator(system.machine(), system.analyzer(), Objective::latency,
                                system.host());
  evaluator.score({&one, 1}, {&score, 1});
  EXPECT_EQ(score.verdict, Verdict::infeasible);
  EXPECT_FALSE(evaluator.best().has_value());
}

TEST(Admission, KeepsVerdictsPerPlacementAndMapping) {
  HandMade system;
  int asked = 0;
  answers().when_evaluated = [&] { ++asked; };
  const run::Admission admission(system.machine(), {});
  Design design = system.design();
  design.mapping(kA) = system.machine().cost().canonical_mapping(kA, {}, {});
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(admission.admits(design));
  }
  EXPECT_EQ(asked, 2);  // A once, B once
  design.placement(kA).copies = 2;
  EXPECT_TRUE(admission.admits(design));
  EXPECT_EQ(asked, 3);
  // The same nest with something else behind its last loop is the same nest.
  design.mapping(kA)->loops[20].bound = 5;
  EXPECT_TRUE(admission.admits(design));
  EXPECT_EQ(asked, 3);
}

TEST(Admission, RefusesJobsDealtForAnotherMapping) {
  HandMade system;
  Design design = system.design();
  DealtOrder dealt;
  dealt.mapping = system.machine().cost().canonical_mapping(kA, {}, {});
  dealt.jobs = {{0, 0}, {1, 0}, {2, 0}, {3, 0}};
  dealt.first_job = {0, 4};
  design.set_dealt_order(kA, std::make_shared<const DealtOrder>(dealt));
  EXPECT_EQ(refused(system, design), "");
  design.mapping(kA) = system.machine().cost().canonical_mapping(kA, {}, {JobShape::Kind::pixel});
  EXPECT_NE(refused(system, design).find("dealt for another mapping"), std::string::npos);
  design.mapping(kA).reset();
  dealt.jobs[3].step = 2;  // twice, and 3 never
  design.set_dealt_order(kA, std::make_shared<const DealtOrder>(dealt));
  EXPECT_NE(refused(system, design).find("!operator 'A' has jobs dealt anew"), std::string::npos);
}

TEST(Admission, ChecksFloorPlansAgainstPlacements) {
  HandMade system;
  FloorPlan plan;
  plan.stages = {kA, kB};
  plan.layout = spatial::blocked_1d(8, 8, std::vector<std::int64_t>{4, 4});
  plan.hand_overs = {{kA, kB, FlowPattern::one_to_one, 32, 4, 8}};
  const auto with = [&](auto change) {
    Design design = system.design();
    FloorPlan changed = plan;
    change(changed);
    design.set_floor_plans({changed});
    return refused(system, design);
  };
  EXPECT_EQ(with([](FloorPlan&) {}), "");
  EXPECT_NE(with([](FloorPlan& p) { p.segment = 1; }).find("which is in segment 0"),
            std::string::npos);
  EXPECT_NE(with([](FloorPlan& p) { p.stages[1] = kA; }).find("twice"), std::string::npos);
  EXPECT_NE(with([](FloorPlan& p) {
              p.layout = spatial::blocked_1d(9, 8, std::vector<std::int64_t>{4, 4});
            }).find("9 x 8 elements; the array has 8 x 8"),
            std::string::npos);
  EXPECT_NE(with([](FloorPlan& p) { p.layout.stage_of[3] = 2; }).find("works for stage 2 of 2"),
            std::string::npos);
  EXPECT_NE(with([](FloorPlan& p) { p.hand_overs[0].words = -1; }).find("has -1 words"),
            std::string::npos);
  EXPECT_NE(with([](FloorPlan& p) {
              p.hand_overs[0].consumer = operator_id(7);
            }).find("not between two of its stages"),
            std::string::npos);
}

TEST(EvaluatorMisuse, IsTheStagesFault) {
  HandMade system;
  const Workload other = two_layers();
  run::EvaluatorOptions options;
  options.stage.where = "stage 1 (acme.search.x)";
  run::StageEvaluator evaluator(system.machine(), system.analyzer(), Objective::latency,
                                system.host(), options);
  const Design design = system.design();
  const Design foreign(std::make_shared<const Workload>(two_layers()));
  const Design* designs[] = {&design, &foreign, nullptr};
  std::vector<Score> scores(3);
  const auto blamed = [&](std::size_t first, std::size_t count, std::size_t room) {
    return thrown<BlamedError>([&] {
      evaluator.score(std::span(designs).subspan(first, count), std::span(scores).first(room));
    });
  };
  EXPECT_EQ(blamed(0, 1, 2),
            "stage 1 (acme.search.x): asked to score 1 designs with room for 2 scores");
  EXPECT_NE(blamed(1, 1, 1).find("another workload"), std::string::npos);
  EXPECT_NE(blamed(2, 1, 1).find("null"), std::string::npos);
  EXPECT_EQ(blamed(0, 1, 1), "");
  std::vector<LayerCost> costs(1);
  Mapping mapping;
  EXPECT_NE(thrown<BlamedError>([&] {
              evaluator.score_layer(operator_id(5), {}, {&mapping, 1}, costs);
            }).find("operator 5"),
            std::string::npos);
  mapping.count = 33;
  EXPECT_NE(thrown<BlamedError>([&] {
              evaluator.score_layer(kA, {}, {&mapping, 1}, costs);
            }).find("with 33 loops"),
            std::string::npos);
  PairBatch batch;
  EXPECT_NE(thrown<BlamedError>([&] { evaluator.score_pairs(batch, {}); }).find("pairs without"),
            std::string::npos);
}

}  // namespace
}  // namespace imbrex::test
