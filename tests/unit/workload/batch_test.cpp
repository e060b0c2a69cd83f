#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

// A convolution, pooled and classified.
constexpr auto classifier = [](WorkloadBuilder& builder, std::int64_t batch) {
  ConvolutionParams params;
  params.output_channels = 4;
  const TensorId in = builder.input("in", {4, {batch, 3, 8, 8, 1, 1}});
  const TensorId pooled = builder.global_pool("pool", builder.convolution("conv", in, params));
  const TensorId flat = builder.reshape("flat", pooled, {2, {batch, 4, 1, 1, 1, 1}});
  builder.dense("fc", flat, 10);
};

// The same with a reshape that is written for one sample.
constexpr auto fixed_classifier = [](WorkloadBuilder& builder, std::int64_t batch) {
  ConvolutionParams params;
  params.output_channels = 4;
  const TensorId in = builder.input("in", {4, {batch, 3, 8, 8, 1, 1}});
  const TensorId pooled = builder.global_pool("pool", builder.convolution("conv", in, params));
  builder.dense("fc", builder.reshape("flat", pooled, {2, {1, 4, 1, 1, 1, 1}}), 10);
};

// Attention over the leading axis: it counts tokens.
constexpr auto attention = [](WorkloadBuilder& builder, std::int64_t batch) {
  const TensorId in = builder.input("in", {2, {16 * batch, 8, 1, 1, 1, 1}});
  const TensorId key = builder.dense("key", in, 8);
  const std::int64_t swap[] = {1, 0};
  builder.matmul("scores", in, builder.transpose("turned", key, swap));
};

constexpr auto rows = [](WorkloadBuilder& builder, std::int64_t batch) {
  builder.dense("fc", builder.input("in", {2, {batch, 8, 1, 1, 1, 1}}), 4);
};

Workload built(BuildNetwork build, std::int64_t batch) {
  WorkloadBuilder builder("test");
  build(builder, batch);
  return builder.finish();
}

std::string message_of(std::int64_t batch, BuildNetwork build) {
  try {
    require_batch(batch, build);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

constexpr Shape kImages{4, {16, 3, 8, 8, 1, 1}};
constexpr Shape kTimeFirst{3, {10, 2, 64, 1, 1, 1}};
constexpr Shape kSamplesFirst{3, {2, 10, 64, 1, 1, 1}};

TEST(SamplesOf, CountsTheAxisThatIsSaid) {
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kTimeFirst, 1}}, 1), 2);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kSamplesFirst, 0}}, 1), 2);
  // Of several inputs those that hold samples.
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"mask", {1, {10, 1, 1, 1, 1, 1}}, kNoBatchAxis},
                                               {"x", kTimeFirst, 1}},
                       1),
            2);
}

TEST(SamplesOf, TakesTheFirstAxisOfImagesForSamplesAndNoOtherAxis) {
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kImages}}, 1), 16);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kImages}}, 16), 16);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kTimeFirst}}, 1), 1);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kSamplesFirst}}, 1), 1);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", {2, {16, 8, 1, 1, 1, 1}}}}, 1), 1);
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", {2, {16, 8, 1, 1, 1, 1}}}}, 4), 4);
  // Inputs that disagree.
  EXPECT_EQ(samples_of(std::vector<BatchInput>{{"x", kImages}, {"text", kTimeFirst}}, 1), 1);
  EXPECT_EQ(samples_of({}, 3), 3);
}

TEST(SamplesOf, RefusesNumbersThatDifferAndAxesThatAreNotThere) {
  const auto complaint = [](const std::vector<BatchInput>& inputs) -> std::string {
    try {
      samples_of(inputs, 1);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint({{"x", kTimeFirst, 1}, {"y", kImages, 0}}),
            "inputs 'x' and 'y' hold 2 and 16 samples along the axes that are said to count them");
  EXPECT_EQ(complaint({{"x", kTimeFirst, 3}}),
            "input 'x' has 3 axes: no axis 3 that could count samples");
}

TEST(Samples, AreWhatTheBuilderIsTold) {
  WorkloadBuilder builder("test");
  rows(builder, 16);
  builder.samples(4);
  const Workload told = builder.finish();
  EXPECT_EQ(told.samples(), 4);
  EXPECT_EQ(built(rows, 16).samples(), 1);
  EXPECT_NE(told.canonical_text(), built(rows, 16).canonical_text());
  WorkloadBuilder none("test");
  EXPECT_THROW(none.samples(0), InputError);
}

TEST(RequireBatch, AcceptsANetworkThatDoesTheWorkOncePerSample) {
  EXPECT_EQ(message_of(8, classifier), "");
  EXPECT_EQ(built(classifier, 8).macs(), 8 * built(classifier, 1).macs());
}

TEST(RequireBatch, ChecksNothingForOneSample) {
  EXPECT_EQ(message_of(1, attention), "");
  EXPECT_EQ(message_of(1, rows), "");
}

TEST(RequireBatch, RefusesAReshapeForOneSample) {
  const std::string message = message_of(2, fixed_classifier);
  EXPECT_NE(message.find("batch = 2"), std::string::npos) << message;
  EXPECT_NE(message.find("fits one sample only"), std::string::npos) << message;
  EXPECT_NE(message.find("flat"), std::string::npos) << message;
}

TEST(RequireBatch, RefusesALeadingAxisOfTokens) {
  const std::string message = message_of(4, attention);
  EXPECT_NE(message.find("'scores'"), std::string::npos) << message;
  EXPECT_NE(message.find("counts no samples"), std::string::npos) << message;
}

// A product per row: the axis may count samples.
TEST(RequireBatch, AcceptsAPerceptron) {
  EXPECT_EQ(message_of(4, rows), "");
}

TEST(RequireBatch, RefusesAnAxisOfSteps) {
  constexpr auto recurrence = [](WorkloadBuilder& builder, std::int64_t batch) {
    const TensorId in = builder.input("in", {3, {10 * batch, 2, 8, 1, 1, 1}});
    builder.chain(builder.dense("gates", in, 8), Dim::N);
  };
  EXPECT_EQ(message_of(4, recurrence),
            "batch = 4 cannot be applied: the recurrence of operator 'gates' would have 40 steps "
            "instead of 10, so the axis counts steps; say which one counts samples (batch_axis)");
}

}  // namespace
}  // namespace imbrex
