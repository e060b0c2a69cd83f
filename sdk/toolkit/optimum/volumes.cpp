#include "optimum/volumes.hpp"

#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::optimum {
namespace {

constexpr std::uint32_t kMostKept = 1 << 16;  // 5 MB

// Pairs at most that have the same sum: from one to the next of them one progression goes on by as
// much as the other goes back.
std::int64_t most_equal_sums(const nests::Progression& a, const nests::Progression& b) noexcept {
  const std::int64_t common = std::gcd(a.step, b.step);
  return std::min(ceil_div(a.count, b.step / common), ceil_div(b.count, a.step / common));
}

}  // namespace

VolumeBounds::VolumeBounds(const nests::TensorRanks& tensor, const Lattice& lattice, bool existing,
                           bool boxes)
    : tensor_(tensor), lattice_(lattice) {
  for (std::size_t r = 0; r < tensor.count; ++r) {
    const nests::Rank& rank = tensor.rank[r];
    ranks_.emplace_back(rank, lattice, existing, boxes);
    whole_ *= ranks_.back().points();
    losing_ |= rank.factor[1] == 0 && rank.divisor == 1 ? 1u << rank.dim[0] : 0;
  }
  if (lattice.size() <= kMostKept) {
    kept_.reserve(lattice.size());
    for (std::uint32_t code = 0; code < lattice.size(); ++code) {
      kept_.push_back(made(lattice.tile(code)));
    }
  }
}

Volumes VolumeBounds::made(const Tile& tile) const noexcept {
  Volumes volumes;
  std::array<double, 2 * kMaxRank> sum;
  double words = 1;
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    sum[r] = ranks_[r].of(tile).all;
    words *= sum[r];
  }
  std::uint32_t outside = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const std::int64_t loops = lattice_.bound(d) / lattice_.divisor(d, tile[d]);
    outside |= loops > 1 ? 1u << d : 0;
    volumes.repeats *= tensor_.depends_on(d) ? 1 : static_cast<double>(loops);
  }
  volumes.apart = std::max(whole_, words * volumes.repeats);
  double least = volumes.apart;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if ((outside & tensor_.dims) >> d & 1) {
      const std::size_t r = tensor_.rank_of_dim[d];
      double fresh = ranks_[r].of(tile).fresh[tensor_.rank[r].dim[0] == d ? 0 : 1];
      for (std::size_t other = 0; other < ranks_.size(); ++other) {
        fresh *= other == r ? 1 : sum[other];
      }
      volumes.first[d] = std::max(whole_, fresh * volumes.repeats);
      least = std::min(least, volumes.first[d]);
    }
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if ((tensor_.dims >> d & 1) == 0) {
      volumes.first[d] = std::max(whole_, least / volumes.repeats);
    }
  }
  return volumes;
}

double VolumeBounds::first(const Tile& tile, std::size_t dim, std::size_t unit, std::size_t bound,
                           bool is_only) const noexcept {
  const std::size_t r = tensor_.rank_of_dim[dim];
  double words = ranks_[r].fresh(tile, dim, unit, bound, is_only);
  for (std::size_t other = 0; other < ranks_.size(); ++other) {
    words *= other == r ? 1 : ranks_[other].of(tile).all;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    words *= tensor_.depends_on(d)
                 ? 1
                 : static_cast<double>(lattice_.bound(d) / lattice_.divisor(d, tile[d]));
  }
  return std::max(whole_, words);
}

double VolumeBounds::alike(const Extents& spread, const Tile& tile) const noexcept {
  double alike = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    alike *= tensor_.depends_on(d) ? 1 : static_cast<double>(spread[d]);
  }
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    const nests::Rank& rank = tensor_.rank[r];
    std::array<nests::Progression, 2> first;
    for (std::size_t s = 0; s < first.size(); ++s) {
      const std::size_t d = rank.dim[s];
      first[s] = {rank.factor[s] * lattice_.divisor(d, tile[d]),
                  rank.factor[s] > 0 ? spread[d] : 1};
    }
    if (rank.divisor > 1) {
      alike *= static_cast<double>(first[0].count * first[1].count);
    } else if (rank.factor[1] > 0) {
      alike *= static_cast<double>(most_equal_sums(first[0], first[1]));
    }
  }
  return alike;
}

double VolumeBounds::most_alike(const Extents& spread) const noexcept {
  double alike = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    alike *= tensor_.depends_on(d) ? 1 : static_cast<double>(spread[d]);
  }
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    const nests::Rank& rank = tensor_.rank[r];
    if (rank.divisor > 1) {
      alike *= static_cast<double>(spread[rank.dim[0]]);
      alike *= rank.factor[1] > 0 ? static_cast<double>(spread[rank.dim[1]]) : 1;
    } else if (rank.factor[1] > 0) {
      alike *= static_cast<double>(std::min(spread[rank.dim[0]], spread[rank.dim[1]]));
    }
  }
  return alike;
}

double VolumeBounds::longest_row(const Extents& spread, bool both) const noexcept {
  double longest = 1;
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    const nests::Rank& rank = tensor_.rank[r];
    const auto first = static_cast<double>(rank.factor[1] > 0 ? spread[rank.dim[0]] : 1);
    const auto second = static_cast<double>(rank.factor[1] > 0 ? spread[rank.dim[1]] : 1);
    longest = std::max(longest, both ? first * second : std::max(first, second));
  }
  return longest;
}

double VolumeBounds::most_linked(const Extents& spread, bool both) const noexcept {
  double most = 1;
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    const nests::Rank& rank = tensor_.rank[r];
    if (rank.factor[1] > 0 && rank.divisor == 1) {
      const auto first = static_cast<double>(spread[rank.dim[0]]);
      const auto second = static_cast<double>(spread[rank.dim[1]]);
      const double fewer = std::min(first, second);
      most = std::max(most, (both ? first * second : std::max(first, second)) / fewer);
    }
  }
  return most;
}

}  // namespace imbrex::optimum
