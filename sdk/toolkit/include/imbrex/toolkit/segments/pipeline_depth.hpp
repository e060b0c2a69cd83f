// Which neighbouring layers form a pipelined segment: the greedy heuristic and the exact choice.
// Layers are in topological order; a segment is a run of them. Pure. [any thread]
// Source: specification pipeorgan, section 4.3.
#pragma once

#include <imbrex/values/workload.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace imbrex::segments {

struct PipelineLayer {
  std::int64_t weight_words = 0;
  std::int64_t input_words = 0;   // read from outside when the layer starts a segment
  std::int64_t output_words = 0;  // written when it ends one
  std::int64_t handed_words = 0;  // of the output, those the next layer reads; 0 for the last one
  std::int64_t macs = 0;
  bool joins_next = false;  // the next layer may sit in the same segment
};

// A tensor that skips layers: made by `producer`, read by `consumer` > producer + 1. A consumer
// beyond the last layer stands for an output of the network.
struct SkipTensor {
  std::int32_t producer = 0;
  std::int32_t consumer = 0;
  std::int64_t words = 0;
};

struct DepthLimits {
  double words_per_weight = 1;       // theta: least words saved per weight word resident; greedy
  double resident_weight_words = 0;  // eta * global buffer; bounds segments of two and more
  std::int32_t most_layers = 1;      // Dmax
  double least_utilisation = 0;      // 1 - u_drop, of shares in whole `share_units`
  std::int64_t share_units = 1;      // what shares are dealt in: columns, or groups of elements
};
inline constexpr double kUnboundedWords = std::numeric_limits<double>::infinity();

// A network as a sequence of layers: the mapped operators in workload order, words being elements.
// A layer joins the next when that one reads its output, through movement operators or not; what it
// hands over is then at most what either side of those holds. Other edges are skips, also of a
// tensor that the next layer reads too.
struct PipelineProblem {
  std::vector<OperatorId> operators;  // of the layers
  std::vector<PipelineLayer> layers;
  std::vector<SkipTensor> skips;  // by consumer, then producer
};
// `mapped`: ascending. O(operators * layers) at worst.
PipelineProblem pipeline_problem(const Workload& workload, std::span<const OperatorId> mapped);

// Words to and from external memory of layers [begin, end) as one segment: its input, its output,
// all weights once, skip tensors that enter, and once each output inside that is needed later.
// Tensors of at most `retained_words` wait
// in the global buffer between segments and cost nothing (0: none do). The first input and the last
// output of the network are never retained. O(layers + skips).
std::int64_t segment_words(std::span<const PipelineLayer> layers, std::span<const SkipTensor> skips,
                           std::size_t begin, std::size_t end, std::int64_t retained_words = 0);

// Ends of the segments, ascending; the last is the number of layers.
// Greedy: a segment grows while the tensor it would keep inside (and skip tensors that close with
// it) outweighs theta times the weights that would be resident, and the limits hold.
// O(layers * depth * log units).
std::vector<std::int32_t> greedy_segments(std::span<const PipelineLayer> layers,
                                          std::span<const SkipTensor> skips,
                                          const DepthLimits& limits);
// Least sum of segment_words under the same limits but theta; of equal sums the one whose last
// segments are longest. Never more words than greedy_segments. O(layers * depth^2).
std::vector<std::int32_t> optimal_segments(std::span<const PipelineLayer> layers,
                                           std::span<const SkipTensor> skips,
                                           const DepthLimits& limits,
                                           std::int64_t retained_words = 0);

}  // namespace imbrex::segments
