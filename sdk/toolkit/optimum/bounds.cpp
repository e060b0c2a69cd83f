#include "optimum/bounds.hpp"

#include <algorithm>

namespace imbrex::optimum {

Sharing::Sharing(const Parts& all, const Node& of, const Share& one) noexcept
    : parts(all),
      node(of),
      share(one),
      step(all.layout.steps[of.step]),
      is_last(step.to == all.boundaries.levels()),
      shares(of.plan.shares),
      instances(of.instances) {
  for (std::size_t l = step.from; l < step.to; ++l) {
    shares[l] = parts.lattice.extents(share.of[l - step.from]);
    instances[l + 1] = instances[l];
    for (const std::int64_t bound : shares[l]) {
      instances[l + 1] *= static_cast<double>(bound);
    }
  }
  for (std::size_t l = step.to; l < parts.boundaries.levels(); ++l) {
    instances[l + 1] =
        instances[l] * parts.tables.most_instances(l + 1) / parts.tables.most_instances(l);
  }
  for (std::size_t l = 0; l < step.from; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      moved_outside |= of.plan.steps[l][d] > 1 ? 1u << d : 0;
    }
  }
  for (const Boundary& boundary : parts.boundaries.of_step(node.step)) {
    add(boundary, boundary.child);
  }
  decided = count;
  if (!is_last) {
    for (const Boundary& boundary : parts.boundaries.passing_by(node.step + 1)) {
      add(boundary, step.to);
    }
  }
}

void Sharing::add(const Boundary& boundary, std::size_t reached) noexcept {
  const VolumeBounds& tensor = parts.boundaries.volumes(boundary.role);
  Extents spread = parts.tables.most_shares(reached, boundary.child);
  double sums = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    sums *= tensor.depends_on(d) ? 1 : static_cast<double>(spread[d]);
    for (std::size_t l = 0; l < reached; ++l) {
      spread[d] *= l >= boundary.parent ? shares[l][d] : 1;
      sums *= tensor.depends_on(d) ? 1 : static_cast<double>(shares[l][d]);
    }
  }
  Passing passing = parts.boundaries.passing(boundary, spread, instances);
  passing.ever = tensor.whole() * sums;
  into[count++] = {boundary,
                   reached,
                   passing,
                   parts.boundaries.energies(boundary, passing),
                   parts.boundaries.fetches_all(boundary),
                   boundary.parent >= step.from && reached == boundary.child &&
                       tensor.has_windows() && !parts.boundaries.has_links(boundary),
                   spread};
}

Tile Sharing::tile_of(std::size_t level, Tile inside) const noexcept {
  for (std::size_t l = level; l < step.to; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      inside[d] = parts.lattice.product(d, inside[d], share.of[l - step.from][d]);
    }
  }
  return inside;
}

bool Sharing::fits(const Tile& inside) const noexcept {
  for (std::size_t l = step.from + 1; l < step.to; ++l) {
    if (!parts.tables.fits(l, parts.lattice.code(tile_of(l, inside)))) {
      return false;
    }
  }
  return true;
}

Inflow::Inflow(const Sharing& sharing, const Choice& choice) noexcept
    : sharing_(sharing), choice_(choice) {
  const Lattice& lattice = sharing.parts.lattice;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    bounds_[d] = lattice.divisor(d, sharing.share.rest[d]) / lattice.divisor(d, choice.tile[d]);
    loops_ |= bounds_[d] > 1 ? 1u << d : 0;
  }
  for (std::size_t i = 0; i < sharing.count; ++i) {
    const Sharing::Into& into = sharing.into[i];
    const VolumeBounds& tensor = sharing.parts.boundaries.volumes(into.boundary.role);
    const Tile tile = sharing.tile_of(into.reached, choice.tile);
    volumes_[i] = tensor.of(tile);
    passing_[i] = into.passing;
    energies_[i] = into.energies;
    if (into.reached < into.boundary.child) {
      // Parts of a tile: its points, while its box may be larger than theirs.
      volumes_[i].apart = tensor.whole() * volumes_[i].repeats;
      volumes_[i].first.fill(volumes_[i].apart);
    } else if (into.fetches_all) {
      volumes_[i].first.fill(kNever);
    }
    if (tensor.has_windows() && into.reached == into.boundary.child &&
        sharing.parts.boundaries.is_exact()) {
      sharpen(i, tile);
    }
  }
}

void Inflow::sharpen(std::size_t i, const Tile& tile) noexcept {
  const Lattice& lattice = sharing_.parts.lattice;
  const Sharing::Into& into = sharing_.into[i];
  const VolumeBounds& tensor = sharing_.parts.boundaries.volumes(into.boundary.role);
  if (into.is_side_by_side) {
    passing_[i].alike = std::min(passing_[i].alike, tensor.alike(into.spread, tile));
    energies_[i] = sharing_.parts.boundaries.energies(into.boundary, passing_[i]);
  }
  for (std::size_t d = 0; d < kDimCount && !into.fetches_all; ++d) {
    if ((loops_ >> d & 1) == 0 || !tensor.depends_on(d) || tensor.is_lost_by(d)) {
      continue;
    }
    const std::uint8_t bound = lattice.quotient(d, sharing_.share.rest[d], choice_.tile[d]);
    const std::uint8_t covered = lattice.quotient(d, sharing_.node.tile[d], bound);
    const bool is_only = (sharing_.moved_outside >> d & 1) == 0;
    volumes_[i].first[d] =
        std::max(volumes_[i].first[d],
                 tensor.first(tile, d, lattice.quotient(d, covered, tile[d]), bound, is_only));
  }
}

double Inflow::words(std::size_t i, const Run& run) const noexcept {
  const Sharing::Into& into = sharing_.into[i];
  if (into.fetches_all) {
    return volumes_[i].apart;
  }
  const double words = run.first == kDimCount ? volumes_[i].apart : volumes_[i].first[run.first];
  return std::max(sharing_.parts.boundaries.volumes(into.boundary.role).whole(), words / run.free);
}

// Whatever order the other loops have.
double Inflow::words_first(std::size_t i, std::size_t innermost) const noexcept {
  const std::size_t role = sharing_.into[i].boundary.role;
  const bool moves =
      innermost < kDimCount && sharing_.parts.boundaries.volumes(role).depends_on(innermost);
  return moves ? words(i, Run{1, innermost}) : words_kept(i);
}

double Inflow::words_kept(std::size_t i) const noexcept {
  const std::size_t role = sharing_.into[i].boundary.role;
  const VolumeBounds& tensor = sharing_.parts.boundaries.volumes(role);
  const Run& before = sharing_.node.runs[role];
  double free = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    free *= tensor.depends_on(d) ? 1 : static_cast<double>(bounds_[d]);
  }
  double least = kNever;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if ((loops_ >> d & 1) != 0 && tensor.depends_on(d)) {
      least = std::min(least, words(i, Run{free, d}));
    }
  }
  return least < kNever ? least : words(i, Run{free * before.free, before.first});
}

Least Inflow::inside(const Loads& passing_by) const noexcept {
  return sharing_.is_last
             ? Least{}
             : sharing_.parts.behind(sharing_.node.step + 1, choice_.code, passing_by, false);
}

Least Inflow::with(const Loads& loads, const Loads& passing_by) const noexcept {
  const Parts& parts = sharing_.parts;
  const Least behind = inside(passing_by);
  return {loads.energy_pj + behind.energy_pj,
          parts.by_latency ? std::max(parts.boundaries.cycles(loads), behind.cycles) : 0};
}

double Inflow::worth(const Least& least) const {
  const Node& node = sharing_.node;
  const std::int64_t spread = node.spread * sharing_.share.product *
                              sharing_.parts.tables.most_spread(sharing_.step.to, choice_.code);
  std::int64_t jobs = node.jobs;
  for (std::size_t d = 0; node.step == 0 && d < kDimCount; ++d) {
    jobs *= bounds_[d];
  }
  return sharing_.parts.worth(least.energy_pj, ceil_div(sharing_.parts.iterations(), spread),
                              least.cycles, jobs);
}

double Inflow::least_energy() const noexcept {
  std::array<double, kRoles*(kMaxLevels + 1)> kept;
  for (std::size_t i = 0; i < sharing_.count; ++i) {
    kept[i] = energies_[i].of(words_kept(i));
  }
  const Boundaries& boundaries = sharing_.parts.boundaries;
  double least = kNever;
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d == kDimCount ? loops_ != 0 : (loops_ >> d & 1) == 0) {
      continue;
    }
    double decided = sharing_.node.loads.energy_pj;
    Loads others;
    for (std::size_t i = 0; i < sharing_.count; ++i) {
      const Sharing::Into& into = sharing_.into[i];
      const bool moves = d < kDimCount && boundaries.volumes(into.boundary.role).depends_on(d);
      (i < sharing_.decided ? decided : others.energy_pj) +=
          moves ? energies_[i].of(words(i, Run{1, d})) : kept[i];
    }
    least = std::min(least, decided + inside(others).energy_pj);
  }
  return least;
}

double Inflow::least() const {
  if (!sharing_.parts.by_latency) {
    return worth({least_energy(), 0});
  }
  Least least{kNever, kNever};
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d == kDimCount ? loops_ != 0 : (loops_ >> d & 1) == 0) {
      continue;
    }
    Loads loads = sharing_.node.loads;
    Loads others;
    for (std::size_t i = 0; i < sharing_.count; ++i) {
      Passing passing = passing_[i];
      passing.words = words_first(i, d);
      sharing_.parts.boundaries.add(sharing_.into[i].boundary, passing, sharing_.instances,
                                    i < sharing_.decided ? loads : others);
    }
    lower(least, with(loads, others));
  }
  return worth(least);
}

double Inflow::least(const Order& order) const {
  const Runs runs = runs_of(sharing_.parts.boundaries, order, bounds_, sharing_.node.runs);
  Loads loads = sharing_.node.loads;
  for (std::size_t i = 0; i < sharing_.decided; ++i) {
    Passing passing = passing_[i];
    passing.words = words(i, runs[sharing_.into[i].boundary.role]);
    sharing_.parts.boundaries.add(sharing_.into[i].boundary, passing, sharing_.instances, loads);
  }
  return worth(with(loads, passing_by(runs)));
}

Loads Inflow::passing_by(const Runs& runs) const noexcept {
  Loads loads;
  for (std::size_t i = sharing_.decided; i < sharing_.count; ++i) {
    Passing passing = passing_[i];
    passing.words = words(i, runs[sharing_.into[i].boundary.role]);
    sharing_.parts.boundaries.add(sharing_.into[i].boundary, passing, sharing_.instances, loads);
  }
  return loads;
}

Node Inflow::next() const {
  const Node& node = sharing_.node;
  Node next = node;
  next.step = node.step + 1;
  next.tile = choice_.tile;
  next.plan.steps[sharing_.step.from] = bounds_;
  next.plan.shares = sharing_.shares;
  next.instances = sharing_.instances;
  next.spread = node.spread * sharing_.share.product;
  for (std::size_t d = 0; node.step == 0 && d < kDimCount; ++d) {
    next.jobs *= bounds_[d];
  }
  return next;
}

}  // namespace imbrex::optimum
