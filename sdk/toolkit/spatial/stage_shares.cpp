#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

namespace imbrex::spatial {
namespace {

__extension__ using Wide = __int128;

// work[a]/share[a] < work[b]/share[b], without rounding.
bool less_loaded(std::int64_t work_a, std::int64_t share_a, std::int64_t work_b,
                 std::int64_t share_b) noexcept {
  return static_cast<Wide>(work_a) * share_b < static_cast<Wide>(work_b) * share_a;
}

std::int64_t sum_of(std::span<const std::int64_t> values) noexcept {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

// The stage whose share is furthest above (sign -1) or below (+1) its ideal, among those that may
// change by `factor`; ties by index.
std::size_t most_deviating(std::span<const double> ideal, std::span<const std::int64_t> shares,
                           std::int64_t factor, int sign) noexcept {
  std::size_t best = shares.size();
  double most = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double deviation = sign * (ideal[i] - static_cast<double>(shares[i]));
    if ((sign > 0 || shares[i] > factor) && (best == shares.size() || deviation > most)) {
      best = i;
      most = deviation;
    }
  }
  return best;
}

std::optional<std::vector<std::int64_t>> rounded_shares(std::span<const double> ideal,
                                                        std::int64_t total, std::int64_t factor) {
  std::vector<std::int64_t> shares(ideal.size());
  for (std::size_t i = 0; i < ideal.size(); ++i) {
    const auto multiples =
        static_cast<std::int64_t>(std::llround(ideal[i] / static_cast<double>(factor)));
    shares[i] = std::max<std::int64_t>(1, multiples) * factor;
  }
  for (std::int64_t excess = sum_of(shares) - total; excess != 0;) {
    const int sign = excess > 0 ? -1 : 1;
    const std::size_t stage = most_deviating(ideal, shares, factor, sign);
    if (stage == shares.size()) {
      return std::nullopt;
    }
    shares[stage] += sign * factor;
    excess += sign * factor;
  }
  return shares;
}

}  // namespace

std::vector<std::int64_t> min_max_shares(std::span<const std::int64_t> work, std::int64_t total) {
  const auto stages = static_cast<std::int64_t>(work.size());
  IMBREX_ASSERT(stages >= 1 && stages <= total);
  std::vector<std::int64_t> shares(work.size(), 1);
  const auto less = [&](std::size_t a, std::size_t b) {
    if (less_loaded(work[a], shares[a], work[b], shares[b])) {
      return true;
    }
    return !less_loaded(work[b], shares[b], work[a], shares[a]) && a > b;
  };
  std::vector<std::size_t> indices(work.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(less)> busiest(
      less, std::move(indices));
  for (std::int64_t spare = total - stages; spare > 0; --spare) {
    const std::size_t stage = busiest.top();
    busiest.pop();
    ++shares[stage];
    busiest.push(stage);
  }
  return shares;
}

double utilisation(std::span<const std::int64_t> work,
                   std::span<const std::int64_t> shares) noexcept {
  double slowest = 0;
  for (std::size_t i = 0; i < work.size(); ++i) {
    slowest = std::max(slowest, static_cast<double>(work[i]) / static_cast<double>(shares[i]));
  }
  const auto all = static_cast<double>(sum_of(work));
  return slowest > 0 ? all / (static_cast<double>(sum_of(shares)) * slowest) : 1;
}

std::optional<CommonFactorShares> common_factor_shares(std::span<const std::int64_t> work,
                                                       std::int32_t rows, std::int32_t columns,
                                                       double least_utilisation) {
  const std::int64_t total = std::int64_t{rows} * columns;
  const auto all = static_cast<double>(sum_of(work));
  std::vector<double> ideal(work.size());
  for (std::size_t i = 0; i < work.size(); ++i) {
    ideal[i] = static_cast<double>(total) * static_cast<double>(work[i]) / std::max(all, 1.0);
  }
  for (std::int32_t factor = rows; factor >= 1; --factor) {
    if (rows % factor != 0) {
      continue;
    }
    if (auto shares = rounded_shares(ideal, total, factor)) {
      const double reached = utilisation(work, *shares);
      if (reached >= least_utilisation) {
        return CommonFactorShares{factor, std::move(*shares), reached};
      }
    }
  }
  return std::nullopt;
}

}  // namespace imbrex::spatial
