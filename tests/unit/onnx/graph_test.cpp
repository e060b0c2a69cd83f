// Binding, branches, functions, weights and unknown operators.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

TEST(Bind, NamesEveryMissingDimensionAndHowToBindIt) {
  ModelBuilder model;
  model.symbolic_input("x", {"batch", "3", "seq.len"});
  model.symbolic_input("y", {"batch", ""});
  model.node("Relu", {"x"}, {"z"});
  EXPECT_EQ(model.complaint(),
            "dimensions of its inputs have no extent:\n"
            "  'batch': axis 0 of input 'x' and axis 0 of input 'y'\n"
            "  'seq.len': axis 2 of input 'x'\n"
            "  'y.1': axis 1 of input 'y'\n"
            "Bind every one in the recipe, for example:\n"
            "  [workload.bind]\n  batch = 1\n  \"seq.len\" = 1\n  \"y.1\" = 1");
}

TEST(Bind, GivesSymbolicDimensionsTheirExtent) {
  ModelBuilder model;
  model.symbolic_input("x", {"batch", "3", ""});
  model.node("Relu", {"x"}, {"z"}).name("relu");
  Config config;
  config.bind = {{"batch", 2}, {"x.2", 7}};
  EXPECT_EQ(output_dims(model.read(config), "relu"), (Dims{2, 3, 7}));
}

TEST(Bind, SuggestsTheNameThatWasMeant) {
  ModelBuilder model;
  model.symbolic_input("x", {"batch"});
  model.node("Relu", {"x"}, {"z"});
  Config config;
  config.bind = {{"batch", 2}, {"bach", 2}};
  EXPECT_EQ(model.complaint(config),
            "[workload.bind] names 'bach', which is neither a symbolic dimension "
            "nor a scalar input; did you mean 'batch'?");
}

TEST(Bind, RefusesNegativeExtents) {
  ModelBuilder model;
  model.symbolic_input("x", {"batch"});
  model.node("Relu", {"x"}, {"z"});
  Config config;
  config.bind = {{"batch", -1}};
  EXPECT_EQ(model.complaint(config),
            "[workload.bind] gives dimension 'batch' the extent -1; it cannot be negative");
}

TEST(Bind, TreatsEmptyInputsAsConstants) {
  ModelBuilder model;
  model.symbolic_input("past", {"1", "old"});
  model.input("now", {1, 4});
  model.node("Concat", {"past", "now"}, {"all"}).name("join").integer("axis", 1);
  Config config;
  config.bind = {{"old", 0}};
  const Workload workload = model.read(config);
  EXPECT_EQ(output_dims(workload, "join"), (Dims{1, 4}));
  EXPECT_EQ(workload.inputs().size(), 1u);
}

// if rate == 16000: nested if of a constant; else: another operator
ModelBuilder branching() {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.input("rate", {}, ::onnx::TensorProto::INT64);
  model.integer("wanted", 16000);
  model.node("Equal", {"rate", "wanted"}, {"is_wide"});
  NodeHandle branch = model.node("If", {"is_wide"}, {"y"}).name("choose");
  GraphBuilder then(branch.graph("then_branch"));
  then.node("Constant", {}, {"flag"}).integer("value_int", 1);
  then.node("Cast", {"flag"}, {"bool_flag"}).integer("to", ::onnx::TensorProto::BOOL);
  NodeHandle inner = then.node("If", {"bool_flag"}, {"inner"}).name("nested");
  GraphBuilder deep(inner.graph("then_branch"));
  deep.node("Sigmoid", {"x"}, {"deep"}).name("wide");
  deep.output("deep");
  GraphBuilder other(inner.graph("else_branch"));
  other.node("Exp", {"x"}, {"other"});
  other.output("other");
  then.output("inner");
  GraphBuilder otherwise(branch.graph("else_branch"));
  otherwise.node("Tanh", {"x"}, {"t"}).name("narrow");
  otherwise.output("t");
  model.output("y");
  return model;
}

TEST(If, InlinesTheBranchThatABoundValueChooses) {
  Config config;
  config.bind = {{"rate", 16000}};
  const Workload wide = branching().read(config);
  ASSERT_EQ(wide.operators().size(), 1u);
  EXPECT_EQ(wide.operators()[0].name, "wide");
  config.bind = {{"rate", 8000}};
  const Workload narrow = branching().read(config);
  ASSERT_EQ(narrow.operators().size(), 1u);
  EXPECT_EQ(narrow.operators()[0].source_type, "Tanh");
}

TEST(If, NamesTheValueToBindWhenItsConditionIsOpen) {
  EXPECT_EQ(branching().complaint(),
            "node 'choose' (If): which branch runs depends on the value of input 'rate'; bind it "
            "in the recipe "
            "if it is a scalar, for example:\n  [workload.bind]\n  rate = 1");
}

TEST(Function, IsInlinedWithItsAttributes) {
  ModelBuilder model;
  model.input("x", {1, 8, 4});
  model.node("Swap", {"x"}, {"y"}).name("swap").domain("local").integers("order", {0, 2, 1});
  model.output("y");
  auto& function = *model.proto().add_functions();
  function.set_name("Swap");
  function.set_domain("local");
  function.add_input("a");
  function.add_output("b");
  function.add_attribute("order");
  function.add_opset_import()->set_version(13);
  auto& node = *function.add_node();
  node.set_op_type("Transpose");
  node.set_name("inner");
  node.add_input("a");
  node.add_output("b");
  NodeHandle(&node).refers("perm", "order");
  EXPECT_EQ(output_dims(model.read(), "swap/inner"), (Dims{1, 4, 8}));
}

// The idiom of exporters: shape arithmetic in operators instead of a constant.
TEST(Weights, MayLieInAFileThatIsAbsent) {
  ModelBuilder model;
  model.input("x", {1, 3, 8, 8});
  auto& tensor = model.weight("w", {4, 3, 3, 3});
  tensor.set_data_location(::onnx::TensorProto::EXTERNAL);
  auto& entry = *tensor.add_external_data();
  entry.set_key("location");
  entry.set_value("weights-that-are-nowhere.bin");
  model.node("Conv", {"x", "w"}, {"y"}).name("conv");
  const Workload workload = model.read();
  EXPECT_EQ(workload.macs(), 4 * 3 * 3 * 3 * 6 * 6);
}

TEST(Unknown, IsRefusedByNodeTypeDomainAndOpset) {
  ModelBuilder model;
  model.proto().add_opset_import()->set_domain("acme");
  model.proto().mutable_opset_import(1)->set_version(3);
  model.input("x", {1, 4});
  model.node("Magic", {"x"}, {"y"}).name("trick").domain("acme");
  EXPECT_EQ(model.complaint(),
            "node 'trick' (Magic): operator 'Magic' of domain 'acme', opset 3, is not known; "
            "on_unknown = \"barrier\" keeps it as an operator that waits for all of its "
            "inputs and counts it as unmapped");
}

TEST(Unknown, IsABarrierWhenAskedAndItsShapeIsStored) {
  ModelBuilder model;
  model.input("x", {1, 4});
  model.node("Magic", {"x"}, {"y"}).name("trick").domain("acme");
  Config config;
  config.on_unknown = OnUnknown::barrier;
  EXPECT_EQ(
      model.complaint(config),
      "node 'trick' (Magic): the shape of its result 'y' is neither known nor "
      "stored in the file; export the network with inferred shapes, or give it in the recipe, "
      "for example:\n  [workload.shape]\n  \"y\" = [1, 64]");
  model.stored_shape("y", {2, 3});
  const Workload workload = model.read(config);
  EXPECT_EQ(operator_named(workload, "trick").kind, OperatorKind::barrier);
  EXPECT_EQ(output_dims(workload, "trick"), (Dims{2, 3}));
}

TEST(Known, OperatorsWithoutARowBecomeBarriersWithTheLibrarysShape) {
  ModelBuilder model;
  model.input("x", {2, 9});
  model.integers("k", {3});
  model.node("TopK", {"x", "k"}, {"values", "indices"}).name("top");
  model.output("values");
  model.output("indices");
  const Workload workload = model.read();
  ASSERT_EQ(workload.operators().size(), 2u);
  EXPECT_EQ(workload.operators()[1].kind, OperatorKind::barrier);
  EXPECT_EQ(dims_of(workload.at(workload.operators()[1].output).shape), (Dims{2, 3}));
}

TEST(Names, StayUniqueAndComeFromOutputsWhenMissing) {
  ModelBuilder model;
  model.input("x", {4});
  model.node("Relu", {"x"}, {"a"}).name("same");
  model.node("Relu", {"a"}, {"b"}).name("same");
  model.node("Relu", {"b"}, {"c"});
  const Workload workload = model.read();
  EXPECT_EQ(workload.operators()[0].name, "same");
  EXPECT_EQ(workload.operators()[1].name, "same#2");
  EXPECT_EQ(workload.operators()[2].name, "c");
}

TEST(Order, NeedNotBeTheOrderOfTheFile) {
  ModelBuilder model;
  model.input("x", {4});
  model.node("Tanh", {"a"}, {"b"}).name("second");
  model.node("Relu", {"x"}, {"a"}).name("first");
  const Workload workload = model.read();
  EXPECT_EQ(workload.operators()[0].name, "first");
  EXPECT_EQ(workload.operators()[1].name, "second");
}

}  // namespace
}  // namespace imbrex::onnx_reader
