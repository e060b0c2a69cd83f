#include "slice_packing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace imbrex::bank_slices {
namespace {

std::vector<std::int64_t> sizes_of(std::span<const std::size_t> chosen, const Memory& memory) {
  const std::vector<std::int64_t> sizes = slice_sizes(memory);
  std::vector<std::int64_t> result;
  result.reserve(chosen.size());
  for (const std::size_t i : chosen) {
    result.push_back(sizes[i]);
  }
  return result;
}

bool fits(std::span<const std::size_t> chosen, const Memory& memory) {
  return pack(sizes_of(chosen, memory), memory).has_value();
}

// The next larger slice that makes the operator cheaper, or nothing.
std::optional<std::size_t> next_cheaper(const std::vector<double>& costs, std::size_t now) {
  for (std::size_t i = now + 1; i < costs.size(); ++i) {
    if (costs[i] < costs[now]) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::int64_t> slice_sizes(const Memory& memory) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t banks = 1; banks <= memory.banks; ++banks) {
    sizes.push_back(banks);
  }
  for (std::int64_t channels = 2; channels <= memory.channels; ++channels) {
    sizes.push_back(channels * memory.banks);
  }
  return sizes;
}

std::optional<std::vector<std::int64_t>> pack(std::span<const std::int64_t> sizes,
                                              const Memory& memory) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::int64_t> used(static_cast<std::size_t>(memory.channels), 0);
  std::vector<std::int64_t> first(sizes.size(), 0);
  std::size_t next_channel = 0;  // channels before it are taken whole
  for (const std::size_t i : order) {
    if (sizes[i] >= memory.banks) {
      const auto channels = static_cast<std::size_t>(sizes[i] / memory.banks);
      if (next_channel + channels > used.size()) {
        return std::nullopt;
      }
      first[i] = static_cast<std::int64_t>(next_channel) * memory.banks;
      next_channel += channels;
      continue;
    }
    std::size_t channel = next_channel;
    while (channel < used.size() && used[channel] + sizes[i] > memory.banks) {
      ++channel;
    }
    if (channel == used.size()) {
      return std::nullopt;
    }
    first[i] = static_cast<std::int64_t>(channel) * memory.banks + used[channel];
    used[channel] += sizes[i];
  }
  return first;
}

std::optional<std::vector<std::size_t>> smallest(const CostTable& costs, const Memory& memory) {
  std::vector<std::size_t> chosen;
  for (const std::vector<double>& row : costs) {
    const auto runs = std::find_if(row.begin(), row.end(), [](double c) { return c < INFINITY; });
    if (runs == row.end()) {
      return std::nullopt;
    }
    chosen.push_back(static_cast<std::size_t>(runs - row.begin()));
  }
  return fits(chosen, memory) ? std::optional(chosen) : std::nullopt;
}

std::optional<std::vector<std::size_t>> equal(const CostTable& costs, const Memory& memory) {
  const auto least = smallest(costs, memory);
  std::optional<std::vector<std::size_t>> best = least;
  for (std::size_t size = 0; best && size < slice_sizes(memory).size(); ++size) {
    std::vector<std::size_t> chosen = *least;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      chosen[i] = std::max(chosen[i], costs[i][size] < INFINITY ? size : std::size_t{0});
    }
    if (!fits(chosen, memory)) {
      break;
    }
    best = chosen;
  }
  return best;
}

std::optional<std::vector<std::size_t>> balanced(const CostTable& costs, const Memory& memory) {
  std::optional<std::vector<std::size_t>> chosen = smallest(costs, memory);
  std::vector<bool> settled(costs.size(), false);
  while (chosen) {
    std::size_t costliest = costs.size();
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (!settled[i] && (costliest == costs.size() ||
                          costs[i][(*chosen)[i]] > costs[costliest][(*chosen)[costliest]])) {
        costliest = i;
      }
    }
    if (costliest == costs.size()) {
      break;
    }
    const auto larger = next_cheaper(costs[costliest], (*chosen)[costliest]);
    std::vector<std::size_t> grown = *chosen;
    if (larger) {
      grown[costliest] = *larger;
    }
    if (larger && fits(grown, memory)) {
      chosen = std::move(grown);
    } else {
      settled[costliest] = true;
    }
  }
  return chosen;
}

}  // namespace imbrex::bank_slices
