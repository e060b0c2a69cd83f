// What stages and memories of a segment would take, asked of the recipe's cost model.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/values/design.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <tuple>

namespace imbrex::pipeorgan {

struct Placed {
  std::int64_t units = 0;
  Mapping mapping;
};

struct Stage {
  Placed placed;
  std::int64_t jobs = 1;  // 0: does not fit
  std::int64_t job_ps = 0;
  double energy_pj = 0;
  std::int64_t busy_ps() const noexcept { return jobs * job_ps; }
};

class SegmentTrial {
 public:
  // Keeps references.
  SegmentTrial(const Design& design, const Evaluator& evaluator,
               const segments::LayerSequence& sequence);

  // A layer on so many elements, in jobs of a shape; remembered. The reference stays valid.
  const Stage& stage(OperatorId id, const JobShape& shape, std::int64_t units);

  // Memories when layers [begin, end) are a segment and hand nothing over through a buffer.
  SegmentOverhead memories(std::size_t begin, std::size_t end);
  // The same with these stages and this plan.
  SegmentOverhead memories(std::size_t begin, std::span<const Stage* const> stages,
                           const FloorPlan& plan);

 private:
  void enter(std::size_t begin, std::size_t end, std::int32_t segment);

  const Evaluator& evaluator_;
  const segments::LayerSequence& sequence_;
  Design design_;  // the layers asked about in segment 1, all others in segment 0
  using Key = std::tuple<OperatorId, JobShape::Kind, std::int64_t, std::int64_t, std::int64_t>;
  std::map<Key, Stage> stages_;
};

}  // namespace imbrex::pipeorgan
