#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::analysis {
namespace {

// Tables of counts up to this many times as long as the input beat sorting.
constexpr std::int64_t kDenseFactor = 4;

struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool dense_for(std::size_t items) const noexcept {
    return high / 2 - low / 2 <= kDenseFactor * static_cast<std::int64_t>(items) / 2;
  }
  std::int64_t width() const noexcept { return high - low + 1; }
};

// Sorts by value and adds up the counts of equal ones.
void merge_equal(ReadyHistogram& items) {
  std::sort(items.begin(), items.end(),
            [](const ReadyCount& a, const ReadyCount& b) { return a.value < b.value; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (items[i].value == items[kept].value) {
      items[kept].count += items[i].count;
    } else {
      items[++kept] = items[i];
    }
  }
  items.resize(std::min(items.size(), kept + 1));
}

ReadyHistogram from_counts(const IndexVector<std::int64_t, std::int64_t>& counts,
                           std::int64_t low) {
  ReadyHistogram result;
  for (const std::int64_t i : counts.ids()) {
    if (counts[i] > 0) {
      result.push_back({low + i, counts[i]});
    }
  }
  return result;
}

}  // namespace

std::int64_t overlapped_end(std::span<const std::int64_t> arrival_ps,
                            std::int64_t step_ps) noexcept {
  const auto steps = static_cast<std::int64_t>(arrival_ps.size());
  std::int64_t end_ps = steps * step_ps;
  for (std::int64_t u = 0; u < steps; ++u) {
    end_ps = std::max(end_ps, arrival_ps[static_cast<std::size_t>(u)] + (steps - u) * step_ps);
  }
  return end_ps;
}

ReadyHistogram histogram(std::span<const std::int64_t> values) {
  if (values.empty()) {
    return {};
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const Range range{*low, *high};
  if (range.dense_for(values.size())) {
    IndexVector<std::int64_t, std::int64_t> counts(range.width(), 0);
    for (const std::int64_t value : values) {
      ++counts[value - range.low];
    }
    return from_counts(counts, range.low);
  }
  ReadyHistogram result;
  result.reserve(values.size());
  for (const std::int64_t value : values) {
    result.push_back({value, 1});
  }
  merge_equal(result);
  return result;
}

ReadyHistogram histogram_of_sums(const ReadyHistogram& x, const ReadyHistogram& y) {
  if (x.empty() || y.empty()) {
    return {};
  }
  const Range range{x.front().value + y.front().value, x.back().value + y.back().value};
  if (range.dense_for(x.size() * y.size())) {
    IndexVector<std::int64_t, std::int64_t> counts(range.width(), 0);
    for (const ReadyCount& a : x) {
      for (const ReadyCount& b : y) {
        counts[a.value + b.value - range.low] += a.count * b.count;
      }
    }
    return from_counts(counts, range.low);
  }
  ReadyHistogram result;
  result.reserve(x.size() * y.size());
  for (const ReadyCount& a : x) {
    for (const ReadyCount& b : y) {
      result.push_back({a.value + b.value, a.count * b.count});
    }
  }
  merge_equal(result);
  return result;
}

// In lock-step, jobs of rank r share step r / servers with later ones: a step is as late as its
// last job, and a value that is not the last of its step adds a term that the step's real one
// dominates.
std::int64_t transformed_end(const ReadyHistogram& arrival_ps, std::int64_t servers,
                             std::int64_t job_ps, bool lock_step) noexcept {
  std::int64_t jobs = 0;
  for (const ReadyCount& entry : arrival_ps) {
    jobs += entry.count;
  }
  const std::int64_t steps = ceil_div(jobs, servers);
  std::int64_t end_ps = steps * job_ps;
  std::int64_t rank = 0;
  for (const ReadyCount& entry : arrival_ps) {
    const std::int64_t left = lock_step ? steps - rank / servers : ceil_div(jobs - rank, servers);
    end_ps = std::max(end_ps, entry.value + left * job_ps);
    rank += entry.count;
  }
  return end_ps;
}

std::vector<std::uint32_t> earliest_ready_first(std::span<const std::int64_t> arrival_ps) {
  IMBREX_ASSERT(arrival_ps.size() < std::numeric_limits<std::uint32_t>::max());
  std::vector<std::uint32_t> order(arrival_ps.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  if (order.empty()) {
    return order;
  }
  const auto [low, high] = std::minmax_element(arrival_ps.begin(), arrival_ps.end());
  const Range range{*low, *high};
  if (!range.dense_for(order.size())) {
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return arrival_ps[a] < arrival_ps[b];
    });
    return order;
  }
  IndexVector<std::int64_t, std::uint32_t> place(range.width() + 1, 0);
  for (const std::int64_t value : arrival_ps) {
    ++place[value - range.low + 1];
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  for (std::uint32_t i = 0; i < arrival_ps.size(); ++i) {
    order[place[arrival_ps[i] - range.low]++] = i;
  }
  return order;
}

}  // namespace imbrex::analysis
