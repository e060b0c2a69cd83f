// What may be left out behind a sum, case by case; that no time changes is tests/property's.
#include "language/gathering.hpp"

#include "layers.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::convolution;
using Layer = std::function<TensorId(WorkloadBuilder&, TensorId)>;

TensorId conv(WorkloadBuilder& builder, TensorId at) {
  return builder.convolution("nearer", at, convolution(4, 3));
}
// Rows 0, 2 and 4, each of them twice.
TensorId every_other_row(WorkloadBuilder& builder, TensorId at) {
  const TensorId half = builder.slice("half", at, 2, 0, 6, 2);
  return builder.resize("twice", half, builder.at(at).shape, WorkloadBuilder::ResizeMode::nearest);
}
TensorId soft(WorkloadBuilder& builder, TensorId at) {
  const std::int64_t everything[] = {1, 2, 3};
  return builder.softmax("soft", at, everything);
}
TensorId as_it_is(WorkloadBuilder&, TensorId at) {
  return at;
}

// sum = tensor + branch(tensor), where tensor = before(a layer).
struct Sum {
  Layer before = as_it_is;
  Layer branch = conv;
  std::int64_t most = 0;
  std::int64_t least_ps = 0;
  std::int64_t most_transfer_ps = 0;
  Maker::Role role_of_branch = Maker::Role::mapped;

  bool leaves_out_the_tensor() const {
    WorkloadBuilder builder("sum");
    const TensorId x = builder.input("x", test::image(4, 6, 6));
    const TensorId tensor = before(builder, builder.convolution("far", x, convolution(4, 3)));
    const TensorId operands[] = {tensor, branch(builder, tensor)};
    builder.elementwise("sum", operands);
    const Workload workload = builder.finish();
    OperatorRange<Maker> makers(OperatorSpan{0, workload.operators().size()});
    for (std::size_t i = 0; i < workload.operators().size(); ++i) {
      const OperatorId id = operator_id(i);
      if (workload.at(id).has_macs()) {
        makers[id] = {Maker::Role::mapped, 0, least_ps, most_transfer_ps};
      }
    }
    makers[test::find(workload, "nearer")].role = role_of_branch;
    const OperatorId sum = test::find(workload, "sum");
    const Gathering gathering = gather(workload, makers, most);
    const bool out = gathering.leaves_out(sum, 0);
    EXPECT_EQ(gathering.producers[sum].size(),
              out || role_of_branch == Maker::Role::there ? 1U : 2U);
    return out;
  }
};

Layer conv_behind(const Layer& first) {
  return
      [first](WorkloadBuilder& builder, TensorId at) { return conv(builder, first(builder, at)); };
}

TEST(Gathering, LeavesOutWhatTheBranchReadsWhole) {
  EXPECT_TRUE(Sum{}.leaves_out_the_tensor());
  EXPECT_TRUE((Sum{as_it_is, conv_behind(soft)}).leaves_out_the_tensor());
  const Layer wide = [](WorkloadBuilder& builder, TensorId at) {
    ConvolutionParams params = convolution(4, 3);
    params.window.dilation = params.window.pad_begin = params.window.pad_end = {2, 2};
    return builder.convolution("nearer", at, params);
  };
  EXPECT_TRUE((Sum{as_it_is, wide}).leaves_out_the_tensor());
}

TEST(Gathering, KeepsWhatTheBranchReadsInPart) {
  EXPECT_FALSE((Sum{as_it_is, conv_behind(every_other_row)}).leaves_out_the_tensor());
  const Layer beside = [](WorkloadBuilder& builder, TensorId at) {
    ConvolutionParams params = convolution(4, 1);
    const std::int64_t begin[] = {0, 0, 1, 0};
    const std::int64_t end[] = {0, 0, 0, 0};
    const TensorId lower = builder.slice("lower", builder.pad("pad", at, begin, end), 2, 0, 6);
    return builder.convolution("nearer", lower, params);
  };
  EXPECT_FALSE((Sum{as_it_is, beside}).leaves_out_the_tensor());
  const Layer grouped = [](WorkloadBuilder& builder, TensorId at) {
    ConvolutionParams params = convolution(4, 3);
    params.groups = 2;
    return builder.convolution("nearer", at, params);
  };
  EXPECT_FALSE((Sum{as_it_is, grouped}).leaves_out_the_tensor());
}

// sum = tensor + the channels of two layers that read the tensor or what lies before the second.
bool leaves_out_behind_parts(const Layer& before_second, bool second_reads_tensor = true) {
  WorkloadBuilder builder("sum");
  const TensorId x = builder.input("x", test::image(4, 6, 6));
  const TensorId tensor = builder.convolution("far", x, convolution(4, 3));
  const TensorId parts[] = {
      builder.convolution("one", tensor, convolution(1, 3)),
      builder.convolution("two", before_second(builder, second_reads_tensor ? tensor : x),
                          convolution(3, 3))};
  const TensorId operands[] = {tensor, builder.concat("parts", parts, 1)};
  builder.elementwise("sum", operands);
  const Workload workload = builder.finish();
  OperatorRange<Maker> makers(OperatorSpan{0, workload.operators().size()});
  for (const OperatorId id : test::operators_with_macs(workload)) {
    makers[id].role = Maker::Role::mapped;
  }
  const OperatorId sum = test::find(workload, "sum");
  const Gathering gathering = gather(workload, makers, 0);
  EXPECT_EQ(gathering.producers[sum].size(), gathering.leaves_out(sum, 0) ? 2U : 3U);
  return gathering.leaves_out(sum, 0);
}

// An element of the sum lies in one of the parts, so that every one of them has to have read it.
TEST(Gathering, LeavesOutWhatEveryPartOfASplitLayerReads) {
  EXPECT_TRUE(leaves_out_behind_parts(as_it_is));
  EXPECT_TRUE(leaves_out_behind_parts(soft));
  EXPECT_FALSE(leaves_out_behind_parts(every_other_row));
  EXPECT_FALSE(leaves_out_behind_parts(as_it_is, false));
}

// A reader of several rows needs the rows between, too, because a box is needed; the branch's jobs,
// of one row each, need not.
TEST(Gathering, KeepsWhatHoldsMoreInBoxesThanInElements) {
  EXPECT_FALSE((Sum{every_other_row}).leaves_out_the_tensor());
  EXPECT_FALSE((Sum{every_other_row, conv_behind(soft)}).leaves_out_the_tensor());
  const Layer flat = [](WorkloadBuilder& builder, TensorId at) {
    return builder.reshape("flat", at, test::image(4, 1, 36));
  };
  EXPECT_FALSE((Sum{flat}).leaves_out_the_tensor());
  EXPECT_TRUE((Sum{flat, conv_behind(soft)}).leaves_out_the_tensor());
}

TEST(Gathering, KeepsWhatMayArriveLaterThanTheBranchEnds) {
  EXPECT_TRUE((Sum{as_it_is, conv, 0, 7, 7}).leaves_out_the_tensor());
  EXPECT_FALSE((Sum{as_it_is, conv, 0, 6, 7}).leaves_out_the_tensor());
}

TEST(Gathering, KeepsEverythingBehindFewLayersAndBehindLayersThatNobodyWaitsFor) {
  EXPECT_TRUE((Sum{as_it_is, conv, 1}).leaves_out_the_tensor());
  EXPECT_FALSE((Sum{as_it_is, conv, 2}).leaves_out_the_tensor());
  EXPECT_FALSE((Sum{as_it_is, conv, 0, 0, 0, Maker::Role::there}).leaves_out_the_tensor());
}

}  // namespace
}  // namespace imbrex
