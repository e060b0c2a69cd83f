// File: segment_trial.hpp
//
// What stages and memories of a segment would take, asked of the recipe's cost model.
#pragma once

#include <imbrex/design.hpp>
#include <imbrex/evaluator.hpp>
#include <imbrex/pipeline_depth.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <tuple>

namespace pipeorgan {

struct Placed {
  std::int64_t units = 0;
  imbrex::Mapping mapping;
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
  SegmentTrial(const imbrex::Design& design, const imbrex::Evaluator& evaluator,
               const imbrex::PipelineProblem& problem);

  // A layer on so many elements, in jobs of a shape; remembered. The reference stays valid.
  const Stage& stage(imbrex::OperatorId id, const imbrex::JobShape& shape, std::int64_t units);

  // Memories when layers [begin, end) are a segment and hand nothing over through a buffer.
  imbrex::SegmentOverhead memories(std::size_t begin, std::size_t end);
  // The same with these stages and this plan.
  imbrex::SegmentOverhead memories(std::size_t begin, std::span<const Stage* const> stages,
                                   const imbrex::FloorPlan& plan);

 private:
  void enter(std::size_t begin, std::size_t end, std::int32_t segment);

  const imbrex::Evaluator& evaluator_;
  const imbrex::PipelineProblem& problem_;
  imbrex::Design design_;  // the layers asked about in segment 1, all others in segment 0
  using Key = std::tuple<imbrex::OperatorId, imbrex::JobShape::Kind, std::int64_t, std::int64_t,
                         std::int64_t>;
  std::map<Key, Stage> stages_;
};

}  // namespace pipeorgan
