#include "optimum/uneven_classes.hpp"

namespace imbrex::optimum {

TileClasses::TileClasses(std::int64_t bound) {
  for (std::int64_t extent = 1; extent <= bound;) {
    const std::int64_t tiles = ceil_div(bound, extent);
    const std::int64_t most = tiles == 1 ? bound : (bound - 1) / (tiles - 1);
    classes_.push_back({tiles, extent, most});
    extent = most + 1;
  }
  outside_.resize(classes_.size());
  inside_.resize(classes_.size());
  for (std::size_t outer = 0; outer < classes_.size(); ++outer) {
    for (std::size_t inner = 0; inner <= outer; ++inner) {
      if (!loop(outer, inner).is_empty()) {
        outside_[inner].push_back(static_cast<std::uint16_t>(outer));
        inside_[outer].push_back(static_cast<std::uint16_t>(inner));
      }
    }
  }
}

LoopRange TileClasses::loop(std::size_t outer, std::size_t inner) const noexcept {
  const std::int64_t after = classes_[outer].tiles;
  const std::int64_t before = classes_[inner].tiles;
  return {ceil_div(before, after), after == 1 ? kAnyBound : (before - 1) / (after - 1)};
}

ClassLattice::ClassLattice(const LoopBounds& bounds) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    classes_.emplace_back(bounds.bound[d]);
    stride_[d] = size_;
    size_ *= static_cast<std::uint32_t>(classes_[d].size());
  }
}

double ClassLattice::size_of(const LoopBounds& bounds) {
  double size = 1;
  for (const std::int64_t bound : bounds.bound) {
    double classes = 0;
    for (std::int64_t extent = 1; extent <= bound; ++classes) {
      const std::int64_t tiles = ceil_div(bound, extent);
      extent = tiles == 1 ? bound + 1 : (bound - 1) / (tiles - 1) + 1;
    }
    size *= classes;
  }
  return size;
}

std::uint32_t ClassLattice::code(const ClassTile& tile) const noexcept {
  std::uint32_t code = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    code += tile[d] * stride_[d];
  }
  return code;
}

ClassTile ClassLattice::tile(std::uint32_t code) const noexcept {
  ClassTile tile{};
  for (std::size_t d = kDimCount; d-- > 0;) {
    tile[d] = static_cast<std::uint16_t>(code / stride_[d]);
    code %= stride_[d];
  }
  return tile;
}

ClassTile ClassLattice::whole() const noexcept {
  ClassTile tile{};
  for (std::size_t d = 0; d < kDimCount; ++d) {
    tile[d] = static_cast<std::uint16_t>(classes_[d].size() - 1);
  }
  return tile;
}

Extents ClassLattice::least_extents(const ClassTile& tile) const noexcept {
  Extents extents;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    extents[d] = classes_[d][tile[d]].least;
  }
  return extents;
}

}  // namespace imbrex::optimum
