// The layers of networks as the duplication solvers see them, from specification clsa-cim
// section 8.
#pragma once

#include "clsa_layers.hpp"
#include "duplication_solvers.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace imbrex::duplication {

using Copies = std::vector<std::int64_t>;

inline std::vector<Layer> network(std::span<const test::ClsaLayer> table) {
  std::vector<Layer> layers;
  for (const auto& [crossbars, cycles] : table) {
    layers.push_back({crossbars, cycles, cycles});
  }
  return layers;
}

inline std::vector<Layer> network(std::initializer_list<test::ClsaLayer> table) {
  return network(std::span(table.begin(), table.size()));
}

inline std::vector<Layer> tiny_yolo_v4() {
  return network(test::kTinyYoloV4Layers);
}
inline std::vector<Layer> tiny_yolo_v3() {
  return network(test::kTinyYoloV3Layers);
}

// 3x3 convolutions of VGG16 on 224 x 224; c = ceil(9C/256) * ceil(K/256).
inline std::vector<Layer> vgg16() {
  return network({{1, 50176},
                  {3, 50176},
                  {3, 12544},
                  {5, 12544},
                  {5, 3136},
                  {9, 3136},
                  {9, 3136},
                  {18, 784},
                  {36, 784},
                  {36, 784},
                  {36, 196},
                  {36, 196},
                  {36, 196}});
}

// Keras ResNet50 v1 without classifier: per block [projection if any,] 1x1, 3x3, 1x1.
inline std::vector<Layer> resnet50() {
  std::vector<Layer> layers = {{1, 12544, 12544}};
  const std::int64_t blocks[] = {3, 4, 6, 3};
  std::int64_t input = 64;
  for (std::int64_t stage = 0; stage < 4; ++stage) {
    const std::int64_t width = std::int64_t{64} << stage;
    const std::int64_t t = (std::int64_t{56} >> stage) * (std::int64_t{56} >> stage);
    const auto tiles = [](std::int64_t rows, std::int64_t columns) {
      return ((rows + 255) / 256) * ((columns + 255) / 256);
    };
    for (std::int64_t block = 0; block < blocks[stage]; ++block) {
      if (block == 0) {
        layers.push_back({tiles(input, 4 * width), t, t});
      }
      layers.push_back({tiles(input, width), t, t});
      layers.push_back({tiles(9 * width, width), t, t});
      layers.push_back({tiles(width, 4 * width), t, t});
      input = 4 * width;
    }
  }
  return layers;
}

inline std::int64_t used(const std::vector<Layer>& layers, const Copies& copies) {
  std::int64_t units = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    units += layers[i].units * (copies[i] - 1);
  }
  return units;
}

}  // namespace imbrex::duplication
