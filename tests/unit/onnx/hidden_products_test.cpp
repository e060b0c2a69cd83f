// Operators that hide products: fused and packed matrix products, formulas, attention, volumes.
// Expected MACs: the products written out, by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

constexpr const char* kContrib = "com.microsoft";

Dims first_result(const Workload& workload) {
  return dims_of(workload.at(workload.outputs()[0]).shape);
}

TEST(FusedMatMul, TurnsEitherOperand) {
  ModelBuilder plain;
  plain.input("x", {5, 64});
  plain.weight("w", {64, 32});
  plain.node("FusedMatMul", {"x", "w"}, {"y"}).domain(kContrib).name("product");
  EXPECT_EQ(plain.read().macs(), 5 * 64 * 32);
  EXPECT_EQ(plain.read().weight_bits(), 64 * 32 * 8);

  ModelBuilder turned;
  turned.input("x", {8, 5});
  turned.weight("w", {32, 8});
  turned.node("FusedMatMul", {"x", "w"}, {"y"})
      .domain(kContrib)
      .name("product")
      .integer("transA", 1)
      .integer("transB", 1);
  EXPECT_EQ(turned.read().macs(), 5 * 8 * 32);
  EXPECT_EQ(first_result(turned.read()), (Dims{5, 32}));

  // [5, 2, 8] with its first axis behind the other leading one is [2, 5, 8].
  ModelBuilder batch;
  batch.input("x", {5, 2, 8});
  batch.input("z", {2, 8, 4});
  batch.node("FusedMatMul", {"x", "z"}, {"y"})
      .domain(kContrib)
      .name("product")
      .integer("transBatchA", 1);
  EXPECT_EQ(batch.read().macs(), 2 * 5 * 8 * 4);
  EXPECT_EQ(first_result(batch.read()), (Dims{2, 5, 4}));

  ModelBuilder wrong;
  wrong.input("x", {8, 5});
  wrong.weight("w", {8, 32});
  wrong.node("FusedMatMul", {"x", "w"}, {"y"}).domain(kContrib).name("product");
  EXPECT_EQ(wrong.complaint(),
            "node 'product' (FusedMatMul): [8, 5] times [8, 32] is not a matrix product");
}

TEST(QuantisedProducts, AreProducts) {
  for (const char* type : {"MatMulIntegerToFloat", "DynamicQuantizeMatMul"}) {
    ModelBuilder model;
    model.input("x", {3, 5, 64});
    model.weight("w", {64, 32}, ::onnx::TensorProto::INT8);
    model.weight("s", {});
    model.node(type, {"x", "w", "s"}, {"y"}).domain(kContrib).name("product");
    const Workload workload = model.read();
    EXPECT_EQ(workload.macs(), 3 * 5 * 64 * 32) << type;
    EXPECT_EQ(first_result(workload), (Dims{3, 5, 32})) << type;
  }
  ModelBuilder gemm;
  gemm.input("x", {64, 5});
  gemm.weight("w", {32, 64}, ::onnx::TensorProto::INT8);
  gemm.weight("s", {});
  gemm.weight("b", {32});
  gemm.node("QGemm", {"x", "s", "s", "w", "s", "s", "b"}, {"y"})
      .domain(kContrib)
      .name("gemm")
      .integer("transA", 1)
      .integer("transB", 1);
  EXPECT_EQ(gemm.read().macs(), 5 * 64 * 32);
  EXPECT_EQ(first_result(gemm.read()), (Dims{5, 32}));
}

TEST(MatMulNBits, CountsItsWeightsAsTheyArePacked) {
  const auto model = [](std::int64_t bits, std::int64_t blob) {
    auto result = std::make_unique<ModelBuilder>();
    result->input("x", {2, 5, 64});
    result->weight("w", {32, 2, blob}, ::onnx::TensorProto::UINT8);
    result->weight("s", {64});
    result->node("MatMulNBits", {"x", "w", "s"}, {"y"})
        .domain(kContrib)
        .name("product")
        .integer("K", 64)
        .integer("N", 32)
        .integer("bits", bits)
        .integer("block_size", 32);
    return result;
  };
  EXPECT_EQ(model(4, 16)->read().macs(), 2 * 5 * 64 * 32);
  EXPECT_EQ(first_result(model(4, 16)->read()), (Dims{2, 5, 32}));
  EXPECT_EQ(model(4, 16)->read().weight_bits(), 64 * 32 * 4);
  EXPECT_EQ(model(8, 32)->read().weight_bits(), 64 * 32 * 8);
  Config eight;
  eight.weight_bits = 8;
  EXPECT_EQ(model(4, 16)->read(eight).weight_bits(), 64 * 32 * 8);
  ModelBuilder wrong;
  wrong.input("x", {5, 60});
  wrong.weight("w", {32, 2, 16});
  wrong.node("MatMulNBits", {"x", "w"}, {"y"})
      .domain(kContrib)
      .name("product")
      .integer("K", 64)
      .integer("N", 32);
  EXPECT_EQ(wrong.complaint(),
            "node 'product' (MatMulNBits): weights of K = 64 rows and N = 32 columns do not fit "
            "data of shape [5, 60]");
}

struct Formula {
  const char* equation;
  Dims left;
  Dims right;
  bool constant;  // the right operand
  Dims result;
  std::int64_t macs;
};

TEST(Einsum, IsAProduct) {
  const Formula formulas[] = {
      {"ij,jk->ik", {3, 4}, {4, 5}, true, {3, 5}, 3 * 4 * 5},
      {"ij,jk", {3, 4}, {4, 5}, false, {3, 5}, 3 * 4 * 5},
      {"bij,bjk->bik", {2, 3, 4}, {2, 4, 5}, false, {2, 3, 5}, 2 * 3 * 4 * 5},
      {"bsd,ed->bse", {2, 7, 4}, {6, 4}, true, {2, 7, 6}, 2 * 7 * 4 * 6},
      // Scores of attention, heads behind rows in both operands.
      {"bshd,bthd->bhst", {2, 3, 4, 8}, {2, 5, 4, 8}, false, {2, 4, 3, 5}, 2 * 4 * 3 * 5 * 8},
      // Two axes of depth, columns first in the result.
      {"bhsd,hde->ebs", {2, 3, 4, 5}, {3, 5, 6}, true, {6, 2, 4}, 6 * 2 * 4 * 3 * 5},
      {"...ij,jk->...ik", {2, 3, 4, 5}, {5, 6}, true, {2, 3, 4, 6}, 2 * 3 * 4 * 5 * 6},
      // One weight matrix per head.
      {"bhd,hde->bhe", {2, 3, 4}, {3, 4, 5}, true, {2, 3, 5}, 2 * 3 * 4 * 5},
      // Letter a is summed up before.
      {"aij,jk->ik", {7, 3, 4}, {4, 5}, true, {3, 5}, 3 * 4 * 5},
      {"i,i->", {4}, {4}, false, {}, 4},
      // Element by element: no sum, no MACs.
      {"bi,bi->bi", {2, 3}, {2, 3}, false, {2, 3}, 0},
      {"i,j->ij", {4}, {5}, false, {4, 5}, 0},
  };
  for (const Formula& f : formulas) {
    ModelBuilder model;
    model.input("x", f.left);
    if (f.constant) {
      model.weight("w", f.right);
    } else {
      model.input("w", f.right);
    }
    model.node("Einsum", {"x", "w"}, {"y"}).name("einsum").text("equation", f.equation);
    model.output("y");
    ASSERT_EQ(model.complaint(), "accepted") << f.equation;
    const Workload workload = model.read();
    EXPECT_EQ(first_result(workload), f.result) << f.equation;
    EXPECT_EQ(workload.macs(), f.macs) << f.equation;
  }
}

TEST(Einsum, OfOneOperandMovesOrSums) {
  ModelBuilder model;
  model.input("x", {3, 4, 5});
  model.node("Einsum", {"x"}, {"t"}).name("turn").text("equation", "ijk->kij");
  model.node("Einsum", {"x"}, {"s"}).name("sum").text("equation", "ijk->j");
  const Workload workload = model.read();
  EXPECT_EQ(output_dims(workload, "turn"), (Dims{5, 3, 4}));
  EXPECT_EQ(needs(workload, "turn", 0, {1, 2}, 0, 2), (Interval{1, 2}));
  EXPECT_EQ(output_dims(workload, "sum"), (Dims{4}));
  EXPECT_EQ(needs(workload, "sum", 0, {1, 2}, 0, 1), (Interval{1, 2}));
  EXPECT_EQ(needs(workload, "sum", 0, {1, 2}, 0, 2), (Interval{0, 5}));
}

TEST(Einsum, RefusesWhatIsNoSingleProduct) {
  const auto complaint = [](const char* equation, std::vector<Dims> operands) {
    ModelBuilder model;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      names.push_back(std::string(1, static_cast<char>('a' + i)));
      model.input(names.back(), operands[i]);
    }
    model.node("Einsum", names, {"y"}).name("einsum").text("equation", equation);
    return model.complaint();
  };
  EXPECT_EQ(complaint("ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}}),
            "node 'einsum' (Einsum): its equation 'ij,jk,kl->il' multiplies 3 operands, whose "
            "order decides the work; write it as equations of two");
  EXPECT_EQ(complaint("ii,ij->j", {{3, 3}, {3, 4}}),
            "node 'einsum' (Einsum): its equation 'ii,ij->j' takes a diagonal of an operand of a "
            "product, which cannot be mapped");
  EXPECT_EQ(complaint("ij,jk->ik", {{2, 3}, {4, 5}}),
            "node 'einsum' (Einsum): axis 'j' of its equation has extents 3 and 4");
  EXPECT_EQ(complaint("ij,jk->ik", {{2, 3}}),
            "node 'einsum' (Einsum): its equation 'ij,jk->ik' has 2 terms for 1 operands");
  EXPECT_EQ(complaint("ij->i2", {{2, 3}}), "node 'einsum' (Einsum): its equation 'i2' is damaged");
}

TEST(Volume, IsAProductPerPlane) {
  ModelBuilder model;
  model.input("x", {1, 2, 4, 5, 6});
  model.weight("w", {3, 2, 2, 3, 3});
  model.node("Conv", {"x", "w"}, {"y"}).name("conv");
  model.output("y");
  EXPECT_EQ(first_result(model.read()), (Dims{1, 3, 3, 3, 4}));
  EXPECT_EQ(model.read().macs(), 3 * (3 * 3 * 4) * (2 * 2 * 3 * 3));
  EXPECT_EQ(model.read().weight_bits(), 3 * 2 * 2 * 3 * 3 * 8);
}

TEST(Volume, HasGroupsStridesPadsAndDilation) {
  ModelBuilder model;
  model.input("x", {2, 4, 6, 6, 6});
  model.weight("w", {4, 2, 3, 3, 3});
  model.node("Conv", {"x", "w"}, {"y"})
      .name("conv")
      .integer("group", 2)
      .integers("strides", {2, 2, 2})
      .integers("pads", {1, 1, 1, 1, 1, 1});
  const Workload workload = model.read();
  EXPECT_EQ(workload.macs(), 2 * 4 * 27 * 2 * 27);
  EXPECT_EQ(operator_named(workload, "conv").bounds[Dim::G], 2);
  // Plane 1 starts at 1*2 - 1 and needs three.
  EXPECT_EQ(needs(workload, "conv/planes", 1, {1, 2}, 0, 2), (Interval{1, 4}));
  // Channels 3..5 of the planes are channel 1 of the data.
  EXPECT_EQ(needs(workload, "conv/planes", 2, {3, 6}, 0, 1), (Interval{1, 2}));
  ModelBuilder dilated;
  dilated.input("x", {1, 1, 9, 9, 9});
  dilated.weight("w", {5, 1, 3, 1, 1});
  dilated.node("Conv", {"x", "w"}, {"y"}).name("conv").integers("dilations", {4, 1, 1});
  // One plane: 9 - 8.
  EXPECT_EQ(dilated.read().macs(), 5 * 1 * 81 * 3);
}

TEST(HiddenWork, IsRefusedByNameOrCounted) {
  for (const char* type : {"SequenceMap", "DFT", "DeformConv", "STFT"}) {
    ModelBuilder model(19);
    model.input("x", {4, 4});
    model.node(type, {"x"}, {"y"}).name("node");
    model.node("Relu", {"y"}, {"z"}).name("relu");
    model.stored_shape("y", {4, 4});
    EXPECT_EQ(model.complaint(),
              std::string("node 'node' (") + type +
                  "): multiplies in a way that cannot be mapped, so that its work would be "
                  "missing; on_unknown = \"barrier\" keeps it as an operator that waits for all of "
                  "its inputs and counts it as unmapped");
    Config barrier;
    barrier.on_unknown = OnUnknown::barrier;
    EXPECT_EQ(model.read(barrier).unmapped(), 1) << type;
  }
  ModelBuilder known;
  known.input("x", {4, 4});
  known.node("Det", {"x"}, {"d"}).name("det");
  EXPECT_EQ(known.read().unmapped(), 0);
}

}  // namespace
}  // namespace imbrex::onnx_reader
