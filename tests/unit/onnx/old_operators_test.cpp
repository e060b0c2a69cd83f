// What operators of opset 6 and older say otherwise than today's, and shapes that files store.
// Expected values: ONNX's operator changelog, by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

TEST(OldBroadcast, AxisPlacesTheSecondOperand) {
  // [4] below the channels of [1, 4, 4, 4]: element c of v for channel c, whatever the pixel.
  for (const char* type : {"Add", "Sub", "Mul", "Div"}) {
    ModelBuilder model(6);
    model.input("x", {1, 4, 4, 4});
    model.input("v", {4});
    model.node(type, {"x", "v"}, {"y"}).name("op").integer("broadcast", 1).integer("axis", 1);
    const Workload workload = model.read();
    EXPECT_EQ(output_dims(workload, "op"), (Dims{1, 4, 4, 4}));
    EXPECT_EQ(needs(workload, "op", 1, {2, 3}, 1, 0), (Interval{2, 3})) << type;
    EXPECT_EQ(needs(workload, "op", 3, {2, 3}, 1, 0), (Interval{0, 4})) << type;
  }
}

TEST(OldBroadcast, PlacesSeveralAxesAndLastOnes) {
  ModelBuilder model(6);
  model.input("x", {2, 3, 4, 5});
  model.input("inner", {3, 4});
  model.input("first", {2});
  model.input("last", {4, 5});
  model.node("Add", {"x", "inner"}, {"a"}).name("a").integer("broadcast", 1).integer("axis", 1);
  model.node("Mul", {"a", "first"}, {"b"}).name("b").integer("broadcast", 1).integer("axis", 0);
  model.node("Sub", {"b", "last"}, {"c"}).name("c").integer("broadcast", 1);
  const Workload workload = model.read();
  EXPECT_EQ(needs(workload, "a", 2, {1, 3}, 1, 1), (Interval{1, 3}));
  EXPECT_EQ(needs(workload, "a", 1, {1, 2}, 1, 0), (Interval{1, 2}));
  EXPECT_EQ(needs(workload, "b", 0, {1, 2}, 1, 0), (Interval{1, 2}));
  EXPECT_EQ(needs(workload, "c", 3, {1, 2}, 1, 1), (Interval{1, 2}));
  EXPECT_EQ(output_dims(workload, "c"), (Dims{2, 3, 4, 5}));
}

TEST(OldBroadcast, RefusesWhatDoesNotFitItsAxes) {
  ModelBuilder model(6);
  model.input("x", {1, 3, 6, 6});
  model.weight("v", {4});
  model.node("Add", {"x", "v"}, {"y"}).name("add").integer("broadcast", 1).integer("axis", 1);
  EXPECT_EQ(model.complaint(),
            "node 'add' (Add): its second operand of shape [4] does not fit axes 1 and on of "
            "[1, 3, 6, 6]");
  ModelBuilder late(6);
  late.input("x", {1, 3});
  late.weight("v", {3, 3});
  late.node("Add", {"x", "v"}, {"y"}).name("add").integer("broadcast", 1).integer("axis", 1);
  EXPECT_EQ(late.complaint(),
            "node 'add' (Add): its second operand of shape [3, 3] does not fit axes 1 and on of "
            "[1, 3]");
}

TEST(OldBroadcast, ScalesBehindNormalisationsFoldByAxis) {
  // The exporters of Caffe networks: Conv, BatchNormalization, Mul and Add per channel by axis.
  ModelBuilder model(6);
  model.input("x", {1, 3, 8, 8});
  model.weight("w", {8, 3, 1, 1});
  model.weight("p", {8});
  model.node("Conv", {"x", "w"}, {"c"}).name("conv");
  model.node("BatchNormalization", {"c", "p", "p", "p", "p"}, {"n"});
  model.node("Mul", {"n", "p"}, {"m"}).integer("broadcast", 1).integer("axis", 1);
  model.node("Add", {"m", "p"}, {"y"}).integer("broadcast", 1).integer("axis", 1);
  model.output("y");
  EXPECT_EQ(model.read().operators().size(), 1u);
}

TEST(Slopes, ArePerChannelUntilOpset6) {
  for (const Dims& slopes : {Dims{4}, Dims{1}, Dims{4, 1, 1}}) {
    ModelBuilder model(6);
    model.input("x", {1, 4, 6, 7});
    model.weight("s", slopes);
    model.node("PRelu", {"x", "s"}, {"y"}).name("prelu");
    EXPECT_EQ(output_dims(model.read(), "prelu"), (Dims{1, 4, 6, 7}));
  }
  ModelBuilder dynamic(6);
  dynamic.input("x", {1, 4, 6, 7});
  dynamic.input("s", {4});
  dynamic.node("PRelu", {"x", "s"}, {"y"}).name("prelu");
  EXPECT_EQ(needs(dynamic.read(), "prelu", 1, {1, 3}, 1, 0), (Interval{1, 3}));
}

TEST(Slopes, AlignWithTheLastAxesSinceOpset7) {
  ModelBuilder model(9);
  model.input("x", {1, 4, 6, 7});
  model.weight("s", {4});
  model.node("PRelu", {"x", "s"}, {"y"}).name("prelu");
  EXPECT_EQ(model.complaint(),
            "node 'prelu' (PRelu): slopes of shape [4] do not fit data of shape [1, 4, 6, 7]");
  ModelBuilder wider(9);
  wider.input("x", {1, 4, 1, 1});
  wider.weight("s", {4, 6, 7});
  wider.node("PRelu", {"x", "s"}, {"y"}).name("prelu");
  EXPECT_EQ(wider.complaint(),
            "node 'prelu' (PRelu): slopes of shape [4, 6, 7] do not fit data of shape "
            "[1, 4, 1, 1]");
}

TEST(OldBatchNormalization, HasOneParameterPerElement) {
  ModelBuilder model(7);
  model.input("x", {1, 3, 6, 6});
  model.weight("w", {4, 3, 1, 1});
  model.weight("p", {4, 6, 6});
  model.node("Conv", {"x", "w"}, {"c"}).name("conv");
  model.node("BatchNormalization", {"c", "p", "p", "p", "p"}, {"y"})
      .name("norm")
      .integer("spatial", 0);
  const Workload workload = model.read();
  // A factor per pixel is no factor of the weights.
  EXPECT_EQ(workload.operators().size(), 2u);
  EXPECT_EQ(workload.macs(), 36 * 12);
  // Nor is one per element of a sequence, or per element of the samples of a batch; one per channel
  // is.
  const auto operators = [](const Dims& data, const Dims& weights, const Dims& parameters,
                            std::int64_t spatial) {
    ModelBuilder other(7);
    other.input("x", data);
    other.weight("w", weights);
    other.weight("p", parameters);
    other.node("Conv", {"x", "w"}, {"c"}).name("conv");
    other.node("BatchNormalization", {"c", "p", "p", "p", "p"}, {"y"})
        .name("norm")
        .integer("spatial", spatial);
    return other.read().operators().size();
  };
  EXPECT_EQ(operators({1, 3, 10}, {4, 3, 3}, {4, 8}, 0), 2u);
  EXPECT_EQ(operators({2, 3, 5, 7}, {4, 3, 1, 1}, {4, 5, 7}, 0), 2u);
  EXPECT_EQ(operators({2, 3, 5, 7}, {4, 3, 1, 1}, {4}, 1), 1u);
  ModelBuilder wrong(7);
  wrong.input("x", {1, 4, 6, 6});
  wrong.weight("p", {4});
  wrong.node("BatchNormalization", {"x", "p", "p", "p", "p"}, {"y"})
      .name("norm")
      .integer("spatial", 0);
  EXPECT_EQ(wrong.complaint(),
            "node 'norm' (BatchNormalization): parameter 1 of shape [4] does not fit the 4 "
            "channels of [1, 4, 6, 6]");
}

TEST(BatchNormalization, FoldsWhereItsAxisIsAColumnOfTheWeights) {
  const auto operators = [](const Dims& data, const Dims& weights, std::int64_t channels) {
    ModelBuilder model;
    model.input("x", data);
    model.weight("w", weights);
    model.weight("p", {channels});
    model.node("MatMul", {"x", "w"}, {"m"}).name("product");
    model.node("BatchNormalization", {"m", "p", "p", "p", "p"}, {"y"}).name("norm");
    return model.read().operators().size();
  };
  EXPECT_EQ(operators({5, 8}, {8, 6}, 6), 1u);
  EXPECT_EQ(operators({1, 5, 8}, {8, 6}, 5), 2u);  // axis 1 counts rows
  EXPECT_EQ(operators({2, 5, 5, 8}, {8, 6}, 5), 2u);
  EXPECT_EQ(operators({1, 6, 8}, {8, 6}, 6), 2u);  // as many rows as columns
}

TEST(GroupNormalization, NeedsTheChannelsOfAGroup) {
  ModelBuilder model(21);
  model.input("x", {1, 12, 5});
  model.weight("p", {12});
  model.node("GroupNormalization", {"x", "p", "p"}, {"y"}).name("norm").integer("num_groups", 3);
  const Workload workload = model.read();
  // Groups of 4 channels: channel 5 is in [4, 8), channels 3 and 4 are in two groups.
  EXPECT_EQ(needs(workload, "norm", 1, {5, 6}), (Interval{4, 8}));
  EXPECT_EQ(needs(workload, "norm", 1, {3, 5}), (Interval{0, 8}));
  EXPECT_EQ(needs(workload, "norm", 2, {1, 2}), (Interval{0, 5}));
  ModelBuilder wrong(21);
  wrong.input("x", {1, 12, 5});
  wrong.node("GroupNormalization", {"x"}, {"y"}).name("norm").integer("num_groups", 5);
  EXPECT_EQ(wrong.complaint(),
            "node 'norm' (GroupNormalization): 5 groups do not divide the channels of [1, 12, 5]");
}

TEST(SkipNormalization, AddsAndNormalises) {
  for (const char* type : {"SkipLayerNormalization", "SkipSimplifiedLayerNormalization"}) {
    ModelBuilder model;
    model.input("x", {2, 5, 8});
    model.input("s", {2, 5, 8});
    model.weight("g", {8});
    model.node(type, {"x", "s", "g"}, {"y", "", "", "sum"}).name("skip").domain("com.microsoft");
    model.output("y");
    model.output("sum");
    const Workload workload = model.read();
    EXPECT_EQ(workload.operators().size(), 2u) << type;
    EXPECT_EQ(needs(workload, "skip", 1, {2, 3}), (Interval{2, 3})) << type;
    EXPECT_EQ(needs(workload, "skip", 2, {2, 3}), (Interval{0, 8})) << type;
    EXPECT_EQ(needs(workload, "skip/sum", 2, {2, 3}, 1), (Interval{2, 3})) << type;
  }
}

TEST(QuantisedPair, IsElementByElement) {
  ModelBuilder model;
  model.input("x", {2, 3});
  model.input("z", {3});
  model.weight("s", {});
  model.node("QLinearAdd", {"x", "s", "s", "z", "s", "s", "s", "s"}, {"y"})
      .name("add")
      .domain("com.microsoft");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "add"), (Dims{2, 3}));
  EXPECT_EQ(needs(workload, "add", 1, {1, 2}, 1, 0), (Interval{1, 2}));
}

// The float32 next to 0.7 is 0.699999988; times 10 it rounds to 7 in float32, and is 6.99999988 in
// double. Times 20: 14 (float32s near 14 are 9.5e-7 apart, it lies 2.4e-7 below). 0.29: 100 times
// is 8.3e-7 below 29, where float32s are 1.9e-6 apart. 224/706: 706 times is 8.3e-6 below 224,
// where the next float32 is 15.3e-6 below, so that it stays below.
TEST(Resize, ScalesAreFloat32) {
  struct Case {
    std::int64_t extent;
    float scale;
    std::int64_t expected;
  };
  for (const Case& c :
       {Case{10, 0.7f, 7}, Case{20, 0.7f, 14}, Case{5, 0.6f, 3}, Case{10, 0.1f, 1},
        Case{7, 1.5f, 10}, Case{100, 0.29f, 29}, Case{706, 0.31728044152259827f, 223}}) {
    ModelBuilder model(11);
    model.input("x", {1, 3, c.extent, c.extent});
    model.reals("roi", {});
    model.reals("scales", {1, 1, c.scale, c.scale});
    model.node("Resize", {"x", "roi", "scales"}, {"y"}).name("resize");
    EXPECT_EQ(output_dims(model.read(), "resize"), (Dims{1, 3, c.expected, c.expected}))
        << c.extent << " " << c.scale;
  }
}

TEST(Resize, TakesTheOperandThatIsNotEmpty) {
  const auto resized = [](bool sizes) {
    ModelBuilder model(11);
    model.input("x", {1, 3, 10, 10});
    model.reals("roi", {});
    if (sizes) {
      model.reals("scales", {});
      model.integers("sizes", {1, 3, 15, 25});
    } else {
      model.reals("scales", {1, 1, 2, 3});
      model.integers("sizes", {});
    }
    model.node("Resize", {"x", "roi", "scales", "sizes"}, {"y"}).name("resize");
    return output_dims(model.read(), "resize");
  };
  EXPECT_EQ(resized(true), (Dims{1, 3, 15, 25}));
  EXPECT_EQ(resized(false), (Dims{1, 3, 20, 30}));
}

}  // namespace
}  // namespace imbrex::onnx_reader
