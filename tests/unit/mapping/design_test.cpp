// Designs are values.
#include <imbrex/values/design.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return {4, {1, channels, rows, columns, 1, 1}};
}

std::shared_ptr<const Workload> two_layers() {
  WorkloadBuilder builder("two");
  const TensorId input = builder.input("x", image(3, 4, 4));
  ConvolutionParams params;
  params.output_channels = 8;
  builder.convolution("b", builder.convolution("a", input, params), params);
  return std::make_shared<const Workload>(builder.finish());
}

TEST(Design, StartsWithOneCopyNoMappingAndNoTimeline) {
  const Design design(two_layers());
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(design.placement(operator_id(i)), Placement{});
    EXPECT_EQ(design.placement(operator_id(i)).copies, 1);
    EXPECT_FALSE(design.mapping(operator_id(i)).has_value());
  }
  EXPECT_FALSE(design.timeline().has_value());
}

TEST(Design, CopiesShareTheWorkloadAndNothingElse) {
  Design original(two_layers());
  Design copy = original;
  copy.placement(operator_id(1)).copies = 5;
  copy.mapping(operator_id(0)) = Mapping{};
  copy.timeline() = Timeline{};
  EXPECT_EQ(&copy.workload(), &original.workload());
  EXPECT_EQ(original.placement(operator_id(1)).copies, 1);
  EXPECT_FALSE(original.mapping(operator_id(0)).has_value());
  EXPECT_FALSE(original.timeline().has_value());
}

TEST(Design, KeepsTheWorkloadAlive) {
  std::shared_ptr<const Workload> workload = two_layers();
  const std::weak_ptr<const Workload> watch = workload;
  {
    const Design design(std::move(workload));
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(design.workload().operators().size(), 2u);
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace imbrex
