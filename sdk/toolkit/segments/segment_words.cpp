#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_depth.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace imbrex::segments {
namespace {

// What the first layer reads and the last one writes.
std::int64_t words_at_the_ends(std::span<const LayerWords> layers, std::size_t begin,
                               std::size_t end, std::int64_t retained_words) {
  IMBREX_ASSERT(begin < end && end <= layers.size());
  const std::int64_t in = layers[begin].input_words;
  const std::int64_t out = layers[end - 1].output_words;
  return (begin > 0 && in <= retained_words ? 0 : in) +
         (end < layers.size() && out <= retained_words ? 0 : out);
}

// Skip tensors that enter anywhere but at the first layer, whose input counts whole, and outputs
// that are written although the segment goes on.
std::int64_t crossing_words(std::span<const SkipTensor> skips, std::size_t begin, std::size_t end,
                            std::int64_t retained_words) {
  std::int64_t words = 0;
  std::vector<std::int64_t> written(end - begin, 0);
  for (const SkipTensor& skip : skips) {
    const auto producer = static_cast<std::size_t>(skip.producer);
    const auto consumer = static_cast<std::size_t>(skip.consumer);
    if (skip.words <= retained_words) {
      continue;
    }
    if (producer < begin && consumer > begin && consumer < end) {
      words += skip.words;
    }
    if (producer >= begin && producer + 1 < end && consumer >= end) {
      written[producer - begin] = std::max(written[producer - begin], skip.words);
    }
  }
  return std::accumulate(written.begin(), written.end(), words);
}

}  // namespace

std::int64_t segment_words(const LayerSequence& sequence, UnitSpan span,
                           std::int64_t retained_words) {
  const auto begin = static_cast<std::size_t>(span.begin);
  const auto end = static_cast<std::size_t>(span.end);
  std::int64_t words = words_at_the_ends(sequence.layers, begin, end, retained_words);
  for (std::size_t i = begin; i < end; ++i) {
    words += sequence.layers[i].weight_words;
  }
  return words + crossing_words(sequence.skips, begin, end, retained_words);
}

SegmentWords::SegmentWords(const LayerSequence& sequence, std::int64_t retained_words)
    : sequence_(sequence), retained_words_(retained_words) {
  weights_before_.push_back(0);
  for (const LayerWords& layer : sequence.layers) {
    weights_before_.push_back(weights_before_.back() + layer.weight_words);
  }
  std::vector<SkipTensor> skips;  // that do not wait on the chip
  std::copy_if(sequence.skips.begin(), sequence.skips.end(), std::back_inserter(skips),
               [&](const SkipTensor& skip) { return skip.words > retained_words; });
  add_up(skips);
}

// Skips are in the order of their consumers; stable, so that each producer's are as well.
void SegmentWords::add_up(std::span<const SkipTensor> skips) {
  const std::size_t layers = sequence_.layers.size();
  into_.first.assign(layers + 2, 0);
  from_.first.assign(layers + 1, 0);
  for (const SkipTensor& skip : skips) {
    // Outputs of the network are all behind the last layer.
    ++into_.first[std::min(layers, static_cast<std::size_t>(skip.consumer)) + 1];
    ++from_.first[static_cast<std::size_t>(skip.producer) + 1];
  }
  std::partial_sum(into_.first.begin(), into_.first.end(), into_.first.begin());
  std::partial_sum(from_.first.begin(), from_.first.end(), from_.first.begin());
  into_.all.resize(skips.size());
  from_.all.resize(skips.size());
  std::vector<std::size_t> next = from_.first;
  for (std::size_t i = 0; i < skips.size(); ++i) {
    const SkipTensor& skip = skips[i];
    const bool again = i > 0 && skips[i - 1].consumer == skip.consumer;
    into_.all[i] = {skip.producer, skip.words + (again ? into_.all[i - 1].words : 0)};
    from_.all[next[static_cast<std::size_t>(skip.producer)]++] = {skip.consumer, skip.words};
  }
  for (std::size_t producer = 0; producer < layers; ++producer) {
    for (std::size_t i = from_.first[producer + 1]; i-- > from_.first[producer] + 1;) {
      from_.all[i - 1].words = std::max(from_.all[i - 1].words, from_.all[i].words);
    }
  }
}

std::int64_t SegmentWords::of(UnitSpan span) const {
  const auto begin = static_cast<std::size_t>(span.begin);
  const auto end = static_cast<std::size_t>(span.end);
  std::int64_t words = words_at_the_ends(sequence_.layers, begin, end, retained_words_) +
                       weights_before_[end] - weights_before_[begin];
  const auto from_end = [](std::span<const Skip> skips, std::int32_t least) {
    return std::ranges::lower_bound(skips, least, {}, &Skip::end);
  };
  for (std::size_t consumer = begin + 1; consumer < end; ++consumer) {
    const std::span<const Skip> skips = into_.of(consumer);
    const auto inside = from_end(skips, span.begin);
    words += inside == skips.begin() ? 0 : std::prev(inside)->words;
  }
  for (std::size_t producer = begin; producer + 1 < end; ++producer) {
    const std::span<const Skip> skips = from_.of(producer);
    const auto outside = from_end(skips, span.end);
    words += outside == skips.end() ? 0 : outside->words;
  }
  return words;
}

}  // namespace imbrex::segments
