#include <imbrex/toolkit/segments/apply_segments.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

// in -> a (8 channels) -> relu -> b (4 channels) -> pool; a: four units, b: one.
std::shared_ptr<const Workload> network() {
  WorkloadBuilder builder("network");
  const TensorId in = builder.input("in", {4, {1, 3, 4, 4, 1, 1}});
  ConvolutionParams params;
  params.output_channels = 8;
  const TensorId a = builder.convolution("a", in, params);
  const TensorId relu = builder.activation("relu", a);
  params.output_channels = 4;
  const TensorId b = builder.convolution("b", relu, params);
  builder.global_pool("pool", b);
  return std::make_shared<const Workload>(builder.finish());
}

UnitSequence units_of(const Workload& workload) {
  UnitSequence units;
  units.workload = &workload;
  for (std::int64_t k = 0; k < 4; ++k) {
    units.units.push_back({operator_id(0), {2 * k, 2 * k + 2}, 1});
  }
  units.units.push_back({operator_id(2), {0, 4}, 1});
  units.capacity = 3;
  return units;
}

std::vector<std::pair<std::string, std::int32_t>> segments_of(const Design& design) {
  std::vector<std::pair<std::string, std::int32_t>> result;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    result.emplace_back(design.workload().operators()[i].name,
                        design.placement(operator_id(i)).segment);
  }
  return result;
}

using Named = std::vector<std::pair<std::string, std::int32_t>>;

TEST(ApplySegments, NumbersSegmentsAndKeepsTheWorkloadWhenCutsLieBetweenLayers) {
  const auto workload = network();
  Design design(workload);
  const std::int32_t ends[] = {4, 5};
  segments::apply_segments(design, units_of(*workload), ends);
  EXPECT_EQ(design.shared_workload(), workload);
  EXPECT_EQ(segments_of(design), (Named{{"a", 0}, {"relu", 0}, {"b", 1}, {"pool", 1}}));
}

TEST(ApplySegments, SplitsALayerOnceForEverySegmentThatHoldsUnitsOfIt) {
  const auto workload = network();
  Design design(workload);
  const std::int32_t ends[] = {1, 3, 5};
  segments::apply_segments(design, units_of(*workload), ends);
  EXPECT_EQ(segments_of(design), (Named{{"a[0:2]", 0},
                                        {"a[2:6]", 1},
                                        {"a[6:8]", 2},
                                        {"a", 2},
                                        {"relu", 2},
                                        {"b", 2},
                                        {"pool", 2}}));
}

TEST(ApplySegments, SlicesKeepCopiesAndDealingButNotResourcesAndMapping) {
  const auto workload = network();
  Design design(workload);
  Placement& a = design.placement(operator_id(0));
  a.copies = 3;
  a.dealing = Dealing::strip_h;
  a.units = 12;
  a.first_unit = 7;
  design.mapping(operator_id(0)) = Mapping();
  design.mapping(operator_id(2)) = Mapping();
  design.placement(operator_id(2)).copies = 2;
  design.timeline() = Timeline();
  const std::int32_t ends[] = {2, 5};
  segments::apply_segments(design, units_of(*workload), ends);
  for (const std::size_t slice : {0u, 1u}) {
    const Placement& placement = design.placement(operator_id(slice));
    EXPECT_EQ(placement.copies, 3);
    EXPECT_EQ(placement.dealing, Dealing::strip_h);
    EXPECT_EQ(placement.units, 0);
    EXPECT_EQ(placement.first_unit, -1);
    EXPECT_FALSE(design.mapping(operator_id(slice)).has_value());
  }
  EXPECT_EQ(design.placement(operator_id(4)).copies, 2);  // b
  EXPECT_TRUE(design.mapping(operator_id(4)).has_value());
  EXPECT_FALSE(design.timeline().has_value());
}

TEST(ApplySegments, OneSegmentPutsEverythingTogether) {
  const auto workload = network();
  Design design(workload);
  const std::int32_t ends[] = {5};
  segments::apply_segments(design, units_of(*workload), ends);
  EXPECT_EQ(design.shared_workload(), workload);
  for (std::size_t i = 0; i < workload->operators().size(); ++i) {
    EXPECT_EQ(design.placement(operator_id(i)).segment, 0);
  }
}

TEST(ApplySegments, MovementJoinsItsLatestProducer) {
  WorkloadBuilder builder("residual");
  const TensorId in = builder.input("in", {4, {1, 2, 4, 4, 1, 1}});
  ConvolutionParams params;
  params.output_channels = 2;
  const TensorId a = builder.convolution("a", in, params);
  const TensorId b = builder.convolution("b", a, params);
  const TensorId early = builder.activation("early", a);
  const TensorId sum[] = {early, b};
  builder.elementwise("sum", sum);
  const auto workload = std::make_shared<const Workload>(builder.finish());
  UnitSequence units;
  units.workload = workload.get();
  units.units = {{operator_id(0), {0, 2}, 1}, {operator_id(1), {0, 2}, 1}};
  Design design(workload);
  const std::int32_t ends[] = {1, 2};
  segments::apply_segments(design, units, ends);
  EXPECT_EQ(segments_of(design), (Named{{"a", 0}, {"b", 1}, {"early", 0}, {"sum", 1}}));
}

}  // namespace
}  // namespace imbrex
