#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/pipeline_depth.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::segments {
namespace {

bool balanced(std::span<const PipelineLayer> segment, const DepthLimits& limits) {
  if (static_cast<std::int64_t>(segment.size()) > limits.share_units) {
    return false;
  }
  std::vector<std::int64_t> work(segment.size());
  std::transform(segment.begin(), segment.end(), work.begin(),
                 [](const PipelineLayer& layer) { return layer.macs; });
  return spatial::utilisation(work, spatial::min_max_shares(work, limits.share_units)) >=
         limits.least_utilisation;
}

// Skip tensors that end in `layer` and start inside the segment.
std::int64_t closed_words(std::span<const SkipTensor> skips, std::size_t begin,
                          std::size_t layer) noexcept {
  std::int64_t words = 0;
  for (const SkipTensor& skip : skips) {
    const bool inside = static_cast<std::size_t>(skip.consumer) == layer &&
                        static_cast<std::size_t>(skip.producer) >= begin;
    words += inside ? skip.words : 0;
  }
  return words;
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

std::int64_t segment_words(std::span<const PipelineLayer> layers, std::span<const SkipTensor> skips,
                           std::size_t begin, std::size_t end, std::int64_t retained_words) {
  IMBREX_ASSERT(begin < end && end <= layers.size());
  const std::int64_t in = layers[begin].input_words;
  const std::int64_t out = layers[end - 1].output_words;
  std::int64_t words = begin > 0 && in <= retained_words ? 0 : in;
  words += end < layers.size() && out <= retained_words ? 0 : out;
  for (std::size_t i = begin; i < end; ++i) {
    words += layers[i].weight_words;
  }
  return words + crossing_words(skips, begin, end, retained_words);
}

std::vector<std::int32_t> greedy_segments(std::span<const PipelineLayer> layers,
                                          std::span<const SkipTensor> skips,
                                          const DepthLimits& limits) {
  std::vector<std::int32_t> ends;
  for (std::size_t begin = 0; begin < layers.size();) {
    std::size_t end = begin + 1;
    auto weights = static_cast<double>(layers[begin].weight_words);
    for (; end < layers.size() && end - begin < static_cast<std::size_t>(limits.most_layers) &&
           layers[end - 1].joins_next;
         ++end) {
      weights += static_cast<double>(layers[end].weight_words);
      const auto saved =
          static_cast<double>(layers[end - 1].handed_words + closed_words(skips, begin, end));
      if (!(saved >= limits.words_per_weight * weights) || weights > limits.resident_weight_words ||
          !balanced(layers.subspan(begin, end + 1 - begin), limits)) {
        break;
      }
    }
    ends.push_back(static_cast<std::int32_t>(end));
    begin = end;
  }
  return ends;
}

std::vector<std::int32_t> optimal_segments(std::span<const PipelineLayer> layers,
                                           std::span<const SkipTensor> skips,
                                           const DepthLimits& limits, std::int64_t retained_words) {
  // best[e]: least words of the first e layers; from[e]: where their last segment begins.
  std::vector<std::int64_t> best(layers.size() + 1, std::numeric_limits<std::int64_t>::max());
  std::vector<std::size_t> from(layers.size() + 1, 0);
  best[0] = 0;
  for (std::size_t begin = 0; begin < layers.size(); ++begin) {
    double weights = 0;
    const std::size_t last =
        std::min(layers.size(), begin + static_cast<std::size_t>(std::max(1, limits.most_layers)));
    for (std::size_t end = begin + 1; end <= last; ++end) {
      weights += static_cast<double>(layers[end - 1].weight_words);
      const bool single = end == begin + 1;
      if (!single && (!layers[end - 2].joins_next || weights > limits.resident_weight_words)) {
        break;
      }
      // More layers may balance what fewer do not.
      if (!single && !balanced(layers.subspan(begin, end - begin), limits)) {
        continue;
      }
      const std::int64_t words =
          best[begin] + segment_words(layers, skips, begin, end, retained_words);
      if (words < best[end]) {
        best[end] = words;
        from[end] = begin;
      }
    }
  }
  std::vector<std::int32_t> ends;
  for (std::size_t end = layers.size(); end > 0; end = from[end]) {
    ends.push_back(static_cast<std::int32_t>(end));
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

}  // namespace imbrex::segments
