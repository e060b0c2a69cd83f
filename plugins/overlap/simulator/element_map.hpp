// Which jobs wrote which elements of a tensor: every element carries the names of its writers,
// painted on one by one. Deliberately plain; the analyzers this checks use index arithmetic
// instead.
#pragma once

#include <imbrex/values/region.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::simulator {

class ElementMap {
 public:
  // Job i wrote regions[i]; empty regions are allowed. Memory: one entry per element of the axes
  // along which some job covers only a part, times the number of jobs that write one element.
  ElementMap(const Shape& shape, std::span<const Region> regions);

  // Appends the jobs that wrote part of `region`; a job may appear several times. O(elements).
  void find(const Region& region, std::vector<std::uint32_t>& out) const;

 private:
  template <class Visit>
  void for_each_element(const Region& region, Visit visit) const;
  bool is_clear(const std::vector<std::uint32_t>& layer, const Region& region) const;

  std::array<std::size_t, kMaxRank> pitch_{};  // 0: no job cuts this axis
  // A job goes to the first layer on which its elements are still free; partial sums need several.
  std::vector<std::vector<std::uint32_t>> layers_;
};

}  // namespace imbrex::simulator
