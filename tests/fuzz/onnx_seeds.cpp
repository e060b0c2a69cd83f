// Writes the networks that fuzz_onnx starts from into the folder of its argument: one file per idea
// of the format, small, so that most mutations hit something that is read.
#include "model_builder.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace {

using imbrex::onnx_reader::ModelBuilder;

ModelBuilder convolutions() {
  ModelBuilder model;
  model.input("x", {1, 3, 16, 16});
  model.weight("w", {8, 3, 3, 3});
  model.weight("d", {8, 1, 3, 3});
  model.node("Conv", {"x", "w"}, {"a"}).integers("pads", {1, 1, 1, 1}).integers("strides", {2, 2});
  model.node("Conv", {"a", "d"}, {"b"}).integer("group", 8).text("auto_pad", "SAME_UPPER");
  model.node("MaxPool", {"b"}, {"c"}).integers("kernel_shape", {2, 2}).integers("strides", {2, 2});
  model.node("GlobalAveragePool", {"c"}, {"y"});
  model.output("y");
  return model;
}

ModelBuilder movement() {
  ModelBuilder model;
  model.symbolic_input("x", {"1", "4", "n"});
  model.integers("shape", {0, 2, 2, -1});
  model.integer("axis", 1);
  model.integers("begin", {0});
  model.integers("end", {1});
  model.node("Reshape", {"x", "shape"}, {"a"});
  model.node("Transpose", {"a"}, {"b"}).integers("perm", {0, 2, 1, 3});
  model.node("Concat", {"a", "b"}, {"c"}).integer("axis", 1);
  model.node("Slice", {"c", "begin", "end"}, {"d"});
  model.node("Gather", {"d", "axis"}, {"y"}).integer("axis", 2);
  model.output("y");
  return model;
}

ModelBuilder products() {
  ModelBuilder model;
  model.input("x", {1, 8, 64});
  model.weight("w", {64, 192});
  model.weight("v", {64, 16});
  model.node("Attention", {"x", "w"}, {"a"}).domain("com.microsoft").integer("num_heads", 4);
  model.node("Einsum", {"a", "v"}, {"b"}).text("equation", "bij,jk->bik");
  model.node("Softmax", {"b"}, {"y"}).integer("axis", -1);
  model.output("y");
  return model;
}

void write(const std::filesystem::path& folder, const std::string& name,
           const ModelBuilder& model) {
  std::ofstream(folder / (name + ".onnx"), std::ios::binary) << model.bytes();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_onnx_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write(folder, "convolutions", convolutions());
  write(folder, "movement", movement());
  write(folder, "products", products());
}
