#include <imbrex/values/completion.hpp>

#include <algorithm>

namespace imbrex {
namespace {

// Calls visit(DimBox) for boxes that together are the region; channel intervals are cut at group
// borders, so there are at most three.
template <class Visit>
void for_each_output_box(const Operator& op, const Region& region, Visit&& visit) {
  DimBox box = op.bounds.whole();
  const AxisProjection* grouped = nullptr;
  Interval channels;
  for (std::size_t axis = 0; axis < region.rank && op.has_macs(); ++axis) {
    const AxisProjection& projection = op.output_projection[axis];
    if (projection.factor[1] != 0) {
      grouped = &projection;
      channels = region.axis[axis];
    } else if (projection.factor[0] != 0) {
      box[projection.dim[0]] = region.axis[axis];
    }
  }
  if (grouped == nullptr) {
    visit(box);
    return;
  }
  const std::int64_t width = grouped->factor[0];
  const std::int64_t first = channels.begin / width;
  const std::int64_t last = (channels.end - 1) / width;
  const auto part = [&](Interval groups, Interval inside) {
    box[Dim::G] = groups;
    box[Dim::K] = inside;
    visit(box);
  };
  const std::int64_t low = channels.begin - first * width;
  const std::int64_t high = channels.end - last * width;
  if (first == last) {
    part({first, first + 1}, {low, high});
    return;
  }
  part({first, first + 1}, {low, width});
  part({last, last + 1}, {0, high});
  if (last - first >= 2) {
    part({first + 1, last}, {0, width});
  }
}

}  // namespace

TileTimes::TileTimes(const Operator& op, const Mapping& mapping, const TileGrid* grid) : op_(&op) {
  for (std::size_t axis = 0; axis < kOutputDims.size(); ++axis) {
    const Dim dim = kOutputDims[axis];
    if (grid != nullptr && dim == Dim::N) {
      cut_at(axis, grid->sample_cuts);
    } else if (grid != nullptr && dim == Dim::P) {
      cut_at(axis, grid->row_cuts);
    } else if (grid != nullptr && dim == Dim::Q) {
      cut_at(axis, grid->column_cuts);
    } else {
      cut(axis, op.bounds[dim], mapping.job_extent[index(dim)]);
    }
  }
  std::size_t tiles = 1;
  for (const std::int64_t count : tiles_) {
    tiles *= static_cast<std::size_t>(count);
  }
  levels_[0].assign(tiles, 0);
}

void TileTimes::cut(std::size_t axis, std::int64_t extent, std::int64_t width) {
  tiles_[axis] = ceil_div(extent, width);
  for (std::int64_t x = 0; x < extent; ++x) {
    tile_at_[axis].push_back(static_cast<std::int32_t>(x / width));
  }
}

void TileTimes::cut_at(std::size_t axis, std::span<const std::int64_t> cuts) {
  tiles_[axis] = static_cast<std::int64_t>(cuts.size()) - 1;
  std::int32_t tile = 0;
  for (const std::int64_t end : cuts.subspan(1)) {
    tile_at_[axis].resize(end, tile++);
  }
}

TileTimes::Ranges TileTimes::ranges(const DimBox& box) const noexcept {
  Ranges result;
  for (std::size_t axis = 0; axis < kOutputDims.size(); ++axis) {
    const Interval& x = box[kOutputDims[axis]];
    result[axis] = {tile_at_[axis][x.begin], tile_at_[axis][x.end - 1] + 1};
  }
  return result;
}

std::size_t TileTimes::tile_of(const DimBox& box) const noexcept {
  const Ranges range = ranges(box);
  std::int64_t at = 0;
  for (std::size_t axis = 0; axis < range.size(); ++axis) {
    at = at * tiles_[axis] + range[axis].begin;
  }
  return static_cast<std::size_t>(at);
}

void TileTimes::raise(const DimBox& box, std::int64_t end_ps) {
  // Grid cells that a job covers whole, and tiles as large as jobs: always exactly one tile.
  std::int64_t& value = levels_[0][tile_of(box)];
  value = std::max(value, end_ps);
}

std::int64_t TileTimes::max_over(const Region& region) const {
  std::int64_t latest = 0;
  for_each_output_box(*op_, region,
                      [&](const DimBox& box) { latest = std::max(latest, max_over(box)); });
  return latest;
}

const std::vector<std::int64_t>& TileTimes::level(std::size_t mask) const {
  std::vector<std::int64_t>& values = levels_[mask];
  if (mask == 0 || !values.empty()) {
    return values;
  }
  // Without its lowest axis the set is already there, or made on the way.
  std::size_t axis = 0;
  while ((mask >> axis & 1) == 0) {
    ++axis;
  }
  const std::size_t rest = mask & ~(std::size_t{1} << axis);
  const std::vector<std::int64_t>& from = level(rest);
  std::size_t inner = 1;
  for (std::size_t i = axis + 1; i < kOutputDims.size(); ++i) {
    inner *= (rest >> i & 1) != 0 ? 1 : static_cast<std::size_t>(tiles_[i]);
  }
  const auto length = static_cast<std::size_t>(tiles_[axis]);
  values.assign(from.size() / length, 0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::int64_t& value = values[i / (inner * length) * inner + i % inner];
    value = std::max(value, from[i]);
  }
  return values;
}

std::int64_t TileTimes::max_over(const DimBox& box) const {
  Ranges range = ranges(box);
  std::size_t mask = 0;
  std::array<std::int64_t, kOutputDims.size()> stride{};
  for (std::size_t axis = 0; axis < range.size(); ++axis) {
    if (range[axis].extent() == tiles_[axis]) {
      mask |= std::size_t{1} << axis;
      range[axis] = {0, 1};
    }
  }
  std::int64_t next = 1;
  for (std::size_t axis = range.size(); axis-- > 0;) {
    stride[axis] = next;
    next *= (mask >> axis & 1) != 0 ? 1 : tiles_[axis];
  }
  const std::vector<std::int64_t>& values = level(mask);
  std::int64_t latest = 0;
  const auto walk = [&](const auto& self, std::size_t axis, std::int64_t at) -> void {
    if (axis == range.size()) {
      latest = std::max(latest, values[static_cast<std::size_t>(at)]);
      return;
    }
    for (std::int64_t i = range[axis].begin; i < range[axis].end; ++i) {
      self(self, axis + 1, at + i * stride[axis]);
    }
  };
  walk(walk, 0, 0);
  return latest;
}

}  // namespace imbrex
