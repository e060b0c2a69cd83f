#include <imbrex/values/completion.hpp>

namespace imbrex {

FinishIndex::FinishIndex(const Operator& op, const Mapping& mapping, bool with_tables)
    : op_(&op), nest_(op.bounds, mapping) {
  if (!with_tables || !op.has_macs()) {
    return;
  }
  for (std::size_t axis = 0; axis < kMaxRank; ++axis) {
    const AxisProjection& projection = op.output_projection[axis];
    // Channels of several groups are two dimensions, and stay with the digit walk.
    const bool grouped = projection.factor[1] != 0;
    if (grouped && op.bounds[Dim::G] == 1) {
      tables_[axis].emplace(nest_, projection.dim[1]);
    } else if (!grouped && projection.factor[0] != 0) {
      tables_[axis].emplace(nest_, projection.dim[0]);
    }
  }
}

std::int64_t FinishIndex::axis_max(std::size_t axis, Interval x) const noexcept {
  return tables_[axis] ? tables_[axis]->range_max(x) : nest_.axis_max(*op_, axis, x);
}

std::int64_t FinishIndex::ready_step(const Region& region) const noexcept {
  std::int64_t step = nest_.reduction_finish();
  for (std::size_t axis = 0; axis < region.rank; ++axis) {
    step += axis_max(axis, region.axis[axis]);
  }
  return step;
}

}  // namespace imbrex
