#include "optimum/bounds.hpp"

#include <algorithm>
#include <limits>

namespace imbrex::optimum {

Inflow::Inflow(const Parts& parts, const Node& node, const Choice& choice) noexcept
    : parts_(parts),
      node_(node),
      choice_(choice),
      step_(parts.layout.steps[node.step]),
      is_last_(step_.to == parts.boundaries.levels()),
      shares_(node.plan.shares),
      instances_(node.instances) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    bounds_[d] =
        parts.lattice.divisor(d, choice.share->rest[d]) / parts.lattice.divisor(d, choice.tile[d]);
    loops_ |= bounds_[d] > 1 ? 1u << d : 0;
  }
  for (std::size_t l = step_.from; l < step_.to; ++l) {
    shares_[l] = parts.lattice.extents(choice.share->of[l - step_.from]);
    instances_[l + 1] = instances_[l];
    for (const std::int64_t share : shares_[l]) {
      instances_[l + 1] *= static_cast<double>(share);
    }
  }
  for (const Boundary& boundary : parts.boundaries.of_step(node.step)) {
    add(boundary, boundary.child);
  }
  count_ = with_others_;
  for (std::size_t l = step_.to; l < parts.boundaries.levels(); ++l) {
    instances_[l + 1] =
        instances_[l] * parts.tables.most_instances(l + 1) / parts.tables.most_instances(l);
  }
  if (!is_last_) {
    for (const Boundary& boundary : parts.boundaries.passing_by(node.step + 1)) {
      add(boundary, step_.to);
    }
  }
}

Extents Inflow::tile_of(std::size_t level) const noexcept {
  Extents extents = parts_.lattice.extents(choice_.tile);
  for (std::size_t l = level; l < step_.to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      extents[d] *= shares_[l][d];
    }
  }
  return extents;
}

bool Inflow::fits() const noexcept {
  for (std::size_t l = step_.from + 1; l < step_.to; ++l) {
    if (!parts_.boundaries.fits(l, tile_of(l))) {
      return false;
    }
  }
  return true;
}

// `reached`: the level whose tile is known.
void Inflow::add(const Boundary& boundary, std::size_t reached) noexcept {
  const VolumeBounds& volumes = parts_.boundaries.volumes(boundary.role);
  Extents spread{1, 1, 1, 1, 1, 1, 1, 1};
  double sums = 1;
  for (std::size_t l = 0; l < reached; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      spread[d] *= l >= boundary.parent ? shares_[l][d] : 1;
      sums *= volumes.depends_on(d) ? 1 : static_cast<double>(shares_[l][d]);
    }
  }
  if (reached < boundary.child) {
    const Extents more = parts_.tables.most_shares(reached, boundary.child);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      spread[d] *= more[d];
      sums *= volumes.depends_on(d) ? 1 : static_cast<double>(more[d]);
    }
  }
  const Extents extents = tile_of(reached);
  Tile tile;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    tile[d] = parts_.lattice.place(d, extents[d]);
  }
  Into& into = into_[with_others_++];
  into = {boundary, volumes.of(tile), {0, volumes.most_alike(spread), volumes.whole() * sums}};
  if (reached < boundary.child) {
    // Parts of a tile: its points, while its box may be larger than theirs.
    into.volumes.apart = volumes.whole() * into.volumes.repeats;
    into.volumes.first.fill(into.volumes.apart);
  }
}

// MACs keep nothing.
double Inflow::words(const Into& into, const Run& run) const noexcept {
  if (into.boundary.child == parts_.boundaries.levels()) {
    return into.volumes.apart;
  }
  const double words = run.first == kDimCount ? into.volumes.apart : into.volumes.first[run.first];
  return std::max(parts_.boundaries.volumes(into.boundary.role).whole(), words / run.free);
}

// Whatever order the other loops have.
double Inflow::words(const Into& into, std::size_t innermost) const noexcept {
  const VolumeBounds& volumes = parts_.boundaries.volumes(into.boundary.role);
  if (innermost == kDimCount) {
    return words(into, node_.runs[into.boundary.role]);
  }
  if (volumes.depends_on(innermost)) {
    return words(into, Run{1, innermost});
  }
  double free = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    free *= volumes.depends_on(d) ? 1 : static_cast<double>(bounds_[d]);
  }
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if ((loops_ >> d & 1) != 0 && volumes.depends_on(d)) {
      least = std::min(least, words(into, Run{free, d}));
    }
  }
  const Run& before = node_.runs[into.boundary.role];
  return least < std::numeric_limits<double>::infinity()
             ? least
             : words(into, Run{free * before.free, before.first});
}

double Inflow::objective(const Loads& loads, const Loads& passing_by) const {
  const Least behind =
      is_last_ ? Least{} : parts_.behind(node_.step + 1, choice_.code, passing_by, false);
  const std::int64_t spread =
      node_.spread * choice_.share->product * parts_.tables.most_spread(step_.to, choice_.code);
  std::int64_t jobs = node_.jobs;
  for (std::size_t d = 0; node_.step == 0 && d < kDimCount; ++d) {
    jobs *= bounds_[d];
  }
  return parts_.worth(loads.energy_pj + behind.energy_pj,
                      ceil_div(parts_.lattice_iterations(), spread),
                      std::max(parts_.boundaries.cycles(loads), behind.cycles), jobs);
}

double Inflow::least() const {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d == kDimCount ? loops_ != 0 : (loops_ >> d & 1) == 0) {
      continue;
    }
    Loads loads = node_.loads;
    Loads others;
    for (std::size_t i = 0; i < with_others_; ++i) {
      Passing passing = into_[i].passing;
      passing.words = words(into_[i], d);
      parts_.boundaries.add(into_[i].boundary, passing, instances_, i < count_ ? loads : others);
    }
    least = std::min(least, objective(loads, others));
  }
  return least;
}

double Inflow::least(const Order& order) const {
  const Runs runs = runs_of(parts_.boundaries, order, bounds_, node_.runs);
  Loads loads = node_.loads;
  for (std::size_t i = 0; i < count_; ++i) {
    Passing passing = into_[i].passing;
    passing.words = words(into_[i], runs[into_[i].boundary.role]);
    parts_.boundaries.add(into_[i].boundary, passing, instances_, loads);
  }
  return objective(loads, passing_by(runs));
}

Loads Inflow::passing_by(const Runs& runs) const noexcept {
  Loads loads;
  for (std::size_t i = count_; i < with_others_; ++i) {
    Passing passing = into_[i].passing;
    passing.words = words(into_[i], runs[into_[i].boundary.role]);
    parts_.boundaries.add(into_[i].boundary, passing, instances_, loads);
  }
  return loads;
}

Node Inflow::next() const {
  Node next = node_;
  next.step = node_.step + 1;
  next.tile = choice_.tile;
  next.plan.steps[step_.from] = bounds_;
  next.plan.shares = shares_;
  next.instances = instances_;
  next.spread = node_.spread * choice_.share->product;
  if (node_.step == 0) {
    next.jobs = 1;
    for (const std::int64_t bound : bounds_) {
      next.jobs *= bound;
    }
  }
  return next;
}

}  // namespace imbrex::optimum
