// One edge: worked examples of specification fast-overlapim section 8 through the shipped
// analyzers, and every way to the end of a random pair against the pairwise comparison.
#include "deal_kit.hpp"
#include "overlapim_examples.hpp"
#include "pair_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr std::uint64_t kSeed = 20240630;
constexpr DealingCosts kFreeMoves;

Window rows_only(std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
  Window window;
  window.kernel = {kernel, 1};
  window.stride = {stride, 1};
  window.pad_begin = window.pad_end = {pad, 0};
  return window;
}

// Example A: partial sums and a halo.
TEST(Pairs, WorkedExampleA) {
  PairShape shape;
  shape.mid_channels = 4;
  shape.rows = 4;
  shape.in_channels = 2;
  shape.second = rows_only(3, 1, 1);
  PairSystem system(build(shape));
  system.clock(1, 2);
  const Mapping producer = example_a_producer();
  const Mapping consumer = nest({temporal(Dim::P, 4)}, {{Dim::C, 4}, {Dim::R, 3}});
  for (const std::string_view component : {kFast, kPairwise}) {
    const PairResult result = system.pair(component, producer, consumer);
    EXPECT_EQ(result.end_ps, 14);
    EXPECT_EQ(result.offset_ps, 6);  // max of 4-0, 8-2, 8-4, 8-6
    EXPECT_EQ(system.makespan_ps(component, producer, consumer), 14);
  }
}

// Example B: a spatial loop outside a temporal one.
TEST(Pairs, WorkedExampleB) {
  PairShape shape;
  shape.rows = 8;
  shape.second = rows_only(3, 1, 1);
  PairSystem system(build(shape));
  system.clock(1, 1);
  const Mapping producer = example_b_producer();
  const Mapping consumer = nest({temporal(Dim::P, 8)}, {{Dim::R, 3}});
  const LoopNest first(system.from().bounds, producer);
  const LoopNest second(system.to().bounds, consumer);
  for (std::int64_t step = 0; step < 8; ++step) {
    const Region needed = system.workload->input_region(system.consumer, 0, second.box(step, 0));
    EXPECT_EQ(first.ready_step(system.from(), needed), kExampleBReadySteps[step]) << step;
  }
  EXPECT_EQ(system.pair(kFast, producer, consumer).end_ps, 10);
  EXPECT_EQ(system.pair(kPairwise, producer, consumer).end_ps, 10);
}

// Example D: stride 2, and dealing anew.
TEST(Pairs, WorkedExampleD) {
  PairShape shape;
  shape.in_channels = 4;
  shape.mid_channels = 4;
  shape.rows = 8;
  shape.second = rows_only(3, 2, 1);
  PairSystem system(build(shape));
  system.clock(3, 4);
  const Mapping producer = example_d_producer();
  const Mapping consumer = nest({temporal(Dim::P, 2), temporal(Dim::C, 2), spatial(Dim::P, 2)},
                                {{Dim::C, 2}, {Dim::R, 3}});
  for (const char* method : {"auto", "digit-walk", "tables", "separable"}) {
    const PairResult result =
        system.pair(kFast, producer, consumer, {{"method", method}}, 0, &kFreeMoves);
    EXPECT_EQ(result.end_ps, 36) << method;
    EXPECT_EQ(result.transformed_end_ps, 34) << method;
  }
  EXPECT_EQ(system.pair(kPairwise, producer, consumer).end_ps, 36);
  EXPECT_EQ(system.makespan_ps(kFast, producer, consumer), 36);
  const Design dealt = dealt_anew(system.mapped(producer, consumer), system.context.machine(), {});
  for (const std::string_view component : {kFast, kPairwise}) {
    EXPECT_EQ(system.makespan_ps(component, dealt), 34);
  }
}

// O8: equal pixel loops overlap but for one step; reduction outermost overlaps almost nothing.
TEST(Pairs, DegenerateNests) {
  PairShape shape;
  shape.in_channels = 4;
  shape.rows = 5;
  shape.columns = 3;
  PairSystem system(build(shape));
  system.clock(7, 7);
  const Mapping pixels = nest({temporal(Dim::P, 5), temporal(Dim::Q, 3)}, {{Dim::C, 4}});
  const Mapping consumer = nest({temporal(Dim::P, 5), temporal(Dim::Q, 3)}, {});
  EXPECT_EQ(system.pair(kFast, pixels, consumer).end_ps, (15 + 1) * 7);
  const Mapping late = nest({temporal(Dim::C, 4), temporal(Dim::P, 5), temporal(Dim::Q, 3)}, {});
  EXPECT_EQ(system.pair(kFast, late, consumer).end_ps, (45 + 16) * 7);
}

TEST(Pairs, DelaysAndStartsShiftArrivals) {
  PairShape shape;
  shape.rows = 4;
  PairSystem system(build(shape));
  system.clock(5, 5);
  system.cost.clocks.at(system.producer).completion_ps = 3;
  system.cost.transfer_cost.latency_ps = 4;
  const Mapping rows = nest({temporal(Dim::P, 4)}, {});
  for (const std::string_view component : {kFast, kPairwise}) {
    const PairResult result = system.pair(component, rows, rows, {}, 100);
    EXPECT_EQ(result.offset_ps, 5 + 3 + 4);
    EXPECT_EQ(result.end_ps, 100 + 12 + 20);
  }
}

TEST(Pairs, IllegalMappingsAndCopiesAreVerdicts) {
  PairShape shape;
  shape.rows = 4;
  PairSystem system(build(shape));
  const Mapping rows = nest({temporal(Dim::P, 4)}, {});
  const Mapping too_few = nest({temporal(Dim::P, 3)}, {});
  for (const std::string_view component : {kFast, kPairwise}) {
    EXPECT_EQ(system.pair(component, rows, too_few).verdict, Verdict::infeasible);
    EXPECT_EQ(system.pair(component, too_few, rows).verdict, Verdict::infeasible);
    system.design.placement(system.consumer).copies = 2;
    EXPECT_EQ(system.pair(component, rows, rows).verdict, Verdict::unsupported);
    system.design.placement(system.consumer).copies = 1;
  }
}

// End, offset and transformed end of random pairs, by all ways.
TEST(Pairs, SeparableFormAndConvolutionEqualListing) {
  Random random(kSeed, 1);
  for (int number = 0; number < 1500; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    system.cost.transfer_cost.latency_ps = random.between(0, 3);
    system.cost.movement_delay_ps = random.between(0, 3);
    RandomNestOptions options;
    options.imperfect = number % 2 == 1;
    options.max_splits = 2;
    const Mapping producer = random_nest(system.from().bounds, options, random);
    const Mapping consumer = random_nest(system.to().bounds, options, random);
    const std::int64_t start_ps = random.between(0, 20);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult compared = system.pair(kPairwise, producer, consumer, {}, start_ps);
    for (const char* holes : {"box", "exact"}) {
      const auto fast = [&](const char* method) {
        return system.pair(kFast, producer, consumer, {{"method", method}, {"holes", holes}},
                           start_ps, &kFreeMoves);
      };
      const PairResult listed = fast("digit-walk");
      const PairResult separated = fast("separable");
      if (std::string_view(holes) == "box") {
        ASSERT_EQ(listed.end_ps, compared.end_ps);
        ASSERT_EQ(listed.offset_ps, compared.offset_ps);
        ASSERT_EQ(separated.end_ps, compared.end_ps);
        ASSERT_EQ(separated.offset_ps, compared.offset_ps);
        ASSERT_EQ(separated.transformed_end_ps, listed.transformed_end_ps);
        ASSERT_EQ(fast("tables").end_ps, compared.end_ps);
      } else {
        ASSERT_LE(separated.end_ps, compared.end_ps);
        ASSERT_LE(separated.offset_ps, compared.offset_ps);
      }
      ASSERT_LE(separated.transformed_end_ps, separated.end_ps);
    }
  }
}

// The pair's end is the network's where the producer starts at 0 and never waits.
TEST(Pairs, EndIsTheMakespanOfTheTwoLayers) {
  Random random(kSeed, 2);
  for (int number = 0; number < 300; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    const Mapping producer = random_nest(system.from().bounds, {}, random);
    const Mapping consumer = random_nest(system.to().bounds, {}, random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult result = system.pair(kFast, producer, consumer);
    const std::int64_t producer_ps = LoopNest(system.from().bounds, producer).steps() *
                                     system.cost.clocks.at(system.producer).fixed_ps;
    ASSERT_EQ(system.makespan_ps(kFast, producer, consumer), std::max(result.end_ps, producer_ps));
  }
}

}  // namespace
}  // namespace imbrex::test
