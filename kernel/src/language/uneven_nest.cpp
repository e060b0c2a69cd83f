#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>

namespace imbrex {
namespace {

using Bounds = std::array<std::int64_t, kDimCount>;

bool is_imperfect(const MapSpaceSpec& space, const Loop& loop) noexcept {
  return std::any_of(space.slots.begin(), space.slots.end(), [&](const MapSlot& slot) {
    return slot.level == loop.level && slot.kind == loop.kind && slot.imperfect;
  });
}

}  // namespace

bool is_uneven_nest(const MapSpaceSpec& space, const Mapping& mapping) {
  Bounds tile;  // what the loops from here on inwards make
  tile.fill(1);
  for (const Loop& loop : mapping.all_loops()) {
    if (loop.bound < 1 ||
        __builtin_mul_overflow(tile[index(loop.dim)], loop.bound, &tile[index(loop.dim)])) {
      return false;
    }
  }
  // Enlarged to what its loops make, an operator is divided evenly.
  MapSpaceSpec enlarged = space;
  enlarged.bounds.bound = tile;
  if (!in_map_space(enlarged, mapping)) {
    return false;
  }
  Bounds rest = space.bounds.bound;  // of the largest tile
  for (const Loop& loop : mapping.all_loops()) {
    const std::size_t d = index(loop.dim);
    tile[d] /= loop.bound;
    if (ceil_div(rest[d], tile[d]) != loop.bound ||
        (rest[d] % tile[d] != 0 && !is_imperfect(space, loop))) {
      return false;
    }
    rest[d] = std::min(rest[d], tile[d]);
  }
  return std::all_of(rest.begin(), rest.end(), [](std::int64_t left) { return left == 1; });
}

}  // namespace imbrex
