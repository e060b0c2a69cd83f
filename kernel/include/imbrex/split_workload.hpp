// File: split_workload.hpp
//
// Rewrites a workload so that parts of one layer are operators of their own: an operator with
// constant weights becomes slices along its output channels, "conv5[0:128]", "conv5[128:256]", and
// a concatenation that bears its name. Data dependences stay exact. Pure. [any thread]
#pragma once

#include <imbrex/workload.hpp>

#include <span>
#include <vector>

namespace imbrex {

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
