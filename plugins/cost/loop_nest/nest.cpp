#include "nest.hpp"

namespace imbrex::loop_nest {

Nest read(const Mapping& mapping, std::size_t levels) noexcept {
  Nest nest;
  Extents extent{1, 1, 1, 1, 1, 1, 1, 1};
  nest.extent[levels] = extent;
  nest.inside[levels] = 0;
  nest.fanout.fill(1);
  std::size_t level = levels;
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
      nest.extent[level] = extent;
      nest.inside[level] = nest.count;
      seen_temporal = false;
    }
    const bool temporal = loop.kind == LoopKind::temporal;
    nest.legal = nest.legal && (temporal || !seen_temporal);
    seen_temporal = seen_temporal || temporal;
    std::int64_t& reach = extent[imbrex::index(loop.dim)];
    nest.step[nest.count++] = {loop.bound, reach, imbrex::index(loop.dim), loop.level, temporal};
    reach *= loop.bound;
    (temporal ? nest.steps : nest.fanout[level]) *= loop.bound;
  }
  for (std::size_t l = level + 1; l-- > 0;) {
    nest.extent[l] = extent;
    nest.inside[l] = nest.count;
  }
  return nest;
}

}  // namespace imbrex::loop_nest
