#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_constraints.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

const std::vector<std::string> kSlots{"bank temporal", "bank spatial", "lanes spatial"};

Workload two_layers() {
  WorkloadBuilder builder("two layers");
  ConvolutionParams params;
  params.output_channels = 16;
  params.window.kernel = {3, 3};
  params.window.pad_begin = params.window.pad_end = {1, 1};
  const TensorId image = builder.input("image", {4, {1, 8, 12, 12, 1, 1}});
  const TensorId first = builder.convolution("conv1", image, params);
  builder.convolution("conv2", builder.activation("relu", first), params);
  return builder.finish();
}

MapSpaceSpec space_of(const Operator& op) {
  MapSpaceSpec spec;
  spec.bounds = op.bounds;
  spec.slots.resize(3);
  spec.slots[0].name = kSlots[0];
  spec.slots[1].name = kSlots[1];
  spec.slots[1].kind = LoopKind::spatial;
  spec.slots[1].fanout = 16;
  spec.slots[2].name = kSlots[2];
  spec.slots[2].kind = LoopKind::spatial;
  spec.slots[2].level = 1;
  spec.slots[2].fanout = 1 << 20;
  return spec;
}

class MapConstraintsTest : public testing::Test {
 protected:
  MapSpaceSpec constrained(const std::vector<std::string>& texts, std::size_t op = 0) const {
    MapSpaceSpec spec = space_of(workload_.operators()[op]);
    mapspace::MapConstraints(texts, workload_, kSlots).apply(workload_.operators()[op], spec);
    return spec;
  }
  std::string error_of(const std::string& text) const {
    try {
      constrained({text});
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  Workload workload_ = two_layers();
};

TEST_F(MapConstraintsTest, DimsLimitASlot) {
  const MapSpaceSpec spec = constrained({"*: bank spatial dims = K P"});
  EXPECT_EQ(spec.slots[1].dims, dim_bit(Dim::K) | dim_bit(Dim::P));
  EXPECT_EQ(spec.slots[0].dims, kAllDims);
}

TEST_F(MapConstraintsTest, NoneForbidsAllLoops) {
  EXPECT_EQ(constrained({"*: lanes spatial dims = none"}).slots[2].dims, 0);
}

TEST_F(MapConstraintsTest, FactorsAreFixedOrBounded) {
  const MapSpaceSpec spec =
      constrained({"*: bank spatial K = 4", "*: bank spatial P <= 2", "*: bank temporal C >= 2"});
  ASSERT_EQ(spec.factors.size(), 3u);
  EXPECT_EQ(spec.factors[0].minimum, 4);
  EXPECT_EQ(spec.factors[0].maximum, 4);
  EXPECT_EQ(spec.factors[1].minimum, 1);
  EXPECT_EQ(spec.factors[1].maximum, 2);
  EXPECT_EQ(spec.factors[2].slot, 0u);
  EXPECT_EQ(spec.factors[2].minimum, 2);
}

TEST_F(MapConstraintsTest, EveryMappingOfTheSpaceObeys) {
  const mapspace::MapSpace space(
      constrained({"*: bank spatial K = 4", "*: bank spatial >= 8", "*: lanes spatial dims = C R S",
                   "*: bank temporal order = P Q"}));
  ASSERT_FALSE(space.empty());
  Random random(11, 0);
  for (int trial = 0; trial < 300; ++trial) {
    const Mapping mapping = space.sample(random);
    std::int64_t banks = 1;
    std::int64_t k = 1;
    std::vector<Dim> temporal;
    for (const Loop& loop : mapping.all_loops()) {
      if (loop.kind == LoopKind::temporal) {
        temporal.push_back(loop.dim);
      } else if (loop.level == 0) {
        banks *= loop.bound;
        k *= loop.dim == Dim::K ? loop.bound : 1;
      } else {
        EXPECT_TRUE(loop.dim == Dim::C || loop.dim == Dim::R || loop.dim == Dim::S);
      }
    }
    EXPECT_EQ(k, 4);
    EXPECT_GE(banks, 8);
    EXPECT_LE(banks, 16);
    const auto position = [&](Dim d) {
      return std::find(temporal.begin(), temporal.end(), d) - temporal.begin();
    };
    const auto last = static_cast<std::ptrdiff_t>(temporal.size());
    if (position(Dim::P) < last) {
      EXPECT_EQ(position(Dim::P), 0);
    } else if (position(Dim::Q) < last) {
      EXPECT_EQ(position(Dim::Q), 0);
    }
  }
}

TEST_F(MapConstraintsTest, PatternsChooseOperators) {
  const std::vector<std::string> texts{"conv2: bank spatial K = 4"};
  EXPECT_TRUE(constrained(texts, 0).factors.empty());
  EXPECT_EQ(constrained(texts, 2).factors.size(), 1u);
}

TEST_F(MapConstraintsTest, SlotsThatAPlacementLacksAreIgnored) {
  MapSpaceSpec spec = space_of(workload_.operators()[0]);
  spec.slots.pop_back();
  const std::vector<std::string> texts{"*: lanes spatial K = 4"};
  mapspace::MapConstraints(texts, workload_, kSlots).apply(workload_.operators()[0], spec);
  EXPECT_TRUE(spec.factors.empty());
}

TEST_F(MapConstraintsTest, EmptySpaceNamesTheConstraint) {
  const mapspace::MapSpace space(constrained({"*: bank spatial K = 5"}));
  EXPECT_TRUE(space.empty());
  const auto size_with = [&](const std::vector<std::string>& texts) {
    return mapspace::decimal(mapspace::MapSpace(constrained(texts)).size());
  };
  EXPECT_EQ(space.why_empty(),
            "no mapping satisfies constraint \"*: bank spatial K = 5\"; with K = "
            "4 there are " +
                size_with({"*: bank spatial K = 4"}) + "; without it there are " + size_with({}));
}

TEST_F(MapConstraintsTest, UnknownSlotProposesTheNearest) {
  EXPECT_EQ(error_of("*: bank spatail K = 4"),
            "constraint \"*: bank spatail K = 4\": there is no slot 'bank spatail'; did you mean "
            "'bank spatial'? The slots are 'bank temporal', 'bank spatial', 'lanes spatial'");
}

TEST_F(MapConstraintsTest, UnknownDimensionIsNamed) {
  EXPECT_EQ(error_of("*: bank spatial X = 4"),
            "constraint \"*: bank spatial X = 4\": 'X' is not a dimension; they are N, G, K, C, P, "
            "Q, R and S");
}

TEST_F(MapConstraintsTest, PatternWithoutOperatorProposesTheNearest) {
  EXPECT_EQ(error_of("cnov1: bank spatial K = 4"),
            "constraint \"cnov1: bank spatial K = 4\": no operator with multiply-accumulates "
            "matches it; did you mean 'conv1'?");
}

TEST_F(MapConstraintsTest, OtherTextShowsTheForms) {
  for (const char* text : {"bank spatial K = 4", "*: bank spatial", "*: bank spatial K ~ 4",
                           "*: bank spatial K = 4 5"}) {
    EXPECT_NE(error_of(text).find("OPERATORS: SLOT K = 4"), std::string::npos) << error_of(text);
  }
}

TEST_F(MapConstraintsTest, NumbersAreAtLeastOne) {
  EXPECT_EQ(error_of("*: bank spatial K = 0"),
            "constraint \"*: bank spatial K = 0\": '0' is not a number of at least 1");
}

TEST_F(MapConstraintsTest, ProductOfATemporalSlotIsRefused) {
  EXPECT_NE(error_of("*: bank temporal >= 4").find("'bank temporal' is temporal"),
            std::string::npos);
}

// Steps along P on temporal, spatial and inner temporal slots: 12 rows stay the outermost loop.
TEST_F(MapConstraintsTest, LeaveAChainItsOutermostTemporalLoop) {
  WorkloadBuilder builder("chain");
  ConvolutionParams params;
  params.output_channels = 4;
  const TensorId made = builder.convolution("op", builder.input("x", {4, {1, 2, 12, 3}}), params);
  builder.chain(made, Dim::P);
  const Workload workload = builder.finish();
  MapSpaceSpec spec = space_of(workload.operators()[0]);
  spec.slots.push_back(spec.slots[0]);
  spec.slots.back().name = "inner temporal";
  spec.slots.back().level = 2;
  spec.slots.back().outer = false;
  mapspace::MapConstraints({}, workload, kSlots).apply(workload.operators()[0], spec);
  const mapspace::MapSpace space(spec);
  ASSERT_FALSE(space.empty());
  std::size_t with_others = 0;
  for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
    const Mapping mapping = space.at(i);
    const Loop& first = mapping.loops[0];
    ASSERT_EQ(first.dim, Dim::P);
    ASSERT_EQ(first.kind, LoopKind::temporal);
    ASSERT_EQ(first.bound, 12);
    ASSERT_EQ(mapping.job_extent[index(Dim::P)], 1);
    with_others += mapping.count > 1 && mapping.loops[1].kind == LoopKind::temporal ? 1 : 0;
  }
  EXPECT_GT(with_others, 0u);
}

}  // namespace
}  // namespace imbrex
