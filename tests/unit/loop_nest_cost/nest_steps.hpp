// The steps of a loop nest one by one, and sets of points of a tensor.
#pragma once

#include <imbrex/values/mapping.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <set>
#include <vector>

namespace imbrex::nests {

using Point = std::vector<std::int64_t>;
using Points = std::set<Point>;
using Coordinates = std::array<std::int64_t, kDimCount>;

// Every combination of the chosen loops, in nest order, as offsets per dimension.
template <class Chosen>
std::vector<Coordinates> walk(const Mapping& mapping, Chosen&& chosen) {
  Coordinates reach;
  reach.fill(1);
  std::vector<std::int64_t> stride(mapping.count);
  for (std::size_t i = mapping.count; i-- > 0;) {
    std::int64_t& mine = reach[imbrex::index(mapping.loops[i].dim)];
    stride[i] = mine;
    mine *= mapping.loops[i].bound;
  }
  std::vector<Coordinates> all{{}};
  for (std::size_t i = 0; i < mapping.count; ++i) {
    if (!chosen(mapping.loops[i])) {
      continue;
    }
    std::vector<Coordinates> next;
    for (const Coordinates& base : all) {
      for (std::int64_t j = 0; j < mapping.loops[i].bound; ++j) {
        next.push_back(base);
        next.back()[imbrex::index(mapping.loops[i].dim)] += j * stride[i];
      }
    }
    all = std::move(next);
  }
  return all;
}

inline Coordinates plus(Coordinates a, const Coordinates& b) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    a[d] += b[d];
  }
  return a;
}

inline Points minus(const Points& a, const Points& b) {
  Points rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace imbrex::nests
