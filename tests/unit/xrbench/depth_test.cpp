// Depth of pipelined segments: specification pipeorgan, sections 4.3 and 9.3, section 11 item 12.
#include "xrbench_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using segments::Ends;

xrbench::Histogram histogram(const Ends& ends) {
  xrbench::Histogram result;
  for (const UnitSpan span : segments::spans_of(ends)) {
    ++result[span.end - span.begin];
  }
  return result;
}

std::int64_t total_words(const segments::LayerSequence& sequence, const Ends& ends,
                         std::int64_t retained = 0) {
  std::int64_t words = 0;
  for (const UnitSpan span : segments::spans_of(ends)) {
    words += segments::segment_words(sequence, span, retained);
  }
  return words;
}

Ends layer_by_layer(const segments::LayerSequence& sequence) {
  Ends ends;
  for (std::size_t i = 1; i <= sequence.layers.size(); ++i) {
    ends.push_back(static_cast<std::int32_t>(i));
  }
  return ends;
}

struct Ratios {
  double greedy = 1, optimal = 1, retained = 1;  // geometric means
};

Ratios ratios(const std::vector<xrbench::Network>& networks) {
  Ratios product;
  for (const xrbench::Network& network : networks) {
    const segments::LayerSequence sequence = xrbench::sequence(network);
    const Ends greedy = segments::greedy_segments(sequence, test::kPublishedLimits);
    const Ends optimal = segments::optimal_segments(sequence, test::kPublishedLimits);
    const Ends single = layer_by_layer(sequence);
    const auto base = static_cast<double>(total_words(sequence, single));
    const auto words = total_words(sequence, greedy);
    EXPECT_EQ(histogram(greedy), network.depths) << network.file;
    EXPECT_LE(total_words(sequence, optimal), words) << network.file;
    const double ratio = static_cast<double>(words) / base;
    constexpr std::int64_t kRetained = 512 * 1024;
    const double retained = static_cast<double>(total_words(sequence, greedy, kRetained)) /
                            static_cast<double>(total_words(sequence, single, kRetained));
    if (network.words_ratio >= 0) {
      EXPECT_NEAR(ratio, network.words_ratio, 5.1e-3) << network.file;
      EXPECT_NEAR(retained, network.words_ratio_retained, 5.1e-3) << network.file;
    }
    product.greedy *= ratio;
    product.optimal *= static_cast<double>(total_words(sequence, optimal)) / base;
    product.retained *= retained;
  }
  const double root = 1.0 / static_cast<double>(networks.size());
  return {std::pow(product.greedy, root), std::pow(product.optimal, root),
          std::pow(product.retained, root)};
}

TEST(Depth, HasTheHistogramsAndWordsOfTheSpecificationAsEncoded) {
  const Ratios got = ratios(xrbench::networks());
  EXPECT_NEAR(got.greedy, 0.715, 5e-4);
  EXPECT_NEAR(got.optimal, 0.560, 5e-4);
  EXPECT_NEAR(got.retained, 0.909, 5e-4);
}

TEST(Depth, HasTheHistogramsAndWordsOfTheSpecificationCorrected) {
  const Ratios got = ratios(xrbench::all_corrected());
  EXPECT_NEAR(got.greedy, 0.609, 5e-4);
  EXPECT_NEAR(got.optimal, 0.437, 5e-4);
  EXPECT_NEAR(got.retained, 0.822, 5e-4);
}

TEST(GreedyDepth, NeverPipelinesWhenWeightsCountInfinitely) {
  for (const xrbench::Network& network : xrbench::networks()) {
    const segments::LayerSequence sequence = xrbench::sequence(network);
    segments::DepthLimits limits = test::kPublishedLimits;
    limits.words_per_weight = segments::kUnboundedWords;
    EXPECT_EQ(segments::greedy_segments(sequence, limits), layer_by_layer(sequence))
        << network.file;
  }
}

TEST(GreedyDepth, TakesTheLongestChainsWithoutLimits) {
  for (const xrbench::Network& network : xrbench::networks()) {
    const segments::LayerSequence sequence = xrbench::sequence(network);
    const segments::DepthLimits none{0, segments::kUnboundedWords, 32, 0, 128};
    Ends want;
    std::int32_t begin = 0;
    const auto count = static_cast<std::int32_t>(sequence.layers.size());
    for (std::int32_t end = 1; end <= count; ++end) {
      const bool on = end < count && sequence.layers[static_cast<std::size_t>(end) - 1].joins_next;
      if (!on || end - begin == 32) {
        want.push_back(end);
        begin = end;
      }
    }
    EXPECT_EQ(segments::greedy_segments(sequence, none), want) << network.file;
  }
}

// --- Random chains with skips
// ----------------------------------------------------------------------

segments::LayerSequence random_sequence(Random& random, int layers) {
  segments::LayerSequence sequence;
  for (int i = 0; i < layers; ++i) {
    segments::LayerWords layer;
    layer.weight_words = random.between(1, 200);
    layer.input_words = random.between(1, 300);
    layer.output_words = random.between(1, 300);
    layer.handed_words = random.between(1, layer.output_words);
    layer.macs = random.between(1, 1000);
    layer.joins_next = random.below(5) > 0;
    sequence.layers.push_back(layer);
  }
  for (int i = 0; i < 3; ++i) {
    const auto producer =
        static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(layers)));
    const auto consumer = static_cast<std::int32_t>(random.between(producer + 2, layers + 2));
    sequence.skips.push_back({producer, consumer, random.between(1, 300)});
  }
  std::stable_sort(sequence.skips.begin(), sequence.skips.end(), [](const auto& a, const auto& b) {
    return std::pair(a.consumer, a.producer) < std::pair(b.consumer, b.producer);
  });
  return sequence;
}

// Every set of cuts.
std::int64_t least_words(const segments::LayerSequence& sequence,
                         const segments::DepthLimits& limits) {
  const auto layers = sequence.layers.size();
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t cuts = 0; cuts < (1U << (layers - 1)); ++cuts) {
    Ends ends;
    std::size_t begin = 0;
    bool legal = true;
    for (std::size_t end = 1; end <= layers; ++end) {
      if (end < layers && ((cuts >> (end - 1)) & 1U) == 0) {
        continue;
      }
      double weights = 0;
      for (std::size_t i = begin; i < end; ++i) {
        weights += static_cast<double>(sequence.layers[i].weight_words);
        legal = legal && (i + 1 == end || sequence.layers[i].joins_next);
      }
      legal = legal && (end - begin == 1 || weights <= limits.resident_weight_words) &&
              end - begin <= static_cast<std::size_t>(limits.most_layers);
      ends.push_back(static_cast<std::int32_t>(end));
      begin = end;
    }
    if (legal) {
      best = std::min(best, total_words(sequence, ends));
    }
  }
  return best;
}

TEST(OptimalDepth, EqualsEveryChoiceOfCuts) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Random random(seed, 9);
    const segments::LayerSequence sequence =
        random_sequence(random, static_cast<int>(random.between(1, 9)));
    const segments::DepthLimits limits{1, static_cast<double>(random.between(100, 900)),
                                       static_cast<std::int32_t>(random.between(1, 6)), 0, 16};
    const Ends ends = segments::optimal_segments(sequence, limits);
    EXPECT_EQ(total_words(sequence, ends), least_words(sequence, limits)) << "seed " << seed;
    EXPECT_LE(total_words(sequence, ends),
              total_words(sequence, segments::greedy_segments(sequence, limits)))
        << "seed " << seed;
  }
}

TEST(OptimalDepth, OfEqualWordsHasTheLongerSegmentsLate) {
  segments::LayerSequence sequence;
  sequence.layers.assign(3, segments::LayerWords{1, 0, 0, 0, 1, true});
  const segments::DepthLimits pairs{1, segments::kUnboundedWords, 2, 0, 16};
  EXPECT_EQ(segments::optimal_segments(sequence, pairs), (Ends{1, 3}));
}

// Three layers do not share four units evenly, four do.
TEST(OptimalDepth, GoesOnBehindASegmentThatIsNotBalanced) {
  segments::LayerSequence sequence;
  sequence.layers.assign(4, segments::LayerWords{0, 10, 10, 10, 1, true});
  const segments::DepthLimits even{1, segments::kUnboundedWords, 4, 0.9, 4};
  EXPECT_EQ(segments::optimal_segments(sequence, even), (Ends{4}));
}

TEST(SegmentWords, CountSkipsThatEnterOrLeaveOnce) {
  segments::LayerSequence sequence;
  sequence.layers.assign(4, segments::LayerWords{10, 100, 200, 200, 1, true});
  sequence.skips = {{0, 2, 50}, {0, 3, 50}, {1, 4, 70}};
  const auto words = [&](std::int32_t begin, std::int32_t end, std::int64_t retained) {
    return segments::segment_words(sequence, {begin, end}, retained);
  };
  EXPECT_EQ(words(0, 1, 0), 100 + 200 + 10);            // its output is written once
  EXPECT_EQ(words(0, 2, 0), 100 + 200 + 20 + 50);       // layer 0's output besides, once
  EXPECT_EQ(words(1, 3, 0), 100 + 200 + 20 + 50 + 70);  // reads layer 0's, writes layer 1's
  EXPECT_EQ(words(2, 3, 0), 100 + 200 + 10);            // the input counts whole
  EXPECT_EQ(words(0, 4, 0), 100 + 200 + 40 + 70);       // an output of the network leaves
  EXPECT_EQ(words(1, 3, 100), 0 + 200 + 20);
  EXPECT_EQ(words(1, 3, 200), 0 + 0 + 20);
  EXPECT_EQ(words(0, 4, 200), 100 + 200 + 40);  // the network's own input and output stay outside
}

// Chains of layers whose results are added to what came before, narrowed and widened on the way.
Workload random_stream(Random& random) {
  WorkloadBuilder builder("stream");
  ConvolutionParams params;
  params.output_channels = 4;
  std::vector<TensorId> made = {builder.input("x", {4, {1, 4, 4, 4, 1, 1}}, 8)};
  for (std::int64_t i = random.between(4, 30); i > 0; --i) {
    const std::string name = "n" + std::to_string(i);
    const TensorId latest = made.back();
    const TensorId other = made[random.below(made.size())];
    if (random.below(2) == 0 && latest != other) {
      const TensorId operands[] = {latest, other};
      made.push_back(builder.elementwise(name, operands));
    } else if (random.below(5) == 0) {
      made.push_back(
          builder.concat(name,
                         std::vector<TensorId>{builder.slice(name + "a", latest, 1, 0, 2),
                                               builder.slice(name + "b", latest, 1, 2, 4)},
                         1));
    } else {
      made.push_back(builder.convolution(name, latest, params));
    }
  }
  builder.convolution("last", made.back(), params);
  return builder.finish();
}

// With a reach, as all skips without those that reach further.
TEST(LayerSequence, LeavesOutSkipsBeyondItsReachAndNothingElse) {
  std::size_t left_out = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed, 37);
    const Workload workload = random_stream(random);
    const std::vector<OperatorId> layers = test::operators_with_macs(workload);
    const segments::LayerSequence all = segments::layer_sequence(workload, layers);
    const std::int64_t reach = random.between(1, 6);
    const segments::LayerSequence near = segments::layer_sequence(workload, layers, reach);
    const auto count = static_cast<std::int32_t>(layers.size());
    std::vector<segments::SkipTensor> kept = all.skips;
    std::erase_if(kept, [&](const segments::SkipTensor& skip) {
      return skip.consumer < count && skip.consumer - skip.producer > reach;
    });
    left_out += all.skips.size() - kept.size();
    ASSERT_EQ(near.skips.size(), kept.size()) << seed;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      ASSERT_EQ(near.skips[i].producer, kept[i].producer) << seed;
      ASSERT_EQ(near.skips[i].consumer, kept[i].consumer) << seed;
      ASSERT_EQ(near.skips[i].words, kept[i].words) << seed;
    }
    for (std::size_t i = 0; i < all.layers.size(); ++i) {
      ASSERT_EQ(near.layers[i].joins_next, all.layers[i].joins_next) << seed;
      ASSERT_EQ(near.layers[i].handed_words, all.layers[i].handed_words) << seed;
    }
  }
  EXPECT_GT(left_out, 500U);
}

TEST(LayerSequence, TurnsJoinsIntoSkips) {
  const Workload workload = imbrex_test::preset("resnet18");
  const segments::LayerSequence sequence =
      segments::layer_sequence(workload, test::operators_with_macs(workload));
  ASSERT_EQ(sequence.layers.size(), 20U);
  // Identity blocks: the stem (and every sum) is read again two convolutions on.
  EXPECT_FALSE(sequence.skips.empty());
  for (const segments::SkipTensor& skip : sequence.skips) {
    EXPECT_GT(skip.consumer, skip.producer + 1);
  }
}

}  // namespace

}  // namespace imbrex
