#include "optimum/uneven_tables.hpp"

#include <algorithm>
#include <cmath>

namespace imbrex::optimum {
namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();

float rounded_down(double value) noexcept {
  const auto near = static_cast<float>(value);
  return static_cast<double>(near) <= value ? near : std::nextafter(near, -kNothing);
}

void lower(ClassInside& least, const ClassInside& one) noexcept {
  least.energy_pj = std::min(least.energy_pj, one.energy_pj);
  least.cycles = std::min(least.cycles, one.cycles);
}

}  // namespace

double ClassTables::bytes(double tiles, std::size_t steps) noexcept {
  return tiles * (4 * static_cast<double>(steps * sizeof(ClassInside)) + 1);
}

ClassTables::ClassTables(const ClassParts& parts)
    : parts_(parts), tables_(parts.layout.steps.size()), others_(parts.layout.steps.size()) {
  fits_.resize(parts.lattice.size());
  for (std::uint32_t code = 0; code < parts.lattice.size(); ++code) {
    const Extents extents = parts.lattice.least_extents(parts.lattice.tile(code));
    for (std::size_t l = 0; l < parts.levels(); ++l) {
      const unsigned fits = parts.boundaries.fits(l, extents) ? 1u << l : 0;
      fits_[code] = static_cast<std::uint8_t>(fits_[code] | fits);
    }
  }
  const std::size_t count = tables_.size();
  for (std::size_t step = count; step-- > 0;) {
    tables_[step] = table(step, 0, step + 1 < count ? &tables_[step + 1] : nullptr);
  }
  for (std::size_t step = 1; step < count; ++step) {
    for (std::size_t k = count; !parts.boundaries.passing_by(step).empty() && k-- > step;) {
      const ClassTable inner = std::move(others_[step]);
      others_[step] = table(k, parts.layout.steps[step].from, k + 1 < count ? &inner : nullptr);
    }
  }
}

double ClassTables::energy(std::vector<ClassInside> ClassTable::*of, std::size_t step,
                           std::uint32_t code, double passing_by_pj) const noexcept {
  const auto all = static_cast<double>((tables_[step].*of)[code].energy_pj);
  const std::vector<ClassInside>& others = others_[step].*of;
  return others.empty()
             ? all
             : std::max(all, static_cast<double>(others[code].energy_pj) + passing_by_pj);
}

// `innermost`: the dimension of the innermost temporal loop outside the tile, kDimCount: none.
ClassWords ClassTables::into(std::size_t step, const Boundary& boundary, const Spread& spread,
                             const ClassTile& tile, std::size_t innermost) const noexcept {
  const std::size_t levels = parts_.levels();
  const double whole = parts_.boundaries.volumes(boundary.role).whole();
  const Extents outside = product_of(spread, 0, boundary.child);
  const Extents between = product_of(spread, boundary.parent, boundary.child);
  double repeats = 1;
  double reduced = 1;
  double alike = parts_.alike_windows(boundary.role, between);
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (!parts_.depends_on(boundary.role, d)) {
      repeats *= static_cast<double>(parts_.lattice.tiles(d, tile));
      reduced *= static_cast<double>(outside[d]);
      alike *= static_cast<double>(between[d]);
    }
  }
  alike = std::min(alike, parts_.instances[boundary.child] / parts_.instances[boundary.parent]);
  ClassWords words{whole, whole, whole * std::min(reduced, repeats)};
  const ClassVolumes& tensor = parts_.volumes[boundary.role];
  const bool is_mac = boundary.child == levels;
  const bool is_tile = parts_.instances[boundary.child] >=
                       parts_.instances[parts_.layout.steps[step].to];  // as large as that
  if (is_tile && (is_mac || innermost == kDimCount)) {
    words.into = std::max(whole, tensor.all(tile) * repeats);  // a MAC keeps nothing
  } else if (is_tile && parts_.depends_on(boundary.role, innermost)) {
    const std::int64_t staying =
        most_staying_tiles(parts_.lattice.tiles(innermost, tile), outside[innermost], step == 0);
    words.into = std::max(whole, tensor.moved(tile, innermost, staying) * repeats);
  }
  words.read = std::max(whole, words.into / alike);
  return words;
}

// The least over the innermost loops outside, which say what is kept. Only boundaries that begin at
// level `outermost` or further inside.
ClassInside ClassTables::into(std::size_t step, std::size_t outermost,
                              const ClassTile& tile) const {
  Least least{kNever, kNever};
  bool is_whole = true;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    is_whole = is_whole && parts_.lattice.tiles(d, tile) == 1;
  }
  for (std::size_t d = 0; d <= kDimCount; ++d) {
    if (d < kDimCount ? parts_.lattice.tiles(d, tile) == 1 : !is_whole) {
      continue;
    }
    for (const Spread& spread : parts_.spreads) {
      const Loads loads = into(step, outermost, spread, tile, d);
      least.energy_pj = std::min(least.energy_pj, loads.energy_pj);
      least.cycles = std::min(least.cycles, parts_.boundaries.cycles(loads));
    }
  }
  return {rounded_down(least.energy_pj), rounded_down(least.cycles)};
}

Loads ClassTables::into(std::size_t step, std::size_t outermost, const Spread& spread,
                        const ClassTile& tile, std::size_t innermost) const {
  Loads loads;
  for (const Boundary& boundary : parts_.boundaries.of_step(step)) {
    if (boundary.parent < outermost) {
      continue;
    }
    const ClassWords words = into(step, boundary, spread, tile, innermost);
    parts_.add(boundary, words, parts_.instances, loads);
    if (boundary.role == kResults && boundary.parent == 0) {
      // The memory does not read results before they are there.
      loads.read_bits[0] -=
          static_cast<double>(parts_.question.problem.bits[kResults]) * words.read;
    }
  }
  return loads;
}

bool ClassTables::fits_inside(const Step& step, std::uint32_t code) const noexcept {
  for (std::size_t l = step.from + 1; l <= step.to; ++l) {
    if (l < parts_.levels() && !fits(l, code)) {
      return false;
    }
  }
  return true;
}

// `inner`: of the next step; null: this is the last one.
ClassTable ClassTables::table(std::size_t step, std::size_t outermost,
                              const ClassTable* inner) const {
  const ClassLattice& lattice = parts_.lattice;
  ClassTable table;
  table.from.assign(lattice.size(), {kNothing, kNothing});
  for (std::uint32_t code = 0; code < (inner == nullptr ? 1 : lattice.size()); ++code) {
    const ClassInside behind = inner == nullptr ? ClassInside{} : inner->inside[code];
    if (behind.energy_pj == kNothing || !fits_inside(parts_.layout.steps[step], code)) {
      continue;
    }
    const ClassInside here = into(step, outermost, lattice.tile(code));
    table.from[code] = {
        rounded_down(static_cast<double>(here.energy_pj) + static_cast<double>(behind.energy_pj)),
        std::max(here.cycles, behind.cycles)};
  }
  table.inside = table.from;
  spread_inwards(step, table.inside);
  return table;
}

// Dimension by dimension, from the largest tiles on: what a tile had before is still there inside.
void ClassTables::spread_inwards(std::size_t step, std::vector<ClassInside>& inside) const {
  const ClassLattice& lattice = parts_.lattice;
  const Step& levels = parts_.layout.steps[step];
  const Extents shares = parts_.most_shares(levels.from, levels.to);
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const TileClasses& classes = lattice.of(d);
    const std::uint32_t stride = lattice.stride(d);
    const std::int64_t steps = parts_.layout.temporal[levels.from].high[d];
    const std::int64_t most = steps > classes.bound() / shares[d] ? kAnyBound : steps * shares[d];
    for (std::uint32_t code = lattice.size(); code-- > 0;) {
      const std::size_t at = code / stride % classes.size();
      for (const std::uint16_t less : classes.inside(at)) {
        if (less < at && classes.loop(at, less).low <= most) {
          lower(inside[code], inside[code - static_cast<std::uint32_t>(at - less) * stride]);
        }
      }
    }
  }
}

}  // namespace imbrex::optimum
