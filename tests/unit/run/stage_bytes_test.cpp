// What comes back from the process of a stage is what it left there, and nothing else is taken for
// it.
#include "run/stage_bytes.hpp"

#include <imbrex/values/segments.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace imbrex::run {
namespace {

std::shared_ptr<const Workload> two_layers(const std::string& name = "two") {
  WorkloadBuilder builder(name);
  ConvolutionParams params;
  params.output_channels = 8;
  const auto first =
      builder.convolution("first [a]", builder.input("x", {4, {1, 4, 6, 6, 1, 1}}), params);
  builder.convolution("second", builder.activation("relu", first), params);
  return std::make_shared<const Workload>(builder.finish());
}

// Something of everything that a stage can decide.
Design decided(std::shared_ptr<const Workload> workload) {
  Design design(std::move(workload));
  const OperatorId first = operator_id(0);
  design.placement(first) = {1, 3, 7, Dealing::strip_h, 5};
  Mapping mapping;
  mapping.loops[0] = {Dim::P, LoopKind::spatial, 2, 6};
  mapping.count = mapping.outer = 1;
  mapping.job_extent[index(Dim::K)] = 8;
  design.mapping(first) = mapping;
  design.set_dealt_order(first, std::make_shared<const DealtOrder>(
                                    DealtOrder{mapping, {{4, 1, 2, 3}, {0, 0, 0, 0}}, {0, 1, 2}}));
  FloorPlan plan;
  plan.segment = 2;
  plan.stages = {first};
  plan.layout = {LayoutKind::striped, 2, 2, 1, 1, 2, {}};
  plan.layout.stage_of = IndexVector<std::int64_t, std::int16_t>{0, 0, 0, -1};
  plan.hand_overs = {{first, operator_id(2), FlowPattern::halo, 11, 12, 13}};
  design.set_floor_plans({plan});
  return design;
}

void expect_equal(const Design& one, const Design& other) {
  ASSERT_EQ(one.workload().canonical_text(), other.workload().canonical_text());
  for (std::size_t i = 0; i < one.workload().operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    EXPECT_EQ(one.placement(id), other.placement(id));
    EXPECT_EQ(one.mapping(id), other.mapping(id));
    ASSERT_EQ(one.dealt_order(id) == nullptr, other.dealt_order(id) == nullptr);
    if (one.dealt_order(id) != nullptr) {
      EXPECT_EQ(*one.dealt_order(id), *other.dealt_order(id));
    }
  }
  EXPECT_EQ(one.floor_plans(), other.floor_plans());
}

std::string bytes_of(const Design& design, const Workload& before) {
  ByteWriter out;
  add_design(out, design, before);
  return out.take();
}

TEST(StageBytes, KeepEveryDecision) {
  const auto workload = two_layers();
  const Design left = decided(workload);
  const std::string bytes = bytes_of(left, *workload);
  ByteReader in(bytes);
  const Design taken = take_design(in, Design(workload));
  expect_equal(taken, left);
  EXPECT_EQ(&taken.workload(), workload.get());
}

TEST(StageBytes, KeepLayersThatWereCut) {
  const auto workload = two_layers();
  const std::vector<ChannelCuts> cuts = {{operator_id(0), {2, 3}}, {operator_id(2), {4}}};
  const auto split = std::make_shared<const Workload>(split_channels(*workload, cuts).workload);
  const Design left = decided(split);
  const std::string bytes = bytes_of(left, *workload);
  ByteReader in(bytes);
  const Design taken = take_design(in, Design(workload));
  expect_equal(taken, left);
  EXPECT_EQ(taken.workload().network(), workload->network());
}

TEST(StageBytes, RefuseAnotherWorkload) {
  const auto workload = two_layers();
  WorkloadBuilder builder("two");
  ConvolutionParams params;
  params.output_channels = 2;
  builder.convolution("tiny", builder.input("x", {4, {1, 2, 2, 2, 1, 1}}), params);
  const auto other = std::make_shared<const Workload>(builder.finish());
  const std::string bytes = bytes_of(Design(other), *workload);
  ByteReader in(bytes);
  EXPECT_THROW(take_design(in, Design(workload)), Error);
}

// A child that breaks off leaves a part.
TEST(StageBytes, RefuseEveryPartOfThem) {
  const auto workload = two_layers();
  const std::string bytes = bytes_of(decided(workload), *workload);
  const Design before(workload);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::string_view(bytes).substr(0, size));
    EXPECT_THROW(take_design(in, before), Error) << size;
  }
}

TEST(StageBytes, KeepAnAnalysis) {
  Analysis left;
  left.timeline.makespan_ps = 77;
  left.timeline.operators = {{operator_id(0), 1, 2, 3, 4, 5, 6}};
  JobRun run;
  run.first = {operator_id(0), 1, 2, 3, 4, Wait::server};
  run.period_ps = 5;
  run.count = 6;
  left.timeline.jobs.add(run);
  left.timeline.segments = {{0, 1, 2, 3}};
  left.facts = {{"number", std::int64_t{-3}}, {"ratio", 0.1}, {"text", std::string("a\0b", 3)}};
  left.exactness = Exactness::estimate;
  left.exactness_reasons = {"one", ""};
  ByteWriter out;
  add_analysis(out, left);
  const std::string bytes = out.take();
  ByteReader in(bytes);
  const Analysis taken = take_analysis(in, 1);
  EXPECT_EQ(taken.timeline.makespan_ps, 77);
  ASSERT_EQ(taken.timeline.operators.size(), 1U);
  EXPECT_EQ(taken.timeline.operators[0].jobs, 6);
  ASSERT_EQ(taken.timeline.jobs.size(), 6U);
  EXPECT_EQ(taken.timeline.jobs[5], left.timeline.jobs[5]);
  EXPECT_EQ(taken.timeline.segments[0].end_ps, 3);
  EXPECT_EQ(taken.facts, left.facts);
  EXPECT_EQ(taken.exactness, Exactness::estimate);
  EXPECT_EQ(taken.exactness_reasons, left.exactness_reasons);
  ByteReader again(bytes);
  EXPECT_THROW(take_analysis(again, 0), Error);  // no operator has these times
}

}  // namespace
}  // namespace imbrex::run
