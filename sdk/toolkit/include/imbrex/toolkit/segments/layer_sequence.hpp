// A network as layers in order, with the words that go from one to another: what the depths of
// pipelined segments are chosen from and what a cost model of arrays estimates them by. Where a
// sequence of weight units (`weight_units.hpp`) is cut between parts of layers, this one is cut
// between whole layers: on an array unit i is layer i. Pure. [any thread]
// Source: specification pipeorgan, section 4.3.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/workload.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace imbrex::segments {

// Words are elements.
struct LayerWords {
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

// The layers in workload order. A layer joins the next when that one reads its output, through
// movement operators or not; what it hands over is then at most what either side of those holds.
// Other edges are skips, also of a tensor that the next layer reads too.
struct LayerSequence {
  std::vector<OperatorId> operators;  // of the layers
  std::vector<LayerWords> layers;
  std::vector<SkipTensor> skips;  // by consumer, then producer
};

// Skips to a layer from those from `begin` on, by producer. `skips`: in order. A residual stream
// has many, so they are looked up. O(log(skips) + those visited).
template <class Visit>
void for_each_skip_into(std::span<const SkipTensor> skips, std::int32_t consumer,
                        std::int32_t begin, const Visit& visit) {
  const auto key = [](const SkipTensor& skip) { return std::pair(skip.consumer, skip.producer); };
  for (auto skip = std::ranges::lower_bound(skips, std::pair(consumer, begin), {}, key);
       skip != skips.end() && skip->consumer == consumer; ++skip) {
    visit(*skip);
  }
}
// Skips between layers of [begin, end), in order.
template <class Visit>
void for_each_skip_inside(std::span<const SkipTensor> skips, std::int32_t begin, std::int32_t end,
                          const Visit& visit) {
  for (std::int32_t consumer = begin; consumer < end; ++consumer) {
    for_each_skip_into(skips, consumer, begin, visit);
  }
}

// `operators`: the layers, ascending. Skips between layers further apart than `reach`, at least 1,
// are left out, for those who look at segments of at most so many layers and one: a residual stream
// has one from each layer to all later ones. Outputs of the network are never left out.
// O(layers * operators behind layers within reach).
inline constexpr std::int64_t kAnyReach = std::numeric_limits<std::int32_t>::max();
LayerSequence layer_sequence(const Workload& workload, std::span<const OperatorId> operators,
                             std::int64_t reach = kAnyReach);
// The layers are the operators that the cost model maps.
LayerSequence layer_sequence(const Workload& workload, const CostModel& cost,
                             std::int64_t reach = kAnyReach);

}  // namespace imbrex::segments
