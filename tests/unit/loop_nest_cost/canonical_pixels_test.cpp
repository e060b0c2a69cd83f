// Mappings of imbrex.cost.loop-nest that spread positions, by hand: what elements of the array and
// multiply-accumulates of an element take.
#include "canonical_kit.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// 56 columns on 64 elements of 8: positions alone take 64 * 8 * 9 steps for a row of a layer of 64
// by 64 channels, all that 56 elements can do, and 64 elements can do it in no fewer than 7/8 of
// it.
TEST(CanonicalMapping, PixelsKeepChannelsOutOfElementsWherePositionsSuffice) {
  const ArraySystem system(kArray,
                           network("resnet18-full", {"cost.imperfect=true", "cost.spread=pixels"}));
  const OperatorId id = find(system, [](const Operator& op) {
    return op.bounds[Dim::Q] == 56 && op.bounds[Dim::C] == 64 && op.bounds[Dim::R] == 3;
  });
  const Mapping mapping = system.cost().canonical_mapping(id, of_units(64), {JobShape::Kind::row});
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::Q), 56);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::K), 1);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::C), 1);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 2, Dim::C), 8);  // the dot product
  EXPECT_EQ(system.evaluate(id, mapping, of_units(64)).latency_ps,
            std::int64_t{56} * 64 * 8 * 9 * 1000);
}

// 112 elements: half would idle with positions alone, so each column is shared by two elements.
TEST(CanonicalMapping, PixelsShareWhatIsLeftOverBetweenOutputChannels) {
  const ArraySystem system(kArray,
                           network("resnet18-full", {"cost.imperfect=true", "cost.spread=pixels"}));
  const OperatorId id = find(system, [](const Operator& op) {
    return op.bounds[Dim::Q] == 56 && op.bounds[Dim::C] == 64 && op.bounds[Dim::R] == 3;
  });
  const Mapping mapping = system.cost().canonical_mapping(id, of_units(112), {JobShape::Kind::row});
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::Q), 56);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::K), 2);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 1, Dim::C), 1);
}

TEST(CanonicalMapping, ElementsTakeReductionsFirst) {
  const ArraySystem system(kArray, network("resnet18-full", {"cost.spread=pixels"}));
  for (const OperatorId id : system.mapped()) {
    const Operator& op = system.workload().at(id);
    if (op.bounds[Dim::C] % 8 == 0) {
      const Mapping mapping =
          system.cost().canonical_mapping(id, of_units(64), {JobShape::Kind::row});
      EXPECT_EQ(product(mapping, LoopKind::spatial, 2, Dim::C), 8) << op.name;
    }
  }
}

// The input has 3 channels and the filter 7 columns: 3 of 8 with channels alone, 7 with columns.
TEST(CanonicalMapping, ElementsTakeFilterColumnsWhereChannelsAreFew) {
  const ArraySystem system(kArray,
                           network("resnet18-full", {"cost.spread=pixels", "cost.imperfect=true"}));
  const OperatorId stem = system.mapped().front();
  const Mapping mapping =
      system.cost().canonical_mapping(stem, of_units(112), {JobShape::Kind::row});
  const std::int64_t filter = product(mapping, LoopKind::spatial, 2, Dim::R) *
                              product(mapping, LoopKind::spatial, 2, Dim::S);
  EXPECT_EQ(filter, 7);
  EXPECT_EQ(product(mapping, LoopKind::spatial, 2, Dim::K), 1);
}

}  // namespace
}  // namespace imbrex::test
