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

SpreadTables::Key SpreadTables::rounded(Key alike) noexcept {
  for (double& instances : alike) {
    double power = 1;
    while (power < instances) {
      power *= 4;
    }
    instances = instances > 0 ? power : 0;
  }
  return alike;
}

bool SpreadTables::takes(double bytes) noexcept {
  const bool fits = bytes <= room_;
  room_ -= fits ? bytes : 0;
  return fits;
}

double SpreadTables::bytes_of(std::size_t step, std::size_t stages) const noexcept {
  const double kinds = boundaries_.passing_by(step).empty() ? 1 : 2;
  return kinds * static_cast<double>(stages * lattice_.size() * sizeof(double));
}

SpreadTable* SpreadTables::found(std::size_t step, const Key& key) {
  if (rows_[step].empty()) {
    const std::size_t rows = lattice_.size() * (kDimCount + 1) * boundaries_.of_step(step).size();
    if (!takes(static_cast<double>(rows * sizeof(Row)))) {
      return nullptr;
    }
    add_rows(step);
  }
  const auto known = known_[step].find(key);
  if (known != known_[step].end()) {
    return &known->second;
  }
  if (!takes(bytes_of(step, 1))) {
    return nullptr;
  }
  tiles_made_ += lattice_.size();
  From insides = from(step, key);
  for (std::vector<double>& inside : insides) {
    if (!inside.empty()) {
      tables_.spread_inwards(step, inside, [](std::size_t) {});
    }
  }
  SpreadTable table{std::move(insides[0]), std::move(insides[1]), {}, {}};
  return &known_[step].emplace(key, std::move(table)).first->second;
}

const SpreadTable* SpreadTables::staged(std::size_t step, const Share& share) {
  const Key key = alike(step, share);
  SpreadTable* const table = found(step, key);
  if (table == nullptr || !table->stages.empty()) {
    return table;
  }
  if (!takes(bytes_of(step, 1 + splits(step)))) {
    return nullptr;
  }
  tiles_made_ += lattice_.size();
  From outermost = from(step, key);
  table->stages = stages(step, std::move(outermost[0]));
  table->others_stages = outermost[1].empty() ? Stages{} : stages(step, std::move(outermost[1]));
  return table;
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

SpreadTables::From SpreadTables::from(std::size_t step, const Key& alike) const {
  const std::vector<Boundary>& of_step = boundaries_.of_step(step);
  const std::size_t first = layout_.steps[step].from;
  const bool is_last = layout_.steps[step].to == boundaries_.levels();
  const bool others_differ = !boundaries_.passing_by(step).empty();
  From from{std::vector<double>(lattice_.size(), kNever),
            std::vector<double>(others_differ ? lattice_.size() : 0, kNever)};
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
    from[0][code] = least + tables_.inside_of(step, code);
    if (others_differ) {
      from[1][code] = least_others + tables_.inside_of_others(step, code);
    }
  }
  return from;
}

std::size_t SpreadTables::splits(std::size_t step) const noexcept {
  std::size_t splits = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    splits += tables_.is_split(step, d) ? 1 : 0;
  }
  return splits;
}

Stages SpreadTables::stages(std::size_t step, std::vector<double> from) const {
  Stages stages{from};
  tables_.spread_inwards(step, from, [&](std::size_t d) {
    if (tables_.is_split(step, d)) {
      stages.push_back(from);
    }
  });
  return stages;
}

}  // namespace imbrex::optimum
