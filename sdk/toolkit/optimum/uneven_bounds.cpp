#include "optimum/uneven_bounds.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

// A bit per dimension.
std::uint32_t unequal(const ClassTile& one, const ClassTile& other) noexcept {
  std::uint32_t dims = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    dims |= one[d] != other[d] ? 1u << d : 0;
  }
  return dims;
}

}  // namespace

ClassInflow::ClassInflow(const ClassParts& parts, const ClassTables& tables, const ClassNode& node,
                         const ClassSplit& split) noexcept
    : parts_(parts),
      tables_(tables),
      node_(node),
      split_(split),
      step_(parts.layout.steps[node.step]),
      is_last_(step_.to == parts.levels()),
      instances_(node.instances) {
  least_spread_[step_.from].fill(1);
  most_spread_[step_.from].fill(1);
  for (std::size_t l = step_.from; l < step_.to; ++l) {
    least_spread_[l + 1] = least_spread_[l];
    most_spread_[l + 1] = most_spread_[l];
    double most = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      least_spread_[l + 1][d] *= split.least_share[l][d];
      most_spread_[l + 1][d] *= split.most_share[l][d];
      most *= static_cast<double>(split.most_share[l][d]);
    }
    const auto fanout = static_cast<double>(parts.layout.spatial[l].fanout);
    instances_[l + 1] = instances_[l] * std::min(most, fanout);
  }
  for (std::size_t l = step_.to; l < parts.levels(); ++l) {
    instances_[l + 1] = instances_[l] * parts.instances[l + 1] / parts.instances[l];
  }
  loops_ = unequal(node.tile, split.rest);
  for (const Boundary& boundary : parts.boundaries.of_step(node.step)) {
    add(boundary, boundary.child);
  }
  decided_ = count_;
  if (!is_last_) {
    for (const Boundary& boundary : parts.boundaries.passing_by(node.step + 1)) {
      add(boundary, step_.to);
    }
  }
  work_ = work();
  steps_ = steps(work_);
}

// A whole tile has as many whole ones inside as temporal loops have iterations. The last one ends
// where the dimension does; of what is inside it only the last one is not whole, if it is the first
// instance that has it.
ClassWork ClassInflow::work() const noexcept {
  ClassWork work;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const TileClasses& classes = parts_.lattice.of(d);
    const LoopRange loop = classes.loop(node_.tile[d], split_.rest[d]);
    const std::int64_t before = parts_.lattice.tiles(d, node_.tile) - 1;
    const std::int64_t passes =
        parts_.lattice.tiles(d, split_.rest) - (before > 0 ? before * loop.high : 0);
    const std::int64_t spread = most_spread_[step_.to][d];
    const std::int64_t tiles = parts_.lattice.tiles(d, split_.tile[step_.to]);
    // Tiles in the last pass.
    const std::int64_t others = parts_.lattice.tiles(d, split_.rest) - 1;
    const bool is_whole = tiles - others * spread > 1;
    work.whole[d] =
        node_.work.whole[d] * loop.low + node_.work.last[d] * (passes - (is_whole ? 0 : 1));
    work.last[d] = is_whole ? 0 : node_.work.last[d];
  }
  return work;
}

// The least over the spreads that there may be further inside.
double ClassInflow::steps(const ClassWork& work) const noexcept {
  const Extents inside = parts_.lattice.least_extents(split_.tile[step_.to]);
  const double instances = parts_.instances[parts_.levels()] / parts_.instances[step_.to];
  double least = kNever;
  for (const Spread& spread : parts_.spreads) {
    const Extents later = product_of(spread, step_.to, parts_.levels());
    double all = 1;    // as if all instances did the same
    double even = 1;   // likewise, whatever the spread
    double whole = 1;  // of whole tiles, together
    double size = 1;   // of one of them
    double each = 1;   // dimension by dimension
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const std::int64_t left =
          ceil_div(parts_.lattice.of(d).bound(), node_.spread[d] * most_spread_[step_.to][d]);
      all *= static_cast<double>(ceil_div(left, later[d]));
      even *= static_cast<double>(left);
      whole *= static_cast<double>(work.whole[d]);
      size *= static_cast<double>(inside[d]);
      each *= static_cast<double>(work.whole[d] * ceil_div(inside[d], later[d]) + work.last[d]);
    }
    least = std::min(least, std::max({all, std::ceil(even / instances * (1 - 1e-12)),
                                      whole * std::ceil(size / instances * (1 - 1e-12)), each}));
  }
  return least;
}

double ClassInflow::worth(const Loads& loads, const Loads& passing_by) const {
  double energy = loads.energy_pj;
  double cycles = parts_.by_latency ? parts_.boundaries.cycles(loads) : 0;
  if (!is_last_) {
    const std::uint32_t code = parts_.lattice.code(split_.tile[step_.to]);
    energy += tables_.energy_inside(node_.step + 1, code, passing_by.energy_pj);
    cycles = std::max(cycles, static_cast<double>(tables_.of(node_.step + 1).inside[code].cycles));
  }
  return parts_.worth(energy, steps_, cycles);
}

double ClassInflow::least() const {
  double least = kNever;
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d == kDimCount ? loops_ != 0 : (loops_ >> d & 1) == 0) {
      continue;
    }
    Loads loads = node_.loads;
    Loads passing_by;
    for (std::size_t i = 0; i < count_; ++i) {
      parts_.add(into_[i].boundary, words_first(into_[i], d), instances_,
                 i < decided_ ? loads : passing_by);
    }
    least = std::min(least, worth(loads, passing_by));
  }
  return least;
}

double ClassInflow::least(const Ending& ending) const {
  Loads loads = node_.loads;
  Loads passing_by;
  add_all(runs(ending), loads, passing_by);
  return worth(loads, passing_by);
}

void ClassInflow::add_all(const ClassRuns& runs, Loads& loads, Loads& passing_by) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    const Boundary& boundary = into_[i].boundary;
    parts_.add(boundary, words(into_[i], runs[boundary.role]), instances_,
               i < decided_ ? loads : passing_by);
  }
}

ClassRuns ClassInflow::runs(const Ending& ending) const noexcept {
  ClassRuns runs;
  for (std::size_t role = 0; role < kRoles; ++role) {
    runs[role] = run_of(role, ending);
  }
  return runs;
}

ClassNode ClassInflow::next(const Ending& ending) const {
  ClassNode next = node_;
  next.runs = runs(ending);
  Loads passing_by;
  add_all(next.runs, next.loads, passing_by);
  next.passing_by_pj = passing_by.energy_pj;
  next.step = node_.step + 1;
  next.work = work_;
  next.tile = split_.tile[step_.to];
  next.instances = instances_;
  for (std::size_t l = step_.from; l < step_.to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      next.shares[l][d] = split_.most_share[l][d];
    }
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    next.spread[d] *= most_spread_[step_.to][d];
    for (ClassRun& run : next.runs) {
      run.least_spread[d] *= least_spread_[step_.to][d];
      run.most_spread[d] *= most_spread_[step_.to][d];
    }
  }
  next.splits[node_.step] = split_;
  next.endings[node_.step] = ending;
  return next;
}

}  // namespace imbrex::optimum
