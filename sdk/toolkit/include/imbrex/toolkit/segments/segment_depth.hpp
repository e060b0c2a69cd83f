// Which neighbouring layers form a pipelined segment: the greedy heuristic and the exact choice,
// both as searches over spans of layers (`segment_search.hpp`). Pure. [any thread]
// Source: specification pipeorgan, section 4.3.
#pragma once

#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace imbrex::segments {

struct DepthLimits {
  double words_per_weight = 1;       // theta: least words saved per weight word resident; greedy
  double resident_weight_words = 0;  // eta * global buffer; bounds segments of two and more
  std::int32_t most_layers = 1;      // Dmax
  double least_utilisation = 0;      // 1 - u_drop, of shares in whole `share_units`
  std::int64_t share_units = 1;      // what shares are dealt in: columns, or groups of elements
};
inline constexpr double kUnboundedWords = std::numeric_limits<double>::infinity();

// Words to and from external memory of a span of layers as one segment: its input, its output, all
// weights once, skip tensors that enter, and once each output inside that is needed later. Tensors
// of at most `retained_words` wait in the global buffer between segments and cost nothing (0: none
// do). The first input and the last output of the network are never retained. O(layers + skips).
std::int64_t segment_words(const LayerSequence& sequence, UnitSpan span,
                           std::int64_t retained_words = 0);

// `segment_words` of any span, after one look at all skips: they are many more than a span has
// layers where a residual stream is long.
class SegmentWords {
 public:
  // Keeps a reference. O(skips * log skips).
  SegmentWords(const LayerSequence& sequence, std::int64_t retained_words);

  // Equals `segment_words`. O(layers of the span * log skips).
  std::int64_t of(UnitSpan span) const;

 private:
  // Skips of one layer, by the layer at the other end.
  struct Skip {
    std::int32_t end = 0;
    std::int64_t words = 0;  // of this and all before it; of a layer's outputs the most from it on
  };
  // Those of layer i are [first[i], first[i + 1]).
  struct Skips {
    std::vector<std::size_t> first;
    std::vector<Skip> all;
    std::span<const Skip> of(std::size_t layer) const noexcept {
      return std::span(all).subspan(first[layer], first[layer + 1] - first[layer]);
    }
  };
  void add_up(std::span<const SkipTensor> skips);

  const LayerSequence& sequence_;
  std::int64_t retained_words_;
  std::vector<std::int64_t> weights_before_;  // each layer
  Skips into_;
  Skips from_;
};

// Spans of layers that join one another, as deep as the limits have it, with their weights resident
// together. Utilisation is not among what bounds them: more layers may balance what fewer do not.
// O(layers * depth).
Spans joining_spans(std::span<const LayerWords> layers, const DepthLimits& limits);

// A segment grows while the tensor it would keep inside (and skip tensors that close with it)
// outweighs theta times the weights that would be resident, and all limits hold.
// O(layers * depth * log units).
Ends greedy_segments(const LayerSequence& sequence, const DepthLimits& limits);
// Least sum of `segment_words` under the same limits but theta; ties as `shortest_path`. Never more
// words than greedy_segments. Exact for sums below 2^53. O(layers * depth^2 * log skips), and the
// skips once.
Ends optimal_segments(const LayerSequence& sequence, const DepthLimits& limits,
                      std::int64_t retained_words = 0);

}  // namespace imbrex::segments
