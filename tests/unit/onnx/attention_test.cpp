// Operators that hide attention. Expected MACs: projections rows x columns x depth, scores and
// context heads x queries x keys x size each, by hand.
#include "model_builder.hpp"

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

constexpr const char* kContrib = "com.microsoft";

std::vector<Dims> results(const Workload& workload) {
  std::vector<Dims> dims;
  for (const TensorId output : workload.outputs()) {
    dims.push_back(dims_of(workload.at(output).shape));
  }
  return dims;
}

TEST(ContribAttention, ProjectsAndAttends) {
  ModelBuilder model;
  model.input("x", {1, 8, 64});
  model.weight("w", {64, 192});
  model.weight("b", {192});
  model.node("Attention", {"x", "w", "b"}, {"y"})
      .domain(kContrib)
      .name("attention")
      .integer("num_heads", 4);
  const Workload workload = model.read();
  EXPECT_EQ(workload.macs(), 8 * 64 * 192 + 4 * 8 * 8 * 16 * 2);
  EXPECT_EQ(workload.weight_bits(), 64 * 192 * 8);
  EXPECT_EQ(output_dims(workload, "attention"), (Dims{1, 8, 64}));

  ModelBuilder narrow;  // values half as wide
  narrow.input("x", {2, 5, 12});
  narrow.weight("w", {12, 20});
  narrow.node("Attention", {"x", "w"}, {"y"})
      .domain(kContrib)
      .name("attention")
      .integer("num_heads", 2)
      .integers("qkv_hidden_sizes", {8, 8, 4});
  EXPECT_EQ(narrow.read().macs(), 2 * 5 * 12 * 20 + 2 * 2 * 5 * 5 * (4 + 2));
  EXPECT_EQ(results(narrow.read())[0], (Dims{2, 5, 4}));

  ModelBuilder wrong;
  wrong.input("x", {1, 8, 64});
  wrong.weight("w", {64, 192});
  wrong.node("Attention", {"x", "w"}, {"y"})
      .domain(kContrib)
      .name("attention")
      .integer("num_heads", 5);
  EXPECT_EQ(wrong.complaint(),
            "node 'attention' (Attention): 64 elements do not divide into 5 heads");
}

TEST(GroupQueryAttention, HasItsCacheAsAnInput) {
  ModelBuilder model;
  model.input("q", {1, 1, 64});
  model.input("k", {1, 1, 32});
  model.input("v", {1, 1, 32});
  model.input("past_k", {1, 2, 7, 16});
  model.input("past_v", {1, 2, 7, 16});
  model.node("GroupQueryAttention", {"q", "k", "v", "past_k", "past_v"}, {"y", "pk", "pv"})
      .domain(kContrib)
      .name("gqa")
      .integer("num_heads", 4)
      .integer("kv_num_heads", 2);
  model.output("y");
  model.output("pk");
  model.output("pv");
  const Workload workload = model.read();
  // 4 heads, 1 query, 7 + 1 keys of 16 elements.
  EXPECT_EQ(workload.macs(), 4 * 1 * 8 * 16 * 2);
  EXPECT_EQ(results(workload), (std::vector<Dims>{{1, 1, 64}, {1, 2, 8, 16}, {1, 2, 8, 16}}));
  EXPECT_EQ(workload.inputs().size(), 5u);
}

TEST(GroupQueryAttention, TakesPackedOperandsAndNoCache) {
  ModelBuilder packed;
  packed.input("qkv", {1, 8, 128});  // (4 + 2 + 2) x 16
  packed.node("GroupQueryAttention", {"qkv", "", ""}, {"y"})
      .domain(kContrib)
      .name("gqa")
      .integer("num_heads", 4)
      .integer("kv_num_heads", 2);
  EXPECT_EQ(packed.read().macs(), 4 * 8 * 8 * 16 * 2);
  EXPECT_EQ(results(packed.read())[0], (Dims{1, 8, 64}));
  ModelBuilder wrong;
  wrong.input("q", {1, 8, 64});
  wrong.input("k", {1, 8, 32});
  wrong.input("v", {1, 8, 32});
  wrong.input("past", {1, 4, 7, 16});
  wrong.node("GroupQueryAttention", {"q", "k", "v", "past", "past"}, {"y"})
      .domain(kContrib)
      .name("gqa")
      .integer("num_heads", 4)
      .integer("kv_num_heads", 2);
  EXPECT_EQ(wrong.complaint(),
            "node 'gqa' (GroupQueryAttention): its cache of shape [1, 4, 7, 16] does not fit 1 "
            "samples, 2 heads of 16 elements");
}

TEST(MultiHeadAttention, HasOtherRowsOfKeys) {
  ModelBuilder model;
  model.input("q", {2, 3, 32});
  model.input("k", {2, 5, 32});
  model.input("v", {2, 5, 16});
  model.node("MultiHeadAttention", {"q", "k", "v"}, {"y"})
      .domain(kContrib)
      .name("mha")
      .integer("num_heads", 4);
  EXPECT_EQ(model.read().macs(), 2 * 4 * 3 * 5 * (8 + 4));
  EXPECT_EQ(results(model.read())[0], (Dims{2, 3, 16}));
}

TEST(StandardAttention, TakesHeadsAsAnAxisOrAsAttributes) {
  ModelBuilder split(23);
  split.input("q", {2, 4, 3, 16});
  split.input("k", {2, 2, 5, 16});
  split.input("v", {2, 2, 5, 8});
  split.node("Attention", {"q", "k", "v"}, {"y"}).name("attention");
  EXPECT_EQ(split.read().macs(), 2 * 4 * 3 * 5 * (16 + 8));
  EXPECT_EQ(results(split.read())[0], (Dims{2, 4, 3, 8}));

  ModelBuilder joined(23);
  joined.input("q", {1, 3, 64});
  joined.input("k", {1, 3, 32});
  joined.input("v", {1, 3, 32});
  joined.input("pk", {1, 2, 9, 16});
  joined.input("pv", {1, 2, 9, 16});
  joined.node("Attention", {"q", "k", "v", "", "pk", "pv"}, {"y", "k2", "v2"})
      .name("attention")
      .integer("q_num_heads", 4)
      .integer("kv_num_heads", 2);
  joined.output("y");
  joined.output("k2");
  EXPECT_EQ(joined.read().macs(), 4 * 3 * 12 * 16 * 2);
  EXPECT_EQ(results(joined.read()), (std::vector<Dims>{{1, 3, 64}, {1, 2, 12, 16}}));

  ModelBuilder masked(23);  // a mask computed at run time is waited for
  masked.input("q", {1, 1, 3, 4});
  masked.input("k", {1, 1, 3, 4});
  masked.input("v", {1, 1, 3, 4});
  masked.input("m", {3, 3});
  masked.node("Attention", {"q", "k", "v", "m"}, {"y"}).name("attention");
  EXPECT_EQ(masked.read().macs(), 3 * 3 * 4 * 2);
  EXPECT_EQ(masked.read().uses(masked.read().inputs()[3]).size(), 1u);
}

TEST(RotaryEmbedding, TurnsElementsOfAHead) {
  for (const char* domain : {"", kContrib}) {
    ModelBuilder model(23);
    model.input("x", {1, 2, 5, 8});
    model.weight("cos", {50, 4});
    model.weight("sin", {50, 4});
    model.node("RotaryEmbedding", {"x", "cos", "sin"}, {"y"}).domain(domain).name("rotary");
    const Workload workload = model.read();
    EXPECT_EQ(output_dims(workload, "rotary"), (Dims{1, 2, 5, 8}));
    EXPECT_EQ(workload.macs(), 0);
    EXPECT_EQ(needs(workload, "rotary", 2, {1, 3}), (Interval{1, 3}));
    EXPECT_EQ(needs(workload, "rotary", 3, {1, 3}), (Interval{0, 8}));
  }
}

}  // namespace
}  // namespace imbrex::onnx_reader
