// The seven networks of specification clsa-cim section 8, built call by call: a second description
// beside configs/workloads, so that a slip in either shows. Convolutions are bare; bias and
// activation change no dependence.
#pragma once

#include "network_writer.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace imbrex::test {

inline constexpr std::array<std::string_view, 7> kClsaNetworks = {
    "tinyyolov3", "tinyyolov4", "vgg16", "vgg19", "resnet50", "resnet101", "resnet152"};

inline std::shared_ptr<const Workload> build_tinyyolov3() {
  NetworkWriter net("tinyyolov3", 416);
  TensorId layer4 = TensorId::none;
  for (const std::int64_t channels : {16, 32, 64, 128, 256}) {
    layer4 = net.conv(3, 1, channels);
    net.pool(2, 2);
  }
  net.conv(3, 1, 512);
  net.pool(2, 1, true);
  net.conv(3, 1, 1024);
  const TensorId trunk = net.conv(1, 1, 256);
  net.conv(3, 1, 512);
  net.conv(1, 1, 255);
  net.go_on_from(trunk);
  net.conv(1, 1, 128);
  net.concat(net.upsample(2), layer4);
  net.conv(3, 1, 256);
  net.conv(1, 1, 255);
  return net.finish();
}

// One CSP block (A, B, C, D) of section 8.1; leaves its D.
inline TensorId csp_block(NetworkWriter& net, std::int64_t channels) {
  const TensorId a = net.conv(3, 1, channels);
  net.upper_half(a);
  const TensorId b = net.conv(3, 1, channels / 2);
  const TensorId c = net.conv(3, 1, channels / 2);
  net.concat(c, b);
  const TensorId d = net.conv(1, 1, channels);
  net.concat(a, d);
  net.pool(2, 2);
  return d;
}

inline std::shared_ptr<const Workload> build_tinyyolov4() {
  NetworkWriter net("tinyyolov4", 416);
  net.conv(3, 2, 32);
  net.conv(3, 2, 64);
  csp_block(net, 64);
  csp_block(net, 128);
  const TensorId d = csp_block(net, 256);
  net.conv(3, 1, 512);
  const TensorId trunk = net.conv(1, 1, 256);
  net.conv(3, 1, 512);
  net.conv(1, 1, 255);
  net.go_on_from(trunk);
  net.conv(1, 1, 128);
  net.concat(net.upsample(2), d);
  net.conv(3, 1, 256);
  net.conv(1, 1, 255);
  return net.finish();
}

inline std::shared_ptr<const Workload> build_vgg(std::string_view name, int deep) {
  NetworkWriter net(name, 224);
  int stage = 0;
  for (const std::int64_t channels : {64, 128, 256, 512, 512}) {
    for (int i = 0; i < (stage < 2 ? 2 : deep); ++i) {
      net.conv(3, 1, channels);
    }
    net.pool(2, 2);
    ++stage;
  }
  return net.finish();
}

// Keras v1: the stride sits in the first 1x1 of a stage and in its projection.
inline std::shared_ptr<const Workload> build_resnet(std::string_view name,
                                                    const std::array<int, 4>& blocks) {
  NetworkWriter net(name, 224);
  net.padded_conv(7, 2, 3, 64);
  net.pool(3, 2, false, 1);
  for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
    const std::int64_t width = std::int64_t{64} << stage;
    for (int block = 0; block < blocks[stage]; ++block) {
      const TensorId input = net.last();
      const std::int64_t stride = block == 0 && stage > 0 ? 2 : 1;
      const TensorId shortcut = block == 0 ? net.padded_conv(1, stride, 0, 4 * width) : input;
      net.go_on_from(input);
      net.padded_conv(1, stride, 0, width);
      net.padded_conv(3, 1, 1, width);
      net.add(net.padded_conv(1, 1, 0, 4 * width), shortcut);
    }
  }
  return net.finish();
}

inline std::shared_ptr<const Workload> build_network(std::string_view name) {
  if (name == "tinyyolov3") {
    return build_tinyyolov3();
  }
  if (name == "tinyyolov4") {
    return build_tinyyolov4();
  }
  if (name == "vgg16" || name == "vgg19") {
    return build_vgg(name, name == "vgg16" ? 3 : 4);
  }
  if (name == "resnet50") {
    return build_resnet(name, {3, 4, 6, 3});
  }
  if (name == "resnet101") {
    return build_resnet(name, {3, 4, 23, 3});
  }
  if (name == "resnet152") {
    return build_resnet(name, {3, 8, 36, 3});
  }
  throw std::invalid_argument("no network " + std::string(name));
}

}  // namespace imbrex::test
