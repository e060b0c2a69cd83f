#include "optimum/tables.hpp"

#include <algorithm>

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
      all_(layout.steps.size()),
      others_(layout.steps.size()),
      others_inside_(layout.steps.size()),
      spread_(boundaries.levels() + 1) {
  limit_instances();
  measure();
  const std::size_t count = layout.steps.size();
  for (std::size_t step = count; step-- > 0;) {
    for (const Boundary& boundary : boundaries.of_step(step)) {
      caps_[boundary.role][boundary.child] = cap_of(boundary, step);
    }
    all_[step] = table(step, 0, step + 1 < count ? &all_[step + 1] : nullptr);
  }
  for (std::size_t step = 1; step < count; ++step) {
    if (boundaries.passing_by(step).empty()) {
      continue;
    }
    StepTable inner;
    for (std::size_t k = count; k-- > step;) {
      others_inside_[step] = inner.inside;
      inner = table(k, layout.steps[step].from, k + 1 < count ? &inner : nullptr);
    }
    others_[step] = std::move(inner);
  }
  for (std::size_t l = boundaries.levels(); with_spreads && l-- > 0;) {
    add_spreads(l);
  }
}

void Tables::limit_instances() {
  instances_[0] = 1;
  for (std::size_t l = 0; l < boundaries_.levels(); ++l) {
    const Slot& slot = layout_.spatial[l];
    double most = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      shares_[l][d] =
          std::max<std::int64_t>(1, std::min({slot.high[d], slot.fanout, lattice_.bound(d)}));
      most *= static_cast<double>(shares_[l][d]);
    }
    instances_[l + 1] = instances_[l] * std::min(most, static_cast<double>(slot.fanout));
  }
}

void Tables::measure() {
  fits_.resize(lattice_.size());
  for (std::uint32_t code = 0; code < lattice_.size(); ++code) {
    const Extents extents = lattice_.extents(lattice_.tile(code));
    for (std::size_t l = 0; l < boundaries_.levels(); ++l) {
      const bool fits = boundaries_.fits(l, extents);
      fits_[code] = static_cast<std::uint8_t>(fits ? fits_[code] | 1u << l : fits_[code]);
    }
  }
}

Extents Tables::most_shares(std::size_t parent, std::size_t child) const noexcept {
  Extents shares{1, 1, 1, 1, 1, 1, 1, 1};
  for (std::size_t l = parent; l < child; ++l) {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      shares[d] = std::min(shares[d] * shares_[l][d], lattice_.bound(d));
    }
  }
  return shares;
}

Cap Tables::cap_of(const Boundary& boundary, std::size_t step) const {
  const VolumeBounds& volumes = boundaries_.volumes(boundary.role);
  const Extents shares = most_shares(0, boundary.child);
  double reduced = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    reduced *= volumes.depends_on(d) ? 1 : static_cast<double>(shares[d]);
  }
  Passing passing =
      boundaries_.passing(boundary, most_shares(boundary.parent, boundary.child), instances_);
  passing.alike = std::min(passing.alike, instances_[boundary.child] / instances_[boundary.parent]);
  return {boundary, passing, std::min(reduced, instances_[boundary.child]),
          instances_[boundary.child] >= instances_[layout_.steps[step].to]};
}

// But for `words`, which the innermost loop outside decides.
Passing Tables::passing(const Cap& cap, const Tile& tile, Volumes& volumes) const noexcept {
  const VolumeBounds& tensor = boundaries_.volumes(cap.boundary.role);
  const double reduced = cap.reduced;
  Passing passing = cap.passing;
  passing.ever = tensor.whole() * reduced;
  if (!cap.is_tile) {
    volumes.apart = tensor.whole();
    volumes.first.fill(tensor.whole());
    return passing;
  }
  volumes = tensor.of(tile);
  if (boundaries_.fetches_all(cap.boundary)) {
    volumes.first.fill(volumes.apart);
  }
  passing.ever = tensor.whole() * std::min(reduced, volumes.repeats);
  return passing;
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

// Into the tile that a step decides: the least over the innermost loops outside, which say what is
// kept. Only boundaries that begin at level `outermost` or further inside.
Least Tables::into(std::size_t step, std::size_t outermost, const Tile& tile) const {
  std::array<Volumes, kRoles*(kMaxLevels + 1)> volumes;
  std::array<Passing, kRoles*(kMaxLevels + 1)> passes;
  const std::vector<Boundary>& of_step = boundaries_.of_step(step);
  std::uint32_t outside = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    outside |= tile[d] + 1u < lattice_.count(d) ? 1u << d : 0;
  }
  for (std::size_t i = 0; i < of_step.size(); ++i) {
    passes[i] = passing(cap(of_step[i]), tile, volumes[i]);
  }
  Least least{kNever, kNever};
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d < kDimCount ? (outside >> d & 1) == 0 : outside != 0) {
      continue;
    }
    Loads loads;
    for (std::size_t i = 0; i < of_step.size(); ++i) {
      if (of_step[i].parent >= outermost) {
        passes[i].words = d < kDimCount ? volumes[i].first[d] : volumes[i].apart;
        boundaries_.add(of_step[i], passes[i], instances_, loads);
        loads.read_bits[of_step[i].parent] -= unread_bits(of_step[i], passes[i]);
      }
    }
    least.energy_pj = std::min(least.energy_pj, loads.energy_pj);
    least.cycles = std::min(least.cycles, boundaries_.cycles(loads));
  }
  return least;
}

// `inner`: of the next step; null: this is the last one.
StepTable Tables::table(std::size_t step, std::size_t outermost, const StepTable* inner) const {
  const Step& levels = layout_.steps[step];
  const auto fits_inside = [&](std::uint32_t code) {
    std::size_t l = levels.from + 1;  // whose tiles are as large as that of `to` at least
    while (l <= levels.to && (l == boundaries_.levels() || fits(l, code))) {
      ++l;
    }
    return l > levels.to;
  };
  StepTable table;
  table.from.assign(lattice_.size(), {kNever, kNever});
  for (std::uint32_t code = 0; code < (inner == nullptr ? 1 : lattice_.size()); ++code) {
    const Least behind = inner == nullptr ? Least{} : inner->inside[code];
    const Tile tile = lattice_.tile(code);
    if (behind.energy_pj == kNever || !fits_inside(code)) {
      continue;
    }
    const Least here = into(step, outermost, tile);
    table.from[code] = {here.energy_pj + behind.energy_pj, std::max(here.cycles, behind.cycles)};
  }
  table.inside = table.from;
  spread_inwards(step, table.inside, [](std::size_t) {});
  return table;
}

bool Tables::is_split(std::size_t step, std::size_t dim) const noexcept {
  const Step& levels = layout_.steps[step];
  bool is_split = layout_.temporal[levels.from].high[dim] > 1;
  for (std::size_t l = levels.from; l < levels.to; ++l) {
    is_split = is_split || layout_.spatial[l].high[dim] > 1;
  }
  return is_split && lattice_.count(dim) > 1;
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
