// Pairs against whole designs of the two layers, where pairs take other ways: edges that do not
// separate, candidates that are producers, data spaces dealt anew singly and as whole tiles. The
// producer has no producer of its own, so it never waits and the network ends with the later end.
#include "deal_kit.hpp"
#include "pair_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr std::uint64_t kSeed = 20241122;
constexpr DealingCosts kFreeMoves;
constexpr DealingCosts kWholeTiles{.whole_tiles = true};

// Convolution, then a movement that mixes axes, then a mapped layer.
enum class Mix : std::uint8_t { flatten, split_heads, transpose_and_merge, shuffle, concat_halves };
constexpr Mix kMixes[] = {Mix::flatten, Mix::split_heads, Mix::transpose_and_merge, Mix::shuffle,
                          Mix::concat_halves};

TensorId mix(WorkloadBuilder& builder, TensorId from, Mix how) {
  switch (how) {
    case Mix::flatten:  // [1, 4, 4, 2] -> [1, 32], as before a classifier
      return builder.dense("second", builder.reshape("flatten", from, Shape{2, {1, 32}}), 3);
    case Mix::split_heads: {  // channels to (head, depth)
      const TensorId heads = builder.reshape("heads", from, Shape{5, {1, 2, 2, 4, 2}});
      const TensorId merged = builder.reshape("merge", heads, Shape{4, {2, 2, 4, 2}});
      return builder.dense("second", merged, 3);
    }
    case Mix::transpose_and_merge: {
      constexpr std::int64_t kOrder[] = {0, 2, 3, 1};
      const TensorId last = builder.transpose("to_last", from, kOrder);
      return builder.dense("second", builder.reshape("merge", last, Shape{3, {1, 8, 4}}), 5);
    }
    case Mix::shuffle: {
      ConvolutionParams params;
      params.output_channels = 2;
      params.window.kernel = {3, 1};
      return builder.convolution("second", builder.depth_to_space("shuffle", from, 2), params);
    }
    case Mix::concat_halves: {  // two ways to the same producer
      const TensorId halves[] = {builder.slice("low", from, 2, 0, 2),
                                 builder.slice("high", from, 2, 2, 4)};
      ConvolutionParams params;
      params.output_channels = 2;
      return builder.convolution("second", builder.concat("swap", halves, 1), params);
    }
  }
  throw std::logic_error("no such mix");
}

Workload mixed(Mix how) {
  WorkloadBuilder builder("mixed");
  ConvolutionParams params;
  params.output_channels = 4;
  const TensorId in = builder.input("in", Shape{4, {1, 3, 4, 2, 1, 1}});
  mix(builder, builder.convolution("first", in, params), how);
  return builder.finish();
}

RandomNestOptions nests(int number) {
  RandomNestOptions options;
  options.imperfect = number % 3 == 2;
  options.max_splits = 2;
  return options;
}

std::int64_t alone_ps(const PairSystem& system, OperatorId op, const Mapping& mapping) {
  return LoopNest(system.workload->at(op).bounds, mapping).steps() *
         system.cost.clock_of(op).fixed_ps;
}

// What a stage that deals anew where it pays comes to.
std::int64_t dealt_ps(const PairSystem& system, const Mapping& producer, const Mapping& consumer,
                      const DealingCosts& costs) {
  const Design in_order = system.mapped(producer, consumer);
  const Design dealt = dealt_anew(in_order, system.context.machine(), {}, costs);
  return std::min(system.makespan_ps(kFast, in_order), system.makespan_ps(kFast, dealt));
}

// Imperfect factors leave empty jobs. The whole design deals the producer anew as well, which
// closes those gaps but changes the order in which outputs appear: the network may end sooner or
// later than the pair with an untouched producer, yet never later than overlapped.
void expect_transformed(const PairSystem& system, const Mapping& producer, const Mapping& consumer,
                        const PairResult& pair, int number) {
  const std::int64_t producer_ps = alone_ps(system, system.producer, producer);
  const std::int64_t whole_ps = dealt_ps(system, producer, consumer, kFreeMoves);
  ASSERT_LE(pair.transformed_end_ps, pair.end_ps);
  ASSERT_LE(whole_ps, std::max(pair.end_ps, producer_ps));
  if (!nests(number).imperfect) {
    ASSERT_EQ(whole_ps, std::max(pair.transformed_end_ps, producer_ps));
  }
}

class MixedPairs : public ::testing::TestWithParam<Mix> {};

TEST_P(MixedPairs, EndWhenTheWholeDesignEnds) {
  Random random(kSeed, static_cast<std::uint64_t>(GetParam()));
  int overlapped = 0;
  for (int number = 0; number < 150; ++number) {
    PairSystem system(mixed(GetParam()));
    system.clock(random.between(1, 9), random.between(1, 9));
    system.cost.movement_delay_ps = random.between(0, 3);
    const Mapping producer = random_nest(system.from().bounds, nests(number), random);
    const Mapping consumer = random_nest(system.to().bounds, nests(number), random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const std::int64_t producer_ps = alone_ps(system, system.producer, producer);
    for (const char* method : {"auto", "digit-walk", "tables", "separable"}) {
      const PairResult result = system.pair(kFast, producer, consumer, {{"method", method}});
      ASSERT_EQ(std::max(result.end_ps, producer_ps),
                system.makespan_ps(kPairwise, producer, consumer))
          << method;
      ASSERT_EQ(result.end_ps, system.pair(kPairwise, producer, consumer).end_ps);
      ASSERT_EQ(result.offset_ps, system.pair(kPairwise, producer, consumer).offset_ps);
    }
    overlapped += system.makespan_ps(kFast, producer, consumer) <
                          producer_ps + alone_ps(system, system.consumer, consumer)
                      ? 1
                      : 0;
  }
  EXPECT_GT(overlapped, 0) << "every consumer waited for everything: nothing was compared";
}

// Dealt anew singly at no cost: the pair's closed form is what the whole design comes to.
TEST_P(MixedPairs, TransformLikeTheWholeDesign) {
  Random random(kSeed, 100 + static_cast<std::uint64_t>(GetParam()));
  for (int number = 0; number < 100; ++number) {
    PairSystem system(mixed(GetParam()));
    system.clock(random.between(1, 9), random.between(1, 9));
    const Mapping producer = random_nest(system.from().bounds, nests(number), random);
    const Mapping consumer = random_nest(system.to().bounds, nests(number), random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult result = system.pair(kFast, producer, consumer, {}, 0, &kFreeMoves);
    ASSERT_NO_FATAL_FAILURE(expect_transformed(system, producer, consumer, result, number));
  }
}

std::string name_of(const ::testing::TestParamInfo<Mix>& info) {
  constexpr std::array<const char*, 5> kNames = {"Flatten", "SplitHeads", "TransposeAndMerge",
                                                 "Shuffle", "ConcatHalves"};
  return kNames[static_cast<std::size_t>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(Movements, MixedPairs, ::testing::ValuesIn(kMixes), name_of);

TEST(PairDesigns, TransformedEndIsThatOfTheWholeDesign) {
  Random random(kSeed, 200);
  int dealt = 0;
  for (int number = 0; number < 300; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    const Mapping producer = random_nest(system.from().bounds, nests(number), random);
    const Mapping consumer = random_nest(system.to().bounds, nests(number), random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult result = system.pair(kFast, producer, consumer, {}, 0, &kFreeMoves);
    ASSERT_NO_FATAL_FAILURE(expect_transformed(system, producer, consumer, result, number));
    dealt += result.transformed_end_ps < result.end_ps ? 1 : 0;
  }
  EXPECT_GT(dealt, 10);
}

// Pairs judge whole tiles as they are: never earlier than the design that deals them anew.
TEST(PairDesigns, WholeTilesAreJudgedUndealt) {
  Random random(kSeed, 201);
  int later = 0;
  for (int number = 0; number < 300; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    const Mapping producer = random_nest(system.from().bounds, nests(number), random);
    const Mapping consumer = random_nest(system.to().bounds, nests(number), random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult result = system.pair(kFast, producer, consumer, {}, 0, &kWholeTiles);
    ASSERT_EQ(result.transformed_end_ps, result.end_ps);
    const std::int64_t pair_ps =
        std::max(result.end_ps, alone_ps(system, system.producer, producer));
    const std::int64_t whole_ps = dealt_ps(system, producer, consumer, kWholeTiles);
    ASSERT_LE(whole_ps, pair_ps);
    later += whole_ps < pair_ps ? 1 : 0;
  }
  EXPECT_GT(later, 0) << "dealing whole tiles anew never paid";
}

TEST(PairDesigns, CandidatesThatAreProducersEndLikeWholeDesigns) {
  Random random(kSeed, 202);
  for (int number = 0; number < 120; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    system.cost.transfer_cost.latency_ps = random.between(0, 3);
    const Mapping consumer = random_nest(system.to().bounds, nests(number), random);
    std::vector<Mapping> producers;
    for (int candidate = 0; candidate < 12; ++candidate) {
      producers.push_back(random_nest(system.from().bounds, nests(candidate), random));
    }
    producers.push_back(nest({temporal(Dim::P, 1)}, {}));  // computes too little
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    for (const std::string_view component : {kFast, kPairwise}) {
      const PairBatch batch{
          &system.design, system.producer, system.consumer, true, &consumer, producers, 0};
      std::vector<PairResult> results(producers.size());
      plugin::make_instance<OverlapAnalyzer>(configure(component), system.context)
          ->analyze_pairs(batch, results);
      for (std::size_t i = 0; i + 1 < producers.size(); ++i) {
        ASSERT_EQ(results[i].verdict, Verdict::feasible);
        ASSERT_EQ(std::max(results[i].end_ps, alone_ps(system, system.producer, producers[i])),
                  system.makespan_ps(component, producers[i], consumer));
        ASSERT_EQ(results[i].offset_ps, system.pair(component, producers[i], consumer).offset_ps);
      }
      EXPECT_EQ(results.back().verdict, Verdict::infeasible);
    }
  }
}

// Offsets of the producer's start shift a pair: consumers of later layers are judged at that clock.
TEST(PairDesigns, OffsetsDoNotDependOnTheProducersStart) {
  Random random(kSeed, 203);
  for (int number = 0; number < 100; ++number) {
    PairSystem system(build(random_pair(random)));
    system.clock(random.between(1, 9), random.between(1, 9));
    const Mapping producer = random_nest(system.from().bounds, {}, random);
    const Mapping consumer = random_nest(system.to().bounds, {}, random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    const PairResult far = system.pair(kFast, producer, consumer, {}, 1'000'000);
    const PairResult farther = system.pair(kFast, producer, consumer, {}, 2'000'000);
    if (far.offset_ps == -1'000'000) {  // needs nothing: starts at 0, however late the producer
      ASSERT_EQ(far.end_ps, farther.end_ps);
      continue;
    }
    ASSERT_EQ(far.offset_ps, farther.offset_ps);
    ASSERT_EQ(far.end_ps + 1'000'000, farther.end_ps);
  }
}

}  // namespace
}  // namespace imbrex::test
