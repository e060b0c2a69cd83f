#include <imbrex/toolkit/nests/nest.hpp>

namespace imbrex::nests {
namespace {

// What is inside a level is known: whatever comes next is outside of it.
void enter(Nest& nest, std::size_t level, const Extents& extent) noexcept {
  nest.extent[level] = extent;
  nest.temporal_inside[level] = nest.temporal_count;
  nest.spatial_inside[level] = nest.spatial_count;
}

}  // namespace

Nest read(const Mapping& mapping, std::size_t levels) noexcept {
  Nest nest;
  Extents extent{1, 1, 1, 1, 1, 1, 1, 1};
  std::size_t level = levels;
  enter(nest, levels, extent);
  nest.fanout.fill(1);
  bool seen_temporal = false;  // in this level; spatial loops sit inside
  for (std::size_t i = mapping.count; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    if (loop.bound == 1) {
      continue;
    }
    if (loop.level >= levels || loop.level > level) {
      nest.legal = false;
      return nest;
    }
    for (; level > loop.level; --level) {
      enter(nest, level, extent);
      seen_temporal = false;
    }
    std::int64_t& reach = extent[index(loop.dim)];
    const Step step{loop.bound, reach, index(loop.dim)};
    if (loop.kind == LoopKind::temporal) {
      nest.temporal[nest.temporal_count++] = step;
      nest.steps *= loop.bound;
      seen_temporal = true;
    } else {
      nest.spatial[nest.spatial_count++] = step;
      nest.fanout[level] *= loop.bound;
      nest.legal = nest.legal && !seen_temporal;
    }
    reach *= loop.bound;
  }
  for (std::size_t l = level + 1; l-- > 0;) {
    enter(nest, l, extent);
  }
  return nest;
}

}  // namespace imbrex::nests
