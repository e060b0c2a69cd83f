// Loop and Scan, unrolled. Expected MACs: those of the body, times the iterations, by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

Dims first_result(const Workload& workload) {
  return dims_of(workload.at(workload.outputs()[0]).shape);
}

// A loop of `trips` iterations (none: a negative number) over state [rows, 16]; `fill` makes the
// body, whose state is "s" and must come out as "n", its condition as "c".
template <class Fill>
ModelBuilder loop(std::int64_t trips, std::int64_t rows, Fill fill,
                  const std::vector<std::string>& scans = {}) {
  ModelBuilder model;
  model.input("x", {rows, 16});
  model.weight("w", {16, 16});
  model.integer("trips", trips);
  std::vector<std::string> results{"y"};
  results.insert(results.end(), scans.begin(), scans.end());
  auto node = model.node("Loop", {trips < 0 ? "" : "trips", "", "x"}, results).name("loop");
  auto& graph = node.graph("body");
  GraphBuilder body(graph);
  body.input("i", {}, ::onnx::TensorProto::INT64);
  body.input("on", {}, ::onnx::TensorProto::BOOL);
  body.input("s", {rows, 16});
  fill(body);
  body.output("c");
  body.output("n");
  for (const std::string& scan : scans) {
    body.output(scan + "_slice");
  }
  model.output("y");
  for (const std::string& scan : scans) {
    model.output(scan);
  }
  return model;
}

void same_condition(GraphBuilder& body) {
  body.node("Identity", {"on"}, {"c"});
}

TEST(Loop, IsItsBodyTripByTrip) {
  // 5 products of [1, 16] and [16, 16], one behind the other, on one weight.
  const Workload workload = loop(5, 1, [](GraphBuilder& body) {
                              same_condition(body);
                              body.node("MatMul", {"s", "w"}, {"n"}).name("product");
                            }).read();
  EXPECT_EQ(workload.macs(), 5 * 16 * 16);
  EXPECT_EQ(workload.weight_bits(), 16 * 16 * 8);
  EXPECT_EQ(workload.mapped_weight_bits(), 5 * 16 * 16 * 8);
  EXPECT_EQ(workload.operators().size(), 5u);
  for (int i = 1; i < 5; ++i) {
    const Operator& op = operator_named(workload, "loop/" + std::to_string(i) + "/product");
    const OperatorId before = workload.at(op.inputs[0]).producer;
    EXPECT_EQ(workload.at(before).name, "loop/" + std::to_string(i - 1) + "/product");
  }
}

TEST(Loop, CountsWeightsOfItsBodyOnce) {
  // 4 trips of 3 x 16 x 16 on an initializer of the body, and 3 x 16 x 16 on a Constant in it.
  const Workload workload = loop(4, 3, [](GraphBuilder& body) {
                              same_condition(body);
                              body.weight("own", {16, 16});
                              body.node("MatMul", {"s", "own"}, {"h"}).name("first");
                              auto constant = body.node("Constant", {}, {"k"});
                              auto& tensor = constant.tensor("value");
                              tensor.set_data_type(::onnx::TensorProto::FLOAT);
                              tensor.add_dims(16);
                              tensor.add_dims(16);
                              body.node("MatMul", {"h", "k"}, {"n"}).name("second");
                            }).read();
  EXPECT_EQ(workload.macs(), 4 * 2 * 3 * 16 * 16);
  EXPECT_EQ(workload.weight_bits(), 2 * 16 * 16 * 8);
  EXPECT_EQ(workload.mapped_weight_bits(), 4 * 2 * 16 * 16 * 8);
}

TEST(Loop, JoinsWhatEveryTripYields) {
  // Three results of [2, 16]: the joined ones have a new first axis, and row t waits for trip t.
  const Workload workload = loop(3, 2,
                                 [](GraphBuilder& body) {
                                   same_condition(body);
                                   body.node("MatMul", {"s", "w"}, {"n"}).name("product");
                                   body.node("Relu", {"n"}, {"all_slice"}).name("relu");
                                 },
                                 {"all"})
                                .read();
  EXPECT_EQ(workload.macs(), 3 * 2 * 16 * 16);
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[1]).shape), (Dims{3, 2, 16}));
  const Operator& join = operator_named(workload, "loop/join1");
  ASSERT_EQ(join.inputs.size(), 3u);
  Region row = Region::whole(workload.at(join.output).shape);
  row.axis[0] = {1, 2};
  EXPECT_TRUE(join.maps[0].apply(row).empty());
  EXPECT_EQ(join.maps[1].apply(row).axis[0], (Interval{0, 1}));
  EXPECT_TRUE(join.maps[2].apply(row).empty());
}

// The condition after trip i is "i is less than 2": trips 0, 1 and 2 run.
void until_two(GraphBuilder& body) {
  body.integer("two", 2);
  body.node("Less", {"i", "two"}, {"c"});
  body.node("MatMul", {"s", "w"}, {"n"}).name("product");
}

TEST(Loop, EndsWhereItsConditionDoes) {
  EXPECT_EQ(loop(10, 1, until_two).read().macs(), 3 * 16 * 16);
  EXPECT_EQ(loop(-1, 1, until_two).read().macs(), 3 * 16 * 16);
  EXPECT_EQ(loop(2, 1, until_two).read().macs(), 2 * 16 * 16);
}

TEST(Loop, MayHaveLoopsInside) {
  // 3 trips of 2 trips of 2 x 16 x 16.
  const Workload workload =
      loop(3, 2, [](GraphBuilder& body) {
        same_condition(body);
        body.integer("twice", 2);
        auto& graph = body.node("Loop", {"twice", "", "s"}, {"n"}).name("inner").graph("body");
        GraphBuilder inner(graph);
        inner.input("j", {}, ::onnx::TensorProto::INT64);
        inner.input("still", {}, ::onnx::TensorProto::BOOL);
        inner.input("t", {2, 16});
        inner.node("MatMul", {"t", "w"}, {"u"}).name("product");
        inner.output("still");
        inner.output("u");
      }).read();
  EXPECT_EQ(workload.macs(), 3 * 2 * 2 * 16 * 16);
  EXPECT_EQ(operator_named(workload, "loop/2/inner/1/product").bounds[Dim::K], 16);
}

TEST(Loop, OfNoTripsIsItsInput) {
  ModelBuilder model = loop(0, 1, [](GraphBuilder& body) {
    same_condition(body);
    body.node("MatMul", {"s", "w"}, {"n"}).name("product");
  });
  model.node("Relu", {"y"}, {"z"}).name("relu");
  model.output("z");
  EXPECT_EQ(model.read().macs(), 0);
}

constexpr const char* kRemedy =
    "; on_unknown = \"barrier\" keeps it as an operator that waits for all of its inputs and "
    "counts "
    "it as unmapped";

TEST(Loop, IsRefusedWhenOnlyTheDataEndsIt) {
  const auto by_data = [](GraphBuilder& body) {
    body.node("MatMul", {"s", "w"}, {"n"}).name("product");
    body.node("ReduceMax", {"n"}, {"m"}).integer("keepdims", 0);
    body.node("Cast", {"m"}, {"c"}).integer("to", ::onnx::TensorProto::BOOL);
  };
  const std::string front =
      "node 'loop' (Loop): cannot be unrolled, so that the work of its body would be missing: ";
  EXPECT_EQ(loop(5, 1, by_data).complaint(),
            front + "its condition is computed at run time" + kRemedy);
  const auto endless = [](GraphBuilder& body) {
    same_condition(body);
    body.node("MatMul", {"s", "w"}, {"n"}).name("product");
  };
  EXPECT_EQ(loop(-1, 1, endless).complaint(), front + "nothing known in advance ends it" + kRemedy);
  EXPECT_EQ(loop(6000, 1, endless).complaint(),
            front + "6000 iterations of 2 nodes are more than the 10000 that loops may come to" +
                kRemedy);
  ModelBuilder open = loop(5, 1, endless);
  open.proto().mutable_graph()->mutable_initializer()->RemoveLast();
  open.input("trips", {}, ::onnx::TensorProto::INT64);
  EXPECT_EQ(open.complaint(), front + "its trip count is computed at run time" + kRemedy);
  Config bound;
  bound.bind = {{"trips", 7}};
  EXPECT_EQ(open.read(bound).macs(), 7 * 16 * 16);
}

// As a barrier it waits for its operands and for what its body reads from around it.
TEST(Loop, AsABarrierWaitsForWhatItsBodyReads) {
  ModelBuilder model = loop(5, 1, [](GraphBuilder& body) {
    body.node("Add", {"s", "z"}, {"n"}).name("sum");
    body.node("ReduceMax", {"n"}, {"m"}).integer("keepdims", 0);
    body.node("Cast", {"m"}, {"c"}).integer("to", ::onnx::TensorProto::BOOL);
  });
  model.node("MatMul", {"x", "w"}, {"z"}).name("outside");
  model.stored_shape("y", {1, 16});
  Config config;
  config.on_unknown = OnUnknown::barrier;
  const Workload workload = model.read(config);
  EXPECT_EQ(workload.unmapped(), 1);
  const Operator& barrier = operator_named(workload, "loop");
  ASSERT_EQ(barrier.inputs.size(), 2u);
  EXPECT_EQ(workload.at(workload.at(barrier.inputs[1]).producer).name, "outside");
  EXPECT_THROW(operator_named(workload, "loop/0/sum"), InputError);
}

// state [1, 16], slices [1, 16] or [16] of a sequence; the slice and the state meet in a sum.
ModelBuilder scan(const Dims& sequence, std::int64_t axis, bool backwards) {
  ModelBuilder model;
  model.input("x", sequence);
  model.input("h", {1, 16});
  model.weight("w", {16, 16});
  auto node = model.node("Scan", {"h", "x"}, {"last", "all"}).name("scan");
  node.integer("num_scan_inputs", 1)
      .integers("scan_input_axes", {axis})
      .integers("scan_input_directions", {backwards ? 1 : 0})
      .integers("scan_output_axes", {1})
      .integers("scan_output_directions", {backwards ? 1 : 0});
  GraphBuilder body(node.graph("body"));
  body.input("s", {1, 16});
  body.input("e", {1, 16});
  body.node("Add", {"s", "e"}, {"sum"}).name("sum");
  body.node("MatMul", {"sum", "w"}, {"n"}).name("product");
  body.node("Relu", {"n"}, {"r"}).name("relu");
  body.output("n");
  body.output("r");
  model.output("last");
  model.output("all");
  return model;
}

TEST(Scan, IsItsBodySliceBySlice) {
  const Workload workload = scan({6, 1, 16}, 0, false).read();
  EXPECT_EQ(workload.macs(), 6 * 16 * 16);
  EXPECT_EQ(workload.weight_bits(), 16 * 16 * 8);
  EXPECT_EQ(first_result(workload), (Dims{1, 16}));
  EXPECT_EQ(dims_of(workload.at(workload.outputs()[1]).shape), (Dims{1, 6, 16}));
  // Slice 4 is element 4 of the first axis.
  EXPECT_EQ(needs(workload, "scan/element1_4", 0, {0, 1}, 0, 0), (Interval{4, 5}));
}

TEST(Scan, ReadsAndWritesBackwards) {
  const Workload workload = scan({1, 4, 16}, 1, true).read();
  EXPECT_EQ(workload.macs(), 4 * 16 * 16);
  // The first trip reads the last slice and writes the last place.
  const Operator& sum = operator_named(workload, "scan/0/sum");
  EXPECT_EQ(workload.at(workload.at(sum.inputs[1]).producer).name, "scan/element1_3");
  const Operator& join = operator_named(workload, "scan/join1");
  Region place = Region::whole(workload.at(join.output).shape);
  place.axis[1] = {3, 4};
  EXPECT_FALSE(join.maps[3].apply(place).empty());
  const OperatorId slice = workload.at(join.inputs[3]).producer;
  const OperatorId relu = workload.at(workload.at(slice).inputs[0]).producer;
  EXPECT_EQ(workload.at(relu).name, "scan/0/relu");
}

TEST(Scan, RefusesTensorsOfDifferentLength) {
  ModelBuilder model = scan({6, 1, 16}, 0, false);
  model.input("z", {5, 1, 16});
  auto& node = *model.proto().mutable_graph()->mutable_node(0);
  node.add_input("z");
  node.mutable_attribute(0)->set_i(2);
  auto& extra = *node.mutable_attribute(5)->mutable_g()->add_input();
  extra.set_name("f");
  EXPECT_EQ(model.complaint(),
            "node 'scan' (Scan): the tensors that it reads slice by slice differ in length");
}

}  // namespace
}  // namespace imbrex::onnx_reader
