// File: segment_memory.hpp
//
// What memories have to do for one segment when layers of a segment hand their results on inside
// the array (specification pipeorgan sections 6.6, 7.1 to 7.3): external memory moves every word
// once, the buffer that all elements share serves what elements fetch, beside the jobs.
#pragma once

#include "counts.hpp"

#include <imbrex/cost_model.hpp>
#include <imbrex/design.hpp>
#include <imbrex/function_ref.hpp>
#include <imbrex/pipeline_depth.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::loop_nest {

// Levels [0, shared) are not part of any element: the first is the external memory, the others are
// buffers in front of all elements. At least 1.
std::size_t shared_levels(const Hierarchy& hierarchy, std::int64_t elements) noexcept;

// The same hierarchy when only what happens inside elements costs time and energy.
Hierarchy inside_elements(const Hierarchy& hierarchy, std::size_t shared);

class SegmentMemoryModel {
 public:
  // References are kept. `problems`: by operator.
  SegmentMemoryModel(const Workload& workload, const Architecture& architecture,
                     const Hierarchy& hierarchy, const std::vector<Problem>& problems);

  // Of the jobs' mappings; `mapping_of` says which.
  SegmentOverhead overhead(const Design& design, std::int32_t segment,
                           FunctionRef<Mapping(OperatorId)> mapping_of) const;
  // Of layers [begin, end) of `layers()` as one segment, before anybody has mapped them: external
  // memory, and its words through the buffer.
  SegmentOverhead estimate(std::size_t begin, std::size_t end) const;
  const PipelineProblem& layers() const noexcept { return layers_; }

 private:
  // Bits that a shared buffer serves for one operator.
  struct Served {
    double read_bits = 0;
    double write_bits = 0;
  };
  Served served(const Design& design, OperatorId id, const Mapping& mapping,
                std::size_t level) const;
  SegmentOverhead external(std::span<const std::int32_t> segment_of, std::int32_t segment) const;
  void charge_level(std::size_t level, double read_bits, double write_bits, std::int64_t& time_ps,
                    double& energy_pj) const;

  const Workload& workload_;
  const Architecture& architecture_;
  const Hierarchy& hierarchy_;
  const std::vector<Problem>& problems_;
  PipelineProblem layers_;
  std::size_t shared_;
};

}  // namespace imbrex::loop_nest
