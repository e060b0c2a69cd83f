// What crosses the borders of segments, against crossings that are looked at one by one, in random
// networks.
#include "layers.hpp"
#include "slow_layer_traffic.hpp"
#include "traffic_network.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Network;

// Layers and all that moves, narrows, widens and joins data between them.
class Moving {
 public:
  explicit Moving(Random& random) : random_(random) {
    for (std::int64_t i = random.between(1, 2); i > 0; --i) {
      made_.push_back({network_.input("x" + std::to_string(i), image(4)), 4, 8});
    }
    for (std::int64_t i = random.between(1, 30); i > 0; --i) {
      add("n" + std::to_string(i));
    }
    made_.push_back({network_.layer("last", made_.back().id), 4, made_.back().side});
  }
  Workload finish() { return network_.finish(); }

 private:
  struct Made {
    TensorId id = TensorId::none;
    std::int64_t channels = 0;
    std::int64_t side = 0;
  };
  static Shape image(std::int64_t channels) { return {4, {1, channels, 8, 8, 1, 1}}; }
  Made any() { return made_[random_.below(made_.size())]; }

  void add(const std::string& name) {
    const Made a = random_.below(2) == 0 ? made_.back() : any();
    const Made result = random_.below(4) == 0 ? joined(name, a, any()) : changed(name, a);
    if (result.id == a.id) {
      return;
    }
    if (random_.below(9) == 0) {
      network_.output(result.id);
    }
    made_.push_back(result);
  }

  Made joined(const std::string& name, const Made& a, const Made& b) {
    if (a.side != b.side || a.id == b.id) {
      return a;
    }
    if (a.channels == b.channels) {
      return {network_.sum(name, a.id, b.id), a.channels, a.side};
    }
    return {network_.concat(name, std::vector<TensorId>{a.id, b.id}, 1), a.channels + b.channels,
            a.side};
  }

  Made changed(const std::string& name, const Made& a) {
    const std::int64_t half = (a.channels + 1) / 2;
    switch (random_.below(6)) {
      case 0:
        return {network_.activation(name, a.id), a.channels, a.side};
      case 1:
        return {network_.slice(name, a.id, 1, 0, half), half, a.side};
      case 2:
        return a.side == 1 ? a : Made{network_.halved(name, a.id), a.channels, a.side / 2};
      case 3:
        return {
            network_.resize(name, a.id, image(a.channels), WorkloadBuilder::ResizeMode::nearest),
            a.channels, 8};
      default:
        return {network_.layer(name, a.id, random_.below(4) == 0 ? 4 : 8), 4, a.side};
    }
  }

  Random& random_;
  Network network_;
  std::vector<Made> made_;
};

bool same(const segments::LayerBits& a, const segments::LayerBits& b) {
  return a.weight_bits == b.weight_bits && a.load_bits == b.load_bits &&
         a.store_bits == b.store_bits && a.retained_in_bits == b.retained_in_bits &&
         a.retained_out_bits == b.retained_out_bits;
}

TEST(LayerTraffic, EqualsItsTwin) {
  std::int64_t busy = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed, 33);
    const Workload workload = Moving(random).finish();
    const std::vector<OperatorId> layers = test::operators_with_macs(workload);
    const segments::LayerTraffic traffic(workload, layers);
    const test::SlowLayerTraffic slow(workload, layers);
    const bool in_order = random.below(2) == 0;
    std::vector<std::int32_t> segment_of;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      segment_of.push_back(static_cast<std::int32_t>(random.below(4)));
    }
    if (in_order) {
      std::sort(segment_of.begin(), segment_of.end());
    }
    for (std::int32_t segment = 0; segment < 4; ++segment) {
      for (const std::int64_t retained : {0, 1000, 2048}) {
        const segments::LayerBits bits = traffic.of(segment_of, segment, retained);
        ASSERT_TRUE(same(bits, slow.of(segment_of, segment, retained))) << seed;
        busy += bits.load_bits > 0 && bits.store_bits > 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(busy, 2000);
}

TEST(SpanTraffic, EqualsTheTwinOfEverySpan) {
  std::int64_t busy = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    Random random(seed, 35);
    const Workload workload = Moving(random).finish();
    const std::vector<OperatorId> layers = test::operators_with_macs(workload);
    const segments::LayerTraffic traffic(workload, layers);
    const test::SlowLayerTraffic slow(workload, layers);
    const std::int64_t retained = std::array{0, 1000, 2048}[random.below(3)];
    const segments::SpanTraffic spans(traffic, retained);
    const auto count = static_cast<std::int32_t>(layers.size());
    for (std::int32_t begin = 0; begin < count; ++begin) {
      for (std::int32_t end = begin + 1; end <= count; ++end) {
        std::vector<std::int32_t> segment_of(layers.size(), 0);
        std::fill(segment_of.begin() + begin, segment_of.begin() + end, 1);
        const segments::LayerBits bits = spans.of({begin, end});
        ASSERT_TRUE(same(bits, slow.of(segment_of, 1, retained)))
            << seed << " span " << begin << ".." << end;
        busy += bits.load_bits > 0 && bits.store_bits > 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(busy, 5000);
}

}  // namespace
}  // namespace imbrex
