#include "nest.hpp"

namespace imbrex::loop_nest {

Nest read(const Mapping& mapping, std::size_t levels) noexcept {
  Nest nest;
  Extents extent{1, 1, 1, 1, 1, 1, 1, 1};
  std::size_t level = levels;
  const auto enter = [&](std::size_t l) {
    nest.extent[l] = extent;
    nest.temporal_inside[l] = nest.temporal_count;
    nest.spatial_inside[l] = nest.spatial_count;
  };
  enter(levels);
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
      enter(level);
      seen_temporal = false;
    }
    std::int64_t& reach = extent[imbrex::index(loop.dim)];
    const Step step{loop.bound, reach, imbrex::index(loop.dim)};
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
    enter(l);
  }
  return nest;
}

}  // namespace imbrex::loop_nest
