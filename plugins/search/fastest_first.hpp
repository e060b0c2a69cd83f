// File: fastest_first.hpp
//
// What a search within one layer starts from.
#pragma once

#include <imbrex/map_space.hpp>
#include <imbrex/search_support.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace imbrex {

// Candidates that lie in the space, fastest first, ties by index.
inline std::vector<std::size_t> fastest_first(const MapSpace& space,
                                              const LayerCandidates& candidates) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (space.contains(candidates.mappings[i])) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return candidates.latency_ps[a] < candidates.latency_ps[b];
  });
  return order;
}

}  // namespace imbrex
