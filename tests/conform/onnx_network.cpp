// Writes a small network as an ONNX file, for the conformance of its reader.
#include "model_builder.hpp"

#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: conform_onnx_network FILE\n";
    return 2;
  }
  imbrex::onnx_reader::ModelBuilder model;
  model.input("x", {1, 3, 16, 16});
  model.weight("w", {8, 3, 3, 3});
  model.node("Conv", {"x", "w"}, {"a"}).integers("pads", {1, 1, 1, 1}).integers("strides", {2, 2});
  model.node("Relu", {"a"}, {"b"});
  model.node("MaxPool", {"b"}, {"y"}).integers("kernel_shape", {2, 2});
  model.output("y");
  std::ofstream out(argv[1], std::ios::binary);
  out << model.bytes();
  return out.flush() ? 0 : 1;
}
