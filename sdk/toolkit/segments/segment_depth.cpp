#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_depth.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace imbrex::segments {
namespace {

bool balanced(std::span<const LayerWords> segment, const DepthLimits& limits) {
  if (static_cast<std::int64_t>(segment.size()) > limits.share_units) {
    return false;
  }
  std::vector<std::int64_t> work(segment.size());
  std::transform(segment.begin(), segment.end(), work.begin(),
                 [](const LayerWords& layer) { return layer.macs; });
  return spatial::utilisation(work, spatial::min_max_shares(work, limits.share_units)) >=
         limits.least_utilisation;
}

// Skip tensors that end in `layer` and start inside the segment.
std::int64_t closed_words(std::span<const SkipTensor> skips, std::size_t begin,
                          std::size_t layer) noexcept {
  std::int64_t words = 0;
  for_each_skip_into(skips, static_cast<std::int32_t>(layer), static_cast<std::int32_t>(begin),
                     [&](const SkipTensor& skip) { words += skip.words; });
  return words;
}

}  // namespace

Spans joining_spans(std::span<const LayerWords> layers, const DepthLimits& limits) {
  std::vector<std::int32_t> largest_ends;
  for (std::size_t begin = 0; begin < layers.size(); ++begin) {
    auto weights = static_cast<double>(layers[begin].weight_words);
    std::size_t end = begin + 1;
    while (end < layers.size() && static_cast<std::int64_t>(end - begin) < limits.most_layers &&
           layers[end - 1].joins_next) {
      weights += static_cast<double>(layers[end].weight_words);
      if (weights > limits.resident_weight_words) {
        break;
      }
      ++end;
    }
    largest_ends.push_back(static_cast<std::int32_t>(end));
  }
  return Spans(std::move(largest_ends));
}

Ends greedy_segments(const LayerSequence& sequence, const DepthLimits& limits) {
  const std::span<const LayerWords> layers = sequence.layers;
  const Spans joining = joining_spans(layers, limits);
  std::vector<std::int32_t> largest_ends;
  for (std::size_t begin = 0; begin < layers.size(); ++begin) {
    const auto furthest =
        static_cast<std::size_t>(joining.largest_end(static_cast<std::int32_t>(begin)));
    auto weights = static_cast<double>(layers[begin].weight_words);
    std::size_t end = begin + 1;
    for (; end < furthest; ++end) {
      weights += static_cast<double>(layers[end].weight_words);
      const auto saved = static_cast<double>(layers[end - 1].handed_words +
                                             closed_words(sequence.skips, begin, end));
      if (!(saved >= limits.words_per_weight * weights) ||
          !balanced(layers.subspan(begin, end + 1 - begin), limits)) {
        break;
      }
    }
    largest_ends.push_back(static_cast<std::int32_t>(end));
  }
  return greedy(Spans(std::move(largest_ends)));
}

Ends optimal_segments(const LayerSequence& sequence, const DepthLimits& limits,
                      std::int64_t retained_words) {
  const std::span<const LayerWords> layers = sequence.layers;
  const SegmentWords all(sequence, retained_words);
  const auto words = [&](UnitSpan span, double, double) {
    const auto depth = static_cast<std::size_t>(span.end - span.begin);
    const bool possible =
        depth == 1 || balanced(layers.subspan(static_cast<std::size_t>(span.begin), depth), limits);
    return possible ? static_cast<double>(all.of(span)) : std::numeric_limits<double>::infinity();
  };
  return shortest_path(joining_spans(layers, limits), words);
}

}  // namespace imbrex::segments
