#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <algorithm>

namespace imbrex::segments {
namespace {

const ComputeUnit& unit_of(const Architecture& architecture) {
  const bool known = !architecture.units.empty() && !architecture.resources.empty() &&
                     (architecture.units.front().kind == UnitKind::crossbar ||
                      architecture.units.front().kind == UnitKind::mac_array);
  if (!known) {
    throw InputError("segments are cut from weights on crossbars, or layers on an array; '" +
                     std::string(architecture.name) + "' has neither");
  }
  return architecture.units.front();
}

// Output channels of a slice of an operator whose units are `size` crossbars at most; at least as
// many as can stand alone.
std::int64_t channels_per_unit(const LoopBounds& bounds, const ComputeUnit& unit,
                               std::int64_t per_core) noexcept {
  LoopBounds single = bounds;
  if (bounds[Dim::G] > 1) {  // whole groups
    single[Dim::G] = 1;
    const CrossbarTiling tiling =
        crossbar_tiling(single, unit.rows, unit.columns, unit.columns_per_weight);
    const std::int64_t group_rows = bounds[Dim::R] * bounds[Dim::S] * bounds[Dim::C];
    const std::int64_t by_columns =
        weights_across(1, unit.columns, unit.columns_per_weight) / bounds[Dim::K];
    const std::int64_t packed =
        tiling.crossbars() > 1 ? 1 : std::min(unit.rows / group_rows, by_columns);
    return std::max<std::int64_t>(1, per_core / tiling.crossbars()) * packed * bounds[Dim::K];
  }
  const std::int64_t row_tiles =
      crossbar_tiling(bounds, unit.rows, unit.columns, unit.columns_per_weight).row_tiles;
  const std::int64_t column_tiles = std::max<std::int64_t>(1, per_core / row_tiles);
  return std::max<std::int64_t>(
      1, weights_across(column_tiles, unit.columns, unit.columns_per_weight));
}

std::int64_t size_of(const Operator& op, const Interval& channels,
                     const ComputeUnit& unit) noexcept {
  const DimBox box = unit_box(op, channels);
  LoopBounds bounds = op.bounds;
  bounds[Dim::G] = box[Dim::G].extent();
  bounds[Dim::K] = box[Dim::K].extent();
  return crossbar_tiling(bounds, unit.rows, unit.columns, unit.columns_per_weight).crossbars();
}

void cut(OperatorId id, const Operator& op, const ComputeUnit& unit, UnitSequence& sequence) {
  const std::int64_t channels = op.bounds[Dim::G] * op.bounds[Dim::K];
  // Slices of a chain would wait for one another at every step, so it is never cut.
  const std::int64_t step =
      op.chain ? channels : channels_per_unit(op.bounds, unit, sequence.per_core);
  for (std::int64_t begin = 0; begin < channels; begin += step) {
    const Interval slice{begin, std::min(channels, begin + step)};
    sequence.units.push_back({id, slice, size_of(op, slice, unit)});
  }
}

std::string describe(const UnitSequence& sequence, const WeightUnit& unit,
                     const std::string& holder, std::int64_t available) {
  return "channels [" + std::to_string(unit.channels.begin) + ", " +
         std::to_string(unit.channels.end) + ") of '" + sequence.workload->at(unit.op).name +
         "' need " + std::to_string(unit.size) +
         " crossbars, the smallest part that can be placed, but " + holder + " has " +
         std::to_string(available) + ": " + std::to_string(unit.size - available) + " too few";
}

}  // namespace

DimBox unit_box(const Operator& op, const Interval& channels) noexcept {
  DimBox box = op.bounds.whole();
  if (op.bounds[Dim::G] > 1) {
    const std::int64_t per_group = op.bounds[Dim::K];
    box[Dim::G] = {channels.begin / per_group, ceil_div(channels.end, per_group)};
  } else {
    box[Dim::K] = channels;
  }
  return box;
}

UnitSequence decompose(const Workload& workload, const Architecture& architecture, bool fit_core) {
  const ComputeUnit& unit = unit_of(architecture);
  const bool is_array = unit.kind == UnitKind::mac_array;
  UnitSequence sequence;
  sequence.workload = &workload;
  sequence.capacity = architecture.resources.front().count;
  sequence.per_core = is_array ? sequence.capacity : architecture.resources.front().per_tile;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    const Operator& op = workload.operators()[i];
    if (is_array && op.has_macs()) {
      sequence.units.push_back(
          {operator_id(i), {0, op.bounds[Dim::G] * op.bounds[Dim::K]}, architecture.grid.rows});
    } else if (!is_array && runs_on_crossbars(op)) {
      cut(operator_id(i), op, unit, sequence);
    }
  }
  if (sequence.units.empty()) {
    throw InputError("workload '" + std::string(workload.name()) + "' has no operator with " +
                     (is_array ? "multiply-accumulates" : "constant weights") +
                     " to cut into segments");
  }
  for (const WeightUnit& one : sequence.units) {
    if (fit_core && one.size > sequence.per_core) {
      throw InfeasibleError(describe(sequence, one, "a core", sequence.per_core));
    }
  }
  return sequence;
}

std::vector<std::int32_t> largest_ends(const UnitSequence& sequence) {
  std::vector<std::int32_t> ends(sequence.units.size());
  std::int64_t used = 0;
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < ends.size(); ++begin) {
    while (end < ends.size() && used + sequence.units[end].size <= sequence.capacity) {
      used += sequence.units[end++].size;
    }
    if (end == begin) {
      throw InfeasibleError(
          describe(sequence, sequence.units[begin], "the chip", sequence.capacity));
    }
    ends[begin] = static_cast<std::int32_t>(end);
    used -= sequence.units[begin].size;
  }
  return ends;
}

}  // namespace imbrex::segments
