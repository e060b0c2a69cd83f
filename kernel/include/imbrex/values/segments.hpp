// Networks larger than the chip: the sequence of weight units that a partitioner cuts into segments
// (specification compass sections 3 to 5). A segment is a half-open span of units; its weights are
// resident together, and segments run one after another. Pure. [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <span>
#include <vector>

namespace imbrex {

// The smallest thing that can be placed: all rows of some output channels of one operator.
struct WeightUnit {
  OperatorId op = OperatorId::none;
  Interval channels;      // of the operator's output
  std::int64_t size = 0;  // resources[0] of one copy, e.g. crossbars
  friend constexpr bool operator==(const WeightUnit&, const WeightUnit&) = default;
};

// All units of a workload in canonical (topological) operator order. Views the workload.
struct UnitSequence {
  const Workload* workload = nullptr;
  std::vector<WeightUnit> units;
  std::int64_t capacity = 0;     // resources[0].count of the chip
  std::int64_t per_core = 1;     // resources[0].per_tile
  std::int64_t most_copies = 0;  // of a unit inside its segment; 0: as the cost model thinks best
};

// Units [begin, end) of a sequence.
struct UnitSpan {
  std::int32_t begin = 0;
  std::int32_t end = 0;
  friend constexpr bool operator==(const UnitSpan&, const UnitSpan&) = default;
};

// What one segment takes for a whole batch.
struct SegmentCost {
  Verdict verdict = Verdict::feasible;
  std::int64_t latency_ps = 0;
  double energy_pj = 0;
  // For partitioners that let a segment's weights arrive while the one before it drains (section
  // 11): the part of latency_ps that could, and how long before its end the first cores are free.
  std::int64_t weight_load_ps = 0;
  std::int64_t drain_ps = 0;
};

// --- Layers cut apart ----------------------------------------------------------------------------
//
// Rewrites a workload so that parts of one layer are operators of their own: an operator with
// constant weights becomes slices along its output channels, "conv5[0:128]", "conv5[128:256]", and
// a concatenation that bears its name. Data dependences stay exact. Pure. [any thread]

// Where the output channels of one operator are cut: strictly ascending, inside (0, channels).
struct ChannelCuts {
  OperatorId op = OperatorId::none;
  std::vector<std::int64_t> cuts;
};

struct SplitWorkload {
  Workload workload;
  // Per operator of the old workload: itself in the new one, or its first slice; the others follow
  // it, and their concatenation follows them.
  std::vector<OperatorId> image;
};

// The axis of the output along which the output channels (G and K) lie.
IMBREX_API std::size_t channel_axis(const Operator& op, const Shape& output) noexcept;

// Operators without cuts are copied. At most one entry per operator, in any order. Slices of a
// grouped operator hold whole groups, or lie inside one. O(operators + slices).
// Errors: InputError naming the operator when it has no constant weights, when its cuts do not
// ascend inside (0, channels), or when a slice holds parts of several groups.
IMBREX_API SplitWorkload split_channels(const Workload& workload,
                                        std::span<const ChannelCuts> cuts);

}  // namespace imbrex
