// File: segment_memory.hpp
//
// What one segment of a network on an array moves from and to external memory, every word once
// (specification pipeorgan sections 4.3 and 7.2). Pure. [any thread]
#pragma once

#include <imbrex/abi.hpp>
#include <imbrex/pipeline_depth.hpp>

#include <cstdint>
#include <span>

namespace imbrex {

struct SegmentMemory {
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;   // what enters, of the whole batch
  std::int64_t store_bits = 0;  // what leaves
  // What enters or leaves and waits on the chip instead.
  std::int64_t retained_in_bits = 0;
  std::int64_t retained_out_bits = 0;
};

// `segment_of`: by layer of the problem, which is one of `workload`. A layer that nothing inside
// the segment feeds reads all of its input; the last layer of a run writes all it makes, others
// what somebody outside needs, once. Tensors of at most `retained_bits` wait on the chip, but not
// the first layer's input nor the last one's output. O(layers + skips).
IMBREX_API SegmentMemory segment_memory(const Workload& workload, const PipelineProblem& problem,
                                        std::span<const std::int32_t> segment_of,
                                        std::int32_t segment, std::int64_t retained_bits);

}  // namespace imbrex
