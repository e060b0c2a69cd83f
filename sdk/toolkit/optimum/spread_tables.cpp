#include "optimum/spread_tables.hpp"

#include <algorithm>

namespace imbrex::optimum {

SpreadTables::SpreadTables(const Boundaries& boundaries, const Layout& layout,
                           const Lattice& lattice, const Tables& tables, double most_bytes)
    : boundaries_(boundaries),
      layout_(layout),
      lattice_(lattice),
      tables_(tables),
      room_(most_bytes),
      rows_(layout.steps.size()),
      known_(layout.steps.size()) {}

SpreadTables::Key SpreadTables::alike(std::size_t step, const Share& share) const noexcept {
  Key key{};
  const std::size_t first = layout_.steps[step].from;
  const std::vector<Boundary>& of_step = boundaries_.of_step(step);
  for (std::size_t i = 0; i < of_step.size(); ++i) {
    Extents spread = tables_.most_shares(std::min(of_step[i].parent, first), first);
    for (std::size_t l = std::max(first, of_step[i].parent); l < of_step[i].child; ++l) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        spread[d] *= lattice_.divisor(d, share.of[l - first][d]);
      }
    }
    key[i] = boundaries_.most_alike(of_step[i], spread);
  }
  return key;
}

const SpreadTable* SpreadTables::of(std::size_t step, const Share& share) {
  const double tiles = lattice_.size();
  const auto boundaries = static_cast<double>(boundaries_.of_step(step).size());
  if (rows_[step].empty()) {
    const double bytes = tiles * (kDimCount + 1) * boundaries * sizeof(Row);
    if (bytes > room_) {
      return nullptr;
    }
    room_ -= bytes;
    add_rows(step);
  }
  const Key key = alike(step, share);
  const auto found = known_[step].find(key);
  if (found != known_[step].end()) {
    return &found->second;
  }
  const double bytes = tiles * 4 * sizeof(double);
  if (bytes > room_) {
    return nullptr;
  }
  room_ -= bytes;
  tiles_made_ += lattice_.size();
  return &known_[step].emplace(key, table(step, key)).first->second;
}

void SpreadTables::add_rows(std::size_t step) {
  const std::vector<Boundary>& of_step = boundaries_.of_step(step);
  const bool is_last = layout_.steps[step].to == boundaries_.levels();
  const std::uint32_t tiles = is_last ? 1 : lattice_.size();
  rows_[step].resize(std::size_t{tiles} * (kDimCount + 1) * of_step.size());
  std::array<double, kMaxLevels + 1> one;
  one.fill(1);
  for (std::uint32_t code = 0; code < tiles; ++code) {
    for (std::size_t i = 0; i < of_step.size(); ++i) {
      Volumes volumes;
      Passing passing = tables_.passing(tables_.cap(of_step[i]), lattice_.tile(code), volumes);
      for (std::size_t d = 0; d <= kDimCount; ++d) {
        passing.words = d < kDimCount ? volumes.first[d] : volumes.apart;
        Loads both;
        passing.alike = 1;
        boundaries_.add(of_step[i], passing, one, both);
        Loads alone;
        passing.alike = kNever;
        boundaries_.add(of_step[i], passing, one, alone);
        rows_[step][(std::size_t{code} * (kDimCount + 1) + d) * of_step.size() + i] = {
            alone.energy_pj, both.energy_pj - alone.energy_pj};
      }
    }
  }
}

SpreadTable SpreadTables::table(std::size_t step, const Key& alike) const {
  const std::vector<Boundary>& of_step = boundaries_.of_step(step);
  const std::size_t first = layout_.steps[step].from;
  const bool is_last = layout_.steps[step].to == boundaries_.levels();
  SpreadTable table;
  table.from.assign(lattice_.size(), kNever);
  table.others_from.assign(lattice_.size(), kNever);
  for (std::uint32_t code = 0; code < (is_last ? 1 : lattice_.size()); ++code) {
    if (tables_.all(step).from[code].energy_pj == kNever) {
      continue;
    }
    // No row at all where nothing passes a boundary of the step.
    const Row* row = rows_[step].data() + std::size_t{code} * (kDimCount + 1) * of_step.size();
    const std::uint32_t outside = lattice_.unfinished(code);
    double least = kNever;
    double least_others = kNever;
    for (std::size_t d = 0; d <= kDimCount; ++d, row += of_step.size()) {
      if (d < kDimCount ? (outside >> d & 1) == 0 : outside != 0) {
        continue;
      }
      double all = 0;
      double others = 0;
      for (std::size_t i = 0; i < of_step.size(); ++i) {
        const double energy = row[i].alone + row[i].shared / alike[i];
        all += energy;
        others += of_step[i].parent >= first ? energy : 0;
      }
      least = std::min(least, all);
      least_others = std::min(least_others, others);
    }
    table.from[code] = least + tables_.inside_of(step, code);
    table.others_from[code] = least_others + tables_.inside_of_others(step, code);
  }
  table.inside = table.from;
  table.others_inside = table.others_from;
  tables_.spread_inwards(step, table.inside);
  tables_.spread_inwards(step, table.others_inside);
  return table;
}

}  // namespace imbrex::optimum
