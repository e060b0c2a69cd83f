// What crosses the borders of segments, every word once. All words have 8 bits unless said
// otherwise; the 1x1 layers have 4 channels and 16 weights on 8x8 positions: 256 words a tensor.
#include "layers.hpp"
#include "traffic_network.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

struct Words {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kept_in = 0;
  std::int64_t kept_out = 0;
  friend bool operator==(const Words&, const Words&) = default;
};
void PrintTo(const Words& words, std::ostream* to) {
  *to << "in " << words.in << " out " << words.out << " kept in " << words.kept_in << " kept out "
      << words.kept_out;
}

using test::Network;

// By segment, in words of 8 bits.
std::vector<Words> words_of(Network& network, const std::vector<std::int32_t>& segment_of,
                            std::int64_t retained_words = 0) {
  const Workload workload = network.finish();
  const segments::LayerTraffic traffic(workload, test::operators_with_macs(workload));
  std::vector<Words> result;
  for (std::int32_t s = 0; s <= segment_of.back(); ++s) {
    const segments::LayerBits bits = traffic.of(segment_of, s, retained_words * 8);
    result.push_back({bits.load_bits / 8, bits.store_bits / 8, bits.retained_in_bits / 8,
                      bits.retained_out_bits / 8});
  }
  return result;
}

using All = std::vector<Words>;

void residual(Network& network) {
  const TensorId a = network.layer("a", network.image("x"));
  const TensorId b = network.layer("b", a);
  const TensorId c = network.layer("c", a);
  network.layer("d", network.sum("sum", b, c));
}

TEST(LayerTraffic, BothOperandsOfAResidualAreRead) {
  Network one;
  residual(one);
  EXPECT_EQ(words_of(one, {0, 1, 2, 3}), (All{{256, 256}, {256, 256}, {256, 256}, {512, 256}}));
  Network two;
  residual(two);
  EXPECT_EQ(words_of(two, {0, 0, 1, 1}), (All{{256, 512}, {512, 256}}));
  Network whole;
  residual(whole);
  EXPECT_EQ(words_of(whole, {0, 0, 0, 0}), (All{{256, 256}}));
}

TEST(LayerTraffic, InputsOfTheNetworkAreReadWhereverTheyEnter) {
  Network cache;  // 8 new tokens against 64 cached ones
  const TensorId q = cache.dense("q", cache.input("x", {2, {8, 16}}), 16);
  cache.matmul("scores", q, cache.input("cache", {2, {16, 64}}));
  EXPECT_EQ(words_of(cache, {0, 0}), (All{{128 + 1024, 512}}));

  Network skip;  // the input again, behind the first layer: on the chip already
  const TensorId x = skip.image("x");
  skip.layer("b", skip.sum("sum", skip.layer("a", x), x));
  EXPECT_EQ(words_of(skip, {0, 0}), (All{{256, 256}}));

  Network cat;
  const TensorId parts[] = {cat.layer("a", cat.image("x")), cat.image("y")};
  cat.layer("b", cat.concat("cat", parts, 1));
  EXPECT_EQ(words_of(cat, {0, 1}), (All{{256, 256}, {512, 256}}));
}

TEST(LayerTraffic, MovementNarrowsWhatIsStored) {
  Network pooled;
  pooled.layer("b", pooled.halved("pool", pooled.layer("a", pooled.image("x"))));
  EXPECT_EQ(words_of(pooled, {0, 1}), (All{{256, 64}, {64, 64}}));

  Network enlarged;
  const TensorId a = enlarged.layer("a", enlarged.image("x"));
  enlarged.layer(
      "b", enlarged.resize("up", a, {4, {1, 4, 16, 16}}, WorkloadBuilder::ResizeMode::nearest));
  EXPECT_EQ(words_of(enlarged, {0, 1}), (All{{256, 256}, {256, 1024}}));

  Network gated;  // a * sigmoid(a), pooled: one tensor crosses
  const TensorId g = gated.layer("a", gated.image("x"));
  gated.layer("b", gated.halved("pool", gated.sum("gate", g, gated.activation("sigmoid", g))));
  EXPECT_EQ(words_of(gated, {0, 1}), (All{{256, 64}, {64, 64}}));

  Network outside;  // nobody has pooled the input of the network
  outside.layer("a", outside.halved("pool", outside.image("x")));
  EXPECT_EQ(words_of(outside, {0}), (All{{256, 64}}));

  Network both;  // one reads all of it, one the pooled words
  const TensorId m = both.layer("a", both.image("x"));
  both.layer("b", m);
  both.layer("c", both.halved("pool", m));
  EXPECT_EQ(words_of(both, {0, 1, 2}), (All{{256, 320}, {256, 256}, {64, 64}}));
}

TEST(LayerTraffic, SlicesOfOneTensorAreStoredOnce) {
  Network sliced;
  const TensorId a = sliced.layer("a", sliced.image("x"));
  sliced.layer("b", sliced.slice("low", a, 1, 0, 2));
  sliced.layer("c", sliced.slice("high", a, 1, 1, 4));
  EXPECT_EQ(words_of(sliced, {0, 1, 2}), (All{{256, 256}, {128, 256}, {192, 256}}));
}

TEST(LayerTraffic, ResultsAreWrittenAsTheNetworkGivesThem) {
  Network sum;  // made where the later operand is
  sum.sum("sum", sum.layer("a", sum.image("x")), sum.layer("b", sum.image("y")));
  EXPECT_EQ(words_of(sum, {0, 1}), (All{{256, 256}, {512, 256}}));

  Network enlarged;
  const TensorId a = enlarged.layer("a", enlarged.image("x"));
  enlarged.resize("up", a, {4, {1, 4, 16, 16}}, WorkloadBuilder::ResizeMode::nearest);
  EXPECT_EQ(words_of(enlarged, {0}), (All{{256, 1024}}));

  Network read_on;  // a result that a later layer reads, too: stored once
  const TensorId r = read_on.layer("a", read_on.image("x"));
  read_on.output(r);
  read_on.output(read_on.layer("b", r));
  EXPECT_EQ(words_of(read_on, {0, 1}), (All{{256, 256}, {256, 256}}));
}

TEST(LayerTraffic, OnlyTensorsBetweenLayersWait) {
  Network apart;
  apart.layer("a", apart.image("x"));
  apart.layer("b", apart.image("y"));
  EXPECT_EQ(words_of(apart, {0, 1}, 1000), (All{{256, 256}, {256, 256}}));

  Network chain;
  chain.layer("b", chain.layer("a", chain.image("x")));
  EXPECT_EQ(words_of(chain, {0, 1}, 256), (All{{256, 0, 0, 256}, {0, 256, 256, 0}}));

  Network just_too_large;
  just_too_large.layer("b", just_too_large.layer("a", just_too_large.image("x")));
  EXPECT_EQ(words_of(just_too_large, {0, 1}, 255), (All{{256, 256}, {256, 256}}));

  Network with_input;  // what waits is a's result, not the input that d reads beside it
  const TensorId x = with_input.image("x");
  with_input.layer("b", with_input.sum("sum", with_input.layer("a", x), x));
  EXPECT_EQ(words_of(with_input, {0, 1}, 1000), (All{{256, 0, 0, 256}, {256, 256, 256, 0}}));
}

TEST(LayerTraffic, EveryTensorHasItsOwnWidth) {
  Network wide;
  wide.layer("b", wide.layer("a", wide.image("x"), 16), 4);
  EXPECT_EQ(words_of(wide, {0, 1}), (All{{256, 512}, {512, 128}}));

  Network attention;  // queries of 8 bits, a cache of 4
  const TensorId q = attention.input("q", {2, {8, 16}}, 8);
  attention.matmul("scores", q, attention.input("k", {2, {16, 64}}, 4));
  EXPECT_EQ(words_of(attention, {0}), (All{{128 + 512, 512}}));
}

// Layers that read one another and the input directly: products with weights, or of two operands.
Workload random_layers(Random& random) {
  WorkloadBuilder network("layers");
  std::vector<TensorId> made{network.input("x", {2, {8, 8}}, 4)};
  const std::int64_t count = random.between(1, 9);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string name = "layer" + std::to_string(i);
    const TensorId a = made[random.below(made.size())];
    const TensorId b = made[random.below(made.size())];
    made.push_back(random.below(2) == 0 || a == b ? network.dense(name, a, 8)
                                                  : network.matmul(name, a, b));
    if (random.below(5) == 0) {
      network.output(made.back());
    }
  }
  return network.finish();
}

TEST(LayerTraffic, EqualsThatOfSlicesWhereNothingLiesBetweenLayers) {
  std::int64_t crossing = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed, 31);
    const Workload workload = random_layers(random);
    const std::vector<OperatorId> layers = test::operators_with_macs(workload);
    std::vector<segments::ChannelHome> homes;
    for (const OperatorId id : layers) {
      const LoopBounds& bounds = workload.at(id).bounds;
      homes.push_back(
          {id, {0, bounds[Dim::G] * bounds[Dim::K]}, static_cast<std::int32_t>(homes.size())});
    }
    const segments::LayerTraffic traffic(workload, layers);
    const segments::SliceTraffic slices(workload, homes);
    const auto count = static_cast<std::int32_t>(layers.size());
    for (std::int32_t begin = 0; begin < count; ++begin) {
      for (std::int32_t end = begin + 1; end <= count; ++end) {
        const segments::LayerBits bits = traffic.of({begin, end}, 0);
        ASSERT_EQ(bits.load_bits, slices.load_bits({begin, end})) << seed;
        ASSERT_EQ(bits.store_bits, slices.store_bits({begin, end})) << seed;
        crossing += begin > 0 && end < count && bits.load_bits > 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(crossing, 500);
}

}  // namespace
}  // namespace imbrex
