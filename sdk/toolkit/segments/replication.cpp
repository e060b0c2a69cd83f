#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/replication.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <queue>
#include <utility>
#include <vector>

namespace imbrex::segments {
namespace {

std::int64_t copy_limit(const ReplicatedLayer& layer, std::int64_t most_copies) noexcept {
  const std::int64_t own =
      layer.most_copies > 0 ? std::min(layer.most_copies, layer.windows) : layer.windows;
  return most_copies > 0 ? std::min(most_copies, own) : own;
}

// Does every layer get by with `slowest` windows per copy?
bool fits(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
          std::int64_t slowest) noexcept {
  for (const ReplicatedLayer& layer : layers) {
    capacity -= layer.units * ceil_div(layer.windows, slowest);
    if (capacity < 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::int64_t balance_copies(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
                            std::int64_t most_copies, std::span<std::int64_t> copies) noexcept {
  IMBREX_ASSERT(copies.size() == layers.size());
  std::int64_t low = 1;   // no limit on copies allows less
  std::int64_t high = 1;  // one copy of everything fits
  for (const ReplicatedLayer& layer : layers) {
    low = std::max(low, ceil_div(layer.windows, copy_limit(layer, most_copies)));
    high = std::max(high, layer.windows);
  }
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (fits(layers, capacity, middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    copies[i] = ceil_div(layers[i].windows, low);
  }
  return low;
}

void GrowingBalance::clear() noexcept {
  kinds_.clear();
  slowest_ = 1;
  used_ = 0;
}

std::int64_t GrowingBalance::used_with(std::int64_t slowest) const noexcept {
  std::int64_t used = 0;
  for (const Kind& kind : kinds_) {
    const std::int64_t copies = ceil_div(kind.windows, slowest);
    if (kind.units > (capacity_ - used) / copies) {
      return capacity_ + 1;
    }
    used += kind.units * copies;
  }
  return used;
}

void GrowingBalance::add(const ReplicatedLayer& layer) {
  auto kind =
      std::lower_bound(kinds_.begin(), kinds_.end(), layer.windows,
                       [](const Kind& one, std::int64_t windows) { return one.windows < windows; });
  if (kind == kinds_.end() || kind->windows != layer.windows) {
    kind = kinds_.insert(kind, {layer.windows, 0});
  }
  kind->units += layer.units;
  const std::int64_t least = ceil_div(layer.windows, copy_limit(layer, most_copies_));
  const std::int64_t copies = ceil_div(layer.windows, slowest_);
  if (least <= slowest_ && layer.units <= (capacity_ - used_) / copies) {
    used_ += layer.units * copies;
    return;
  }
  // More layers never make a smaller one fit.
  slowest_ = std::max(slowest_, least);
  std::int64_t high = std::max(slowest_, kinds_.back().windows);  // one copy of everything fits
  while (slowest_ < high) {
    const std::int64_t middle = slowest_ + (high - slowest_) / 2;
    if (used_with(middle) <= capacity_) {
      high = middle;
    } else {
      slowest_ = middle + 1;
    }
  }
  used_ = used_with(slowest_);
}

std::int64_t heap_copies(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
                         std::int64_t most_copies, double spare_margin,
                         std::span<std::int64_t> copies) {
  IMBREX_ASSERT(copies.size() == layers.size());
  std::fill(copies.begin(), copies.end(), 1);
  std::int64_t spare = capacity;
  std::int64_t replicable = 0;
  using Entry = std::pair<std::int64_t, std::int64_t>;  // windows per copy, minus index
  std::priority_queue<Entry> heap;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    spare -= layers[i].units;
    replicable += layers[i].windows > 1 ? layers[i].units : 0;
    if (copy_limit(layers[i], most_copies) > 1) {
      heap.emplace(layers[i].windows, -static_cast<std::int64_t>(i));
    }
  }
  const double margin = spare_margin * static_cast<double>(replicable);
  while (!heap.empty()) {
    const auto i = static_cast<std::size_t>(-heap.top().second);
    heap.pop();
    if (static_cast<double>(spare - layers[i].units) < margin) {
      break;
    }
    spare -= layers[i].units;
    if (++copies[i] < copy_limit(layers[i], most_copies)) {
      heap.emplace(ceil_div(layers[i].windows, copies[i]), -static_cast<std::int64_t>(i));
    }
  }
  std::int64_t slowest = 1;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    slowest = std::max(slowest, ceil_div(layers[i].windows, copies[i]));
  }
  return slowest;
}

}  // namespace imbrex::segments
