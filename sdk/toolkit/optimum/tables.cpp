#include "optimum/tables.hpp"

#include <algorithm>
#include <limits>

namespace imbrex::optimum {
namespace {

// Shares of one level within a tile, dimension by dimension.
struct SpreadSearch {
  const Lattice& lattice;
  const Slot& slot;
  const std::vector<std::int64_t>& inside;  // of the next level; empty: 1
  const Tile& tile;
  std::int64_t best = 1;

  void go(std::size_t dim, std::int64_t product, std::uint32_t rest) {
    if (dim == kDimCount) {
      best = std::max(best, product * (inside.empty() ? 1 : inside[rest]));
      return;
    }
    for (std::size_t share = 0; share <= tile[dim]; ++share) {
      const std::int64_t bound = lattice.divisor(dim, share);
      if (bound > 1 && (bound > slot.high[dim] || product * bound > slot.fanout)) {
        return;
      }
      const std::uint8_t left = lattice.quotient(dim, tile[dim], share);
      if (left != kNoDivisor) {
        go(dim + 1, product * bound, rest + left * lattice.stride(dim));
      }
    }
  }
};

}  // namespace

Tables::Tables(const Boundaries& boundaries, const Layout& layout, const Lattice& lattice,
               bool with_spreads)
    : boundaries_(boundaries),
      layout_(layout),
      lattice_(lattice),
      inside_(layout.steps.size()),
      from_(layout.steps.size()),
      spread_(boundaries.levels() + 1) {
  limit_instances(layout);
  for (std::size_t step = layout.steps.size(); step-- > 0;) {
    add_outer(step);
  }
  for (std::size_t l = boundaries.levels(); with_spreads && l-- > 0;) {
    add_spreads(l);
  }
}

void Tables::limit_instances(const Layout& layout) {
  instances_[0] = 1;
  for (std::size_t l = 0; l < boundaries_.levels(); ++l) {
    double most = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      shares_[l][d] = std::max<std::int64_t>(
          1, std::min({layout.spatial[l].high[d], layout.spatial[l].fanout, lattice_.bound(d)}));
      most *= static_cast<double>(shares_[l][d]);
    }
    instances_[l + 1] =
        instances_[l] * std::min(most, static_cast<double>(layout.spatial[l].fanout));
  }
}

// Results are not read before they are there: a port reads those that come back, less what it ever
// holds, which is known further outside only.
double Tables::unread_bits(const Boundary& boundary, const Passing& passing) const noexcept {
  const bool drains =
      boundary.parent > 0 && boundaries_.hierarchy().counting == nests::Counting::exact;
  if (boundary.role != kResults || drains) {
    return 0;
  }
  return static_cast<double>(boundaries_.problem().bits[kResults]) * passing.words / passing.alike /
         instances_[boundary.parent];
}

// The least over the innermost loops outside, which decide what is kept.
Least Tables::passing(std::size_t step, const Tile& tile) const {
  struct Known {
    Boundary boundary;
    Volumes volumes;
    Passing passing;
  };
  std::array<Known, kRoles*(kMaxLevels + 1)> known;
  std::size_t count = 0;
  std::uint32_t outside = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    outside |= tile[d] + 1u < lattice_.count(d) ? 1u << d : 0;
  }
  const Extents extents = lattice_.extents(tile);
  for (const Boundary& boundary : boundaries_.of_step(step)) {
    const VolumeBounds& volumes = boundaries_.volumes(boundary.role);
    Known& mine = known[count++];
    mine.boundary = boundary;
    Extents spread{1, 1, 1, 1, 1, 1, 1, 1};
    Extents outer{1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = 0; l < boundary.child; ++l) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        std::int64_t& share = l < boundary.parent ? outer[d] : spread[d];
        share = std::min(share * shares_[l][d], lattice_.bound(d));
      }
    }
    const bool is_tile = instances_[boundary.child] >= instances_[layout_.steps[step].to];
    mine.volumes = volumes.of(is_tile ? tile : lattice_.whole());
    if (!is_tile) {
      mine.volumes.apart = volumes.whole();
      mine.volumes.first.fill(volumes.whole());
    } else if (boundary.child == boundaries_.levels()) {
      mine.volumes.first.fill(mine.volumes.apart);  // a MAC keeps nothing
    }
    mine.passing.alike = std::min(volumes.most_alike(spread),
                                  instances_[boundary.child] / instances_[boundary.parent]);
    double reduced = 1;
    double reductions = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const bool adds = !volumes.depends_on(d);
      reduced *= adds ? static_cast<double>(std::min(lattice_.bound(d), spread[d] * outer[d])) : 1;
      reductions *= adds ? static_cast<double>(lattice_.bound(d) / extents[d]) : 1;
    }
    mine.passing.ever = volumes.whole() * std::min({reduced, instances_[boundary.child],
                                                    is_tile ? reductions : reduced});
  }
  Least least{kNever, kNever};
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    const bool is_loop = d < kDimCount && (outside >> d & 1) != 0;
    if (!is_loop && !(d == kDimCount && outside == 0)) {
      continue;
    }
    Loads loads;
    for (std::size_t i = 0; i < count; ++i) {
      Passing passing = known[i].passing;
      passing.words = d < kDimCount ? known[i].volumes.first[d] : known[i].volumes.apart;
      boundaries_.add(known[i].boundary, passing, instances_, loads);
      loads.read_bits[known[i].boundary.parent] -= unread_bits(known[i].boundary, passing);
    }
    least.energy_pj = std::min(least.energy_pj, loads.energy_pj);
    least.cycles = std::min(least.cycles, boundaries_.cycles(loads));
  }
  return least;
}

void Tables::add_outer(std::size_t step) {
  const Step& levels = layout_.steps[step];
  const bool is_last = levels.to == boundaries_.levels();
  std::vector<Least>& from = from_[step];
  from.assign(lattice_.size(), {kNever, kNever});
  for (std::uint32_t code = 0; code < (is_last ? 1 : lattice_.size()); ++code) {
    const Tile tile = lattice_.tile(code);
    const Least behind = is_last ? Least{} : inside_[step + 1][code];
    if (behind.energy_pj == kNever ||
        (!is_last && !boundaries_.fits(levels.to, lattice_.extents(tile)))) {
      continue;
    }
    const Least here = passing(step, tile);
    from[code] = {here.energy_pj + behind.energy_pj, std::max(here.cycles, behind.cycles)};
  }
  std::vector<Least>& inside = inside_[step] = from;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    bool is_split = layout_.temporal[levels.from].high[d] > 1;
    for (std::size_t l = levels.from; l < levels.to; ++l) {
      is_split = is_split || layout_.spatial[l].high[d] > 1;
    }
    for (std::uint32_t code = lattice_.size(); is_split && code-- > 0;) {
      const std::size_t at = code / lattice_.stride(d) % lattice_.count(d);
      for (std::size_t less = 0; less < at; ++less) {
        if (lattice_.quotient(d, at, less) != kNoDivisor) {
          const Least& other =
              inside[code - static_cast<std::uint32_t>(at - less) * lattice_.stride(d)];
          inside[code].energy_pj = std::min(inside[code].energy_pj, other.energy_pj);
          inside[code].cycles = std::min(inside[code].cycles, other.cycles);
        }
      }
    }
  }
}

void Tables::add_spreads(std::size_t level) {
  const std::vector<std::int64_t>& inside = spread_[level + 1];
  const Slot& slot = layout_.spatial[level];
  if (instances_[level + 1] <= instances_[level]) {
    spread_[level] = inside;
    return;
  }
  spread_[level].resize(lattice_.size());
  for (std::uint32_t code = 0; code < lattice_.size(); ++code) {
    const Tile tile = lattice_.tile(code);
    SpreadSearch search{lattice_, slot, inside, tile};
    search.go(0, 1, 0);
    spread_[level][code] = search.best;
  }
}

}  // namespace imbrex::optimum
