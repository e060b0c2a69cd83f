// What one segment of a network on an array moves from and to external memory, every word once
// (specification pipeorgan sections 4.3 and 7.2). Pure. [any thread]
#pragma once

#include <imbrex/toolkit/segments/layer_sequence.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::segments {

struct SegmentMemory {
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;   // what enters, of the whole batch
  std::int64_t store_bits = 0;  // what leaves
  // What enters or leaves and waits on the chip instead.
  std::int64_t retained_in_bits = 0;
  std::int64_t retained_out_bits = 0;
};

// Which tensors may cross the borders of segments, traced once per network. A layer reads its
// operands through every branch of the movement operators before it. What it reads of an earlier
// layer is stored as the narrowest tensor on the way from there: pooled, not yet enlarged. Where
// branches of several origins meet, each is read by itself. Inputs of the network lie in memory as
// they are, so only what selects some of their words makes them narrower.
class SegmentCrossings {
 public:
  // `layers`: ascending; the layers of `segment_of` below. O(operators + ways between layers).
  SegmentCrossings(const Workload& workload, std::span<const OperatorId> layers);

  // Traffic of one segment. `segment_of`: by layer. Each tensor that enters is loaded once, each
  // that some later segment or the outside world needs is stored once. Tensors between layers of at
  // most `retained_bits` wait on the chip; inputs and outputs of the network never do.
  // O(layers + crossings).
  SegmentMemory memory(std::span<const std::int32_t> segment_of, std::int32_t segment,
                       std::int64_t retained_bits) const;

 private:
  struct Crossing {
    std::int32_t origin = 0;    // a layer, or layers plus the index of a network input
    std::int32_t consumer = 0;  // a layer, or layers plus the index of an output
    TensorId form = TensorId::none;
    std::int64_t bits = 0;
    bool computed = false;  // else some or all words of what the origin makes
  };
  // An output of the network, made where the last of the layers behind it is.
  struct Output {
    std::int32_t layer = -1;
    TensorId tensor = TensorId::none;
    std::int64_t bits = 0;
  };
  friend class CrossingTracer;
  friend class CrossingAccount;

  std::vector<std::int64_t> weight_bits_;  // by layer
  std::vector<std::int64_t> whole_bits_;   // of what an origin makes
  std::vector<Crossing> crossings_;        // by origin
  std::vector<Output> outputs_;
};

}  // namespace imbrex::segments
