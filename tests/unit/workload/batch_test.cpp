#include <imbrex/batch.hpp>
#include <imbrex/error.hpp>

#include <string>

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

TEST(BatchSize, IsTheLeadingAxisThatBecomesN) {
  EXPECT_EQ(batch_size(built(classifier, 1)), 1);
  EXPECT_EQ(batch_size(built(classifier, 16)), 16);
}

TEST(BatchSize, IsOneWhereTheLeadingAxisCountsRows) {
  EXPECT_EQ(batch_size(built(rows, 16)), 1);
  EXPECT_EQ(batch_size(built(attention, 4)), 1);
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

TEST(RequireBatch, RefusesALeadingAxisThatIsNotN) {
  EXPECT_NE(message_of(4, rows).find("dimension N"), std::string::npos);
}

}  // namespace
}  // namespace imbrex
