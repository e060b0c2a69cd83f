// What a search within one layer starts from.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace imbrex::search {

// Candidates by their objective alone, ties by index.
inline std::vector<std::size_t> best_first(const LayerCandidates& candidates) {
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return candidates.objective[a] < candidates.objective[b];
  });
  return order;
}

}  // namespace imbrex::search
