// Which mappings imbrex.cost.bit-serial offers, and what it says of those that do not fit.
#include "dram_kit.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::DramSystem;
using test::one_convolution;
using test::slice;
using test::thrown;

// Every infeasible mapping has a capacity that it exceeds, and no other has.
TEST(BitSerialSpace, ExplainsExactlyTheMappingsThatAreInfeasible) {
  const DramSystem system(one_convolution(16, 16, 16, 3),
                          {{"rows", std::int64_t{4096}}, {"columns", std::int64_t{32}}});
  const OperatorId op = operator_id(0);
  const mapspace::MapSpace space(system.cost().map_space(op, slice(8)));
  Random random(5, 0);
  int infeasible = 0;
  for (int i = 0; i < 2000; ++i) {
    const Mapping mapping = space.sample(random);
    // On fewer banks than the mapping was made for, some have too many, too.
    const Placement placement = slice(i % 2 == 0 ? 8 : 2);
    const Verdict verdict = system.evaluate(op, placement, mapping).verdict;
    const auto shortfall = system.cost().shortfall(op, placement, mapping);
    ASSERT_EQ(shortfall.has_value(), verdict == Verdict::infeasible) << "trial " << i;
    if (shortfall) {
      ++infeasible;
      ASSERT_GT(shortfall->needed, shortfall->available) << "trial " << i;
    }
  }
  EXPECT_GT(infeasible, 100);
  EXPECT_LT(infeasible, 1900);
}

TEST(BitSerialSpace, NamesTheCapacityThatIsExceeded) {
  const DramSystem system(one_convolution(2, 4, 4, 1),
                          {{"rows", std::int64_t{512}}, {"columns", std::int64_t{8}}});
  const auto exceeded = [&](LoopKind kind, std::uint8_t level, std::int64_t banks) {
    Mapping m;
    m.loops[0] = {Dim::K, kind, level, 4};
    m.loops[1] = {Dim::Q, kind, level, 4};
    m.count = 2;
    m.outer = level <= 1 ? 2 : 0;
    m.job_extent = {1, 1, level <= 1 ? 1 : 4, 1, 1, level <= 1 ? 1 : 4, 1, 1};
    return system.cost().shortfall(operator_id(0), slice(banks), m);
  };
  const auto lanes = exceeded(LoopKind::spatial, 2, 1);
  ASSERT_TRUE(lanes);
  EXPECT_EQ(lanes->unit, "lane");
  EXPECT_EQ(lanes->needed, 16);
  EXPECT_EQ(lanes->available, 8);
  const auto banks = exceeded(LoopKind::spatial, 1, 4);
  ASSERT_TRUE(banks);
  EXPECT_EQ(banks->unit, "bank");
  EXPECT_EQ(banks->needed, 16);
  EXPECT_EQ(banks->available, 4);
  // One lane holds 16 sums of 32 bits, 4 weights and 4 inputs of 8 bits and 32 scratch rows:
  // 512 + 32 + 32 + 32.
  const auto rows = exceeded(LoopKind::temporal, 3, 1);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->unit, "row");
  EXPECT_EQ(rows->needed, 608);
  EXPECT_EQ(rows->available, 512);
}

std::vector<std::string> texts(std::initializer_list<const char*> constraints) {
  return {constraints.begin(), constraints.end()};
}

TEST(BitSerialSpace, ObeysItsConstraintsInSpaceAndCanonicalMapping) {
  const DramSystem free(one_convolution(16, 16, 16, 3));
  const DramSystem bound(one_convolution(16, 16, 16, 3), {},
                         {{"constraints", texts({"*: bank spatial dims = K", "*: bank spatial >= 4",
                                                 "*: bank temporal order = P Q"})}});
  const OperatorId op = operator_id(0);
  const mapspace::MapSpace all(free.cost().map_space(op, slice(8)));
  const mapspace::MapSpace some(bound.cost().map_space(op, slice(8)));
  ASSERT_FALSE(some.empty());
  EXPECT_LT(some.size(), all.size());
  Random random(9, 0);
  for (int i = 0; i <= 500; ++i) {
    const Mapping mapping =
        i == 0 ? bound.cost().canonical_mapping(op, slice(8), {}) : some.sample(random);
    std::int64_t banks = 1;
    bool other_step = false;
    for (const Loop& loop : mapping.all_loops()) {
      if (loop.level == 1 && loop.kind == LoopKind::spatial) {
        EXPECT_EQ(loop.dim, Dim::K);
        banks *= loop.bound;
      }
      if (loop.level == 1 && loop.kind == LoopKind::temporal) {
        const bool row_or_column = loop.dim == Dim::P || loop.dim == Dim::Q;
        EXPECT_FALSE(row_or_column && other_step) << "trial " << i;
        other_step = other_step || !row_or_column;
      }
    }
    EXPECT_GE(banks, 4) << "trial " << i;
    EXPECT_TRUE(all.contains(mapping)) << "trial " << i;
    if (i == 0) {  // whether a sample fits is the model's to say
      EXPECT_EQ(bound.evaluate(op, slice(8), mapping).verdict, Verdict::feasible);
    }
  }
}

TEST(BitSerialSpace, QuotesTheConstraintThatLeavesNothing) {
  for (const char* const text :
       {"o*: bank spatial K = 3", "o*: bank spatial >= 5", "o*: bank spatial dims = none"}) {
    const DramSystem system(one_convolution(16, 16, 16, 3), {},
                            {{"constraints", texts({"*: bank spatial >= 2", text})}});
    const std::string message = thrown<InfeasibleError>(
        [&] { system.cost().canonical_mapping(operator_id(0), slice(4), {}); });
    const bool floor = std::string(text).find("none") != std::string::npos;
    EXPECT_NE(message.find(floor ? "*: bank spatial >= 2" : text), std::string::npos) << message;
  }
}

TEST(BitSerialSpace, OffersImperfectFactors) {
  // 7 rows on 4 banks: perfect factors use one bank or seven.
  const DramSystem perfect(one_convolution(1, 1, 7, 1));
  const DramSystem imperfect(one_convolution(1, 1, 7, 1), {}, {{"imperfect", std::int64_t{1}}});
  const auto largest = [](const DramSystem& system) {
    const mapspace::MapSpace space(system.cost().map_space(operator_id(0), slice(4)));
    std::int64_t banks = 1;
    for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
      const Mapping mapping = space.at(i);
      EXPECT_NE(system.evaluate(operator_id(0), slice(4), mapping).verdict, Verdict::unsupported);
      std::int64_t used = 1;
      for (const Loop& loop : mapping.all_loops()) {
        used *= loop.level == 1 && loop.kind == LoopKind::spatial ? loop.bound : 1;
      }
      banks = std::max(banks, used);
    }
    return banks;
  };
  EXPECT_EQ(largest(perfect), 1);
  EXPECT_EQ(largest(imperfect), 4);
}

// Steps of a recurrence on one bank, several banks, several channels: one loop over all of them,
// temporal, and no temporal loop outside of it, in every mapping that is searched or canonical.
TEST(BitSerialChain, IsOneTemporalLoopOutermost) {
  for (const Dim dim : {Dim::N, Dim::P}) {
    WorkloadBuilder builder("chain");
    const TensorId data = builder.input("x", Shape{3, {6, 4, 8}});
    builder.chain(builder.dense("op", data, 16), dim);
    const auto network = std::make_shared<const Workload>(builder.finish());
    const DramSystem system(network, {{"channels", std::int64_t{4}}, {"banks", std::int64_t{4}}});
    const std::int64_t steps = network->operators()[0].bounds[dim];
    const auto expect_chain = [&](const Mapping& mapping) {
      bool before = false;  // a temporal loop
      std::int64_t bound = 1;
      for (const Loop& loop : mapping.all_loops()) {
        if (loop.dim == dim && loop.bound > 1) {
          ASSERT_EQ(loop.kind, LoopKind::temporal);
          ASSERT_FALSE(before);
          bound *= loop.bound;
        }
        before = before || (loop.dim != dim && loop.kind == LoopKind::temporal);
      }
      ASSERT_EQ(bound, steps);
      ASSERT_EQ(mapping.job_extent[index(dim)], 1);
    };
    for (const std::int64_t units : {1, 4, 8}) {
      SCOPED_TRACE(units);
      const mapspace::MapSpace space(system.cost().map_space(operator_id(0), slice(units)));
      ASSERT_FALSE(space.empty());
      Random random(1, static_cast<std::uint64_t>(units));
      for (int i = 0; i < 50; ++i) {
        expect_chain(space.sample(random));
      }
      for (const auto kind : {JobShape::Kind::row, JobShape::Kind::pixel, JobShape::Kind::layer}) {
        const Mapping mapping =
            system.cost().canonical_mapping(operator_id(0), slice(units), {kind});
        expect_chain(mapping);
        EXPECT_TRUE(space.contains(mapping));
      }
    }
  }
}

}  // namespace
}  // namespace imbrex
