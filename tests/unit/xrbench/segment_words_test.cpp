// Words of many spans of one sequence, against looking at all skips for each.
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_depth.hpp>

#include <algorithm>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

segments::LayerSequence random_sequence(Random& random) {
  segments::LayerSequence sequence;
  sequence.layers.resize(1 + random.below(20));
  for (segments::LayerWords& layer : sequence.layers) {
    layer.weight_words = random.between(0, 50);
    layer.input_words = random.between(1, 100);
    layer.output_words = random.between(1, 100);
  }
  const auto count = static_cast<std::int32_t>(sequence.layers.size());
  for (std::int32_t producer = 0; producer + 1 < count; ++producer) {
    for (std::int32_t consumer = producer + 2; consumer <= count + 2; ++consumer) {
      if (random.below(3) == 0) {
        sequence.skips.push_back({producer, consumer, random.between(1, 100)});
      }
    }
  }
  std::sort(sequence.skips.begin(), sequence.skips.end(), [](const auto& a, const auto& b) {
    return std::tie(a.consumer, a.producer) < std::tie(b.consumer, b.producer);
  });
  return sequence;
}

TEST(SegmentWords, EqualThoseOfEverySpanByItself) {
  std::size_t compared = 0;
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    Random random(53, trial);
    const segments::LayerSequence sequence = random_sequence(random);
    const std::int64_t retained = random.below(2) == 0 ? 0 : random.between(1, 100);
    const segments::SegmentWords words(sequence, retained);
    const auto count = static_cast<std::int32_t>(sequence.layers.size());
    for (std::int32_t begin = 0; begin < count; ++begin) {
      for (std::int32_t end = begin + 1; end <= count; ++end, ++compared) {
        ASSERT_EQ(words.of({begin, end}), segments::segment_words(sequence, {begin, end}, retained))
            << "trial " << trial << " span " << begin << ".." << end;
      }
    }
  }
  EXPECT_GT(compared, 10000U);
}

}  // namespace
}  // namespace imbrex
