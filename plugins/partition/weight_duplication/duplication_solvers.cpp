#include "duplication_solvers.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <numeric>
#include <queue>

namespace imbrex::duplication {
namespace {

// Products of latencies, copies and units stay exact whatever the numbers are.
__extension__ using Wide = unsigned __int128;

struct Fraction {
  Wide numerator;
  Wide denominator;
};
bool less(const Fraction& a, const Fraction& b) {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

Wide wide(std::int64_t value) {
  return static_cast<Wide>(value);
}

// Gives copies one at a time to the layer of the largest `key(layer, copies)`. A layer that does
// not fit never fits again, because the budget only shrinks: it leaves the queue, or ends the
// search.
template <class Key>
std::vector<std::int64_t> grow(std::span<const Layer> layers, std::int64_t extra,
                               bool stop_at_first_misfit, Key key) {
  struct Entry {
    Fraction key;
    std::size_t layer;
  };
  const auto comes_later = [](const Entry& a, const Entry& b) {
    return less(a.key, b.key) || (!less(b.key, a.key) && a.layer > b.layer);
  };
  std::priority_queue<Entry, std::vector<Entry>, decltype(comes_later)> queue(comes_later);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    queue.push({key(layers[i], 1), i});
  }
  std::vector<std::int64_t> copies(layers.size(), 1);
  while (!queue.empty()) {
    const std::size_t i = queue.top().layer;
    queue.pop();
    if (layers[i].units > extra || copies[i] >= layers[i].max_copies) {
      if (stop_at_first_misfit) {
        break;
      }
      continue;
    }
    extra -= layers[i].units;
    ++copies[i];
    queue.push({key(layers[i], copies[i]), i});
  }
  return copies;
}

Fraction latency_with(const Layer& layer, std::int64_t copies) {
  return {wide(layer.latency), wide(copies)};
}

// t/d - t/(d+1), per unit.
Fraction gain_per_unit(const Layer& layer, std::int64_t copies) {
  return {wide(layer.latency), wide(copies) * wide(copies + 1) * wide(layer.units)};
}

// Latencies in the smallest unit that keeps them integers, scaled up so that t/k of every layer is
// an integer with many digits and any sum of them fits 62 bits. Integers make equal sums equal in
// whatever order they were added, which floating point would not.
class ScaledLatency {
 public:
  explicit ScaledLatency(std::span<const Layer> layers) {
    for (const Layer& layer : layers) {
      unit_ = std::gcd(unit_, layer.latency);
    }
    unit_ = std::max<std::int64_t>(unit_, 1);
    std::uint64_t total = 0;
    for (const Layer& layer : layers) {
      total += static_cast<std::uint64_t>(layer.latency / unit_);
    }
    shift_ = std::max(0, 62 - static_cast<int>(std::bit_width(total)));
  }
  std::int64_t of(const Layer& layer, std::int64_t copies) const {
    const Wide scaled = wide(layer.latency / unit_) << shift_;
    return static_cast<std::int64_t>(scaled / wide(copies));
  }

 private:
  std::int64_t unit_ = 0;
  int shift_ = 0;
};

}  // namespace

std::vector<std::int64_t> bottleneck_stop(std::span<const Layer> layers, std::int64_t extra) {
  return grow(layers, extra, true, latency_with);
}

std::vector<std::int64_t> bottleneck_skip(std::span<const Layer> layers, std::int64_t extra) {
  return grow(layers, extra, false, latency_with);
}

std::vector<std::int64_t> min_sum_greedy(std::span<const Layer> layers, std::int64_t extra) {
  return grow(layers, extra, false, gain_per_unit);
}

namespace {

// How many copies more make the sum least when `value[k]` is the layer's latency with k more, and
// `best[r - k * units]` what the layers before it then need. Fewest copies win ties, which leaves
// more for earlier layers.
std::size_t copies_for_least(std::span<const std::int64_t> value,
                             std::span<const std::int64_t> best, std::size_t units, std::size_t r,
                             std::int64_t& least) noexcept {
  std::size_t arg = 0;
  least = best[r] + value[0];
  for (std::size_t k = 1; k < value.size() && k * units <= r; ++k) {
    const std::int64_t sum = best[r - k * units] + value[k];
    if (sum < least) {
      least = sum;
      arg = k;
    }
  }
  return arg;
}

}  // namespace

std::vector<std::int64_t> min_sum_dp(std::span<const Layer> layers, std::int64_t extra,
                                     const Checkpoint& checkpoint) {
  const ScaledLatency latency(layers);
  const std::size_t budgets = static_cast<std::size_t>(extra) + 1;
  // best[r]: least sum of the layers so far with r units
  std::vector<std::int64_t> best(budgets, 0);
  std::vector<std::int64_t> next(budgets);
  std::vector<std::int32_t> choice(layers.size() * budgets);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::size_t units = static_cast<std::size_t>(layers[i].units);
    const std::size_t most =
        std::min(static_cast<std::size_t>(layers[i].max_copies) - 1, (budgets - 1) / units);
    std::vector<std::int64_t> value(most + 1);
    for (std::size_t k = 0; k <= most; ++k) {
      value[k] = latency.of(layers[i], static_cast<std::int64_t>(k) + 1);
    }
    for (std::size_t r = 0; r < budgets; ++r) {
      if (checkpoint && r % 256 == 0) {
        checkpoint();
      }
      choice[i * budgets + r] =
          static_cast<std::int32_t>(copies_for_least(value, best, units, r, next[r]));
    }
    best.swap(next);
  }
  std::vector<std::int64_t> copies(layers.size(), 1);
  std::size_t left = budgets - 1;
  for (std::size_t i = layers.size(); i-- > 0;) {
    const std::int32_t more = choice[i * budgets + left];
    copies[i] += more;
    left -= static_cast<std::size_t>(more) * static_cast<std::size_t>(layers[i].units);
  }
  return copies;
}

}  // namespace imbrex::duplication
