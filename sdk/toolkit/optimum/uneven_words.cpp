// What passes into the tiles of a step.
#include "optimum/uneven_bounds.hpp"

#include <algorithm>

namespace imbrex::optimum {

void ClassInflow::add(const Boundary& boundary, std::size_t reached) noexcept {
  Into& into = into_[count_++];
  into.boundary = boundary;
  into.is_mac = boundary.child == parts_.levels();
  into.tile = split_.tile[reached];
  into.least_spread = least_spread_[reached];
  into.most_spread = most_spread_[reached];
  into.shared = parts_.most_shares(reached, boundary.child);
  into.later = into.shared;
  for (std::size_t l = boundary.parent; l < step_.from; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      into.shared[d] *= node_.shares[l][d];
    }
  }
  const Extents& before =
      boundary.parent > step_.from ? most_spread_[boundary.parent] : most_spread_[step_.from];
  into.most_ever = parts_.boundaries.volumes(boundary.role).whole();
  for (std::size_t d = 0; d < kDimCount; ++d) {
    into.tiles[d] = parts_.lattice.tiles(d, into.tile);
    into.shared[d] *= into.most_spread[d] / before[d];
    if (!parts_.depends_on(boundary.role, d)) {
      into.most_ever *= static_cast<double>(
          std::min(reached < boundary.child ? parts_.lattice.of(d).bound() : into.tiles[d],
                   node_.spread[d] * into.most_spread[d] * into.later[d]));
    }
  }
  into.alike = parts_.alike_windows(boundary.role, into.shared);
}

// Of all places of the tile, those that each run brings anew.
double ClassInflow::moved(const Into& into, const ClassRun& run) const noexcept {
  const ClassVolumes& tensor = parts_.volumes[into.boundary.role];
  if (into.is_mac || run.first == kDimCount) {
    return tensor.all(into.tile);
  }
  const std::int64_t tiles = into.tiles[run.first];
  const std::int64_t least = run.least_spread[run.first] * into.least_spread[run.first];
  const std::int64_t most = run.most_spread[run.first] * into.most_spread[run.first];
  std::int64_t staying = least == most ? staying_tiles(tiles, run.outside, run.loop, most)
                                       : most_staying_tiles(tiles, most, run.outside == 1);
  // Instances further inside may have nothing to do in the last of few passes, and keep what they
  // got in the first.
  if (into.later[run.first] > 1 && (run.outside > 1 || tiles <= 2 * most)) {
    staying = std::max(staying, std::min(tiles, most));
  }
  return tensor.moved(into.tile, run.first, staying);
}

ClassWords ClassInflow::words(const Into& into, const ClassRun& run) const noexcept {
  const std::size_t role = into.boundary.role;
  double runs = 1;
  double shared_runs = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (parts_.depends_on(role, d)) {
      continue;
    }
    std::int64_t count = into.tiles[d];
    if (!into.is_mac && run.kept[d] > 1) {
      const std::int64_t outside = run.tiles[d];
      const std::int64_t spread = run.least_spread[d] * into.least_spread[d];
      const auto kept = static_cast<std::int64_t>(run.kept[d]);
      // All instances have some of every tile outside but the last, and of that one, too, if it is
      // more than they take at once.
      const bool begins = outside == 1 && (run.begins >> d & 1) != 0;
      count = std::max(ceil_div(count, kept), begins ? spread : (outside - 1) * spread + 1);
    }
    runs *= static_cast<double>(count);
    const bool inside = !into.is_mac && into.boundary.parent >= run.from;
    shared_runs *= static_cast<double>(
        std::max(ceil_div(count, into.shared[d]), inside ? run.tiles[d] : std::int64_t{1}));
  }
  const double each = moved(into, run);
  const double whole = parts_.boundaries.volumes(role).whole();
  return {std::max(whole, each * runs), std::max(whole, each / into.alike * shared_runs),
          into.most_ever};
}

ClassRun ClassInflow::run_of(std::size_t role, std::uint32_t keeping,
                             std::size_t first) const noexcept {
  const bool goes_on = first == kDimCount;
  ClassRun run = goes_on ? node_.runs[role] : ClassRun{};
  if (!goes_on) {
    run.first = first;
    run.outside = parts_.lattice.tiles(first, node_.tile);
    run.loop = parts_.lattice.of(first).loop(node_.tile[first], split_.rest[first]);
    run.from = step_.from;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const bool keeps = (keeping >> d & 1) != 0;
    if (!goes_on) {
      run.tiles[d] = parts_.lattice.tiles(d, keeps ? node_.tile : split_.rest);
    }
    if (keeps) {
      const std::int64_t inside = parts_.lattice.tiles(d, split_.rest);
      const LoopRange loop = parts_.lattice.of(d).loop(node_.tile[d], split_.rest[d]);
      run.begins |= run.most_spread[d] == 1 && run.kept[d] == 1 ? 1u << d : 0;
      run.kept[d] = std::min(1e18, run.kept[d] * static_cast<double>(std::min(inside, loop.high)));
    }
  }
  return run;
}

ClassRun ClassInflow::run_of(std::size_t role, const Ending& ending) const noexcept {
  std::uint32_t keeping = 0;
  for (std::size_t i = 0; i < ending.count; ++i) {
    if (parts_.depends_on(role, ending.dim[i])) {
      return run_of(role, keeping, ending.dim[i]);
    }
    keeping |= 1u << ending.dim[i];
  }
  return run_of(role, keeping, kDimCount);
}

// Whatever order the other loops have.
ClassWords ClassInflow::words_first(const Into& into, std::size_t innermost) const noexcept {
  const std::size_t role = into.boundary.role;
  if (innermost < kDimCount && parts_.depends_on(role, innermost)) {
    return words(into, run_of(role, 0, innermost));
  }
  const std::uint32_t dims = parts_.question.problem.tensor[role].dims;
  if ((loops_ & dims) == 0) {
    return words(into, run_of(role, loops_, kDimCount));
  }
  ClassWords least{kNever, kNever, into.most_ever};
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (((loops_ & dims) >> d & 1) != 0) {
      const ClassWords one = words(into, run_of(role, loops_ & ~dims, d));
      least.into = std::min(least.into, one.into);
      least.read = std::min(least.read, one.read);
    }
  }
  return least;
}

}  // namespace imbrex::optimum
