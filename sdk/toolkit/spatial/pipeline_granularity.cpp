#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <numeric>
#include <optional>

namespace imbrex::spatial {
namespace {

// The consumer's name of a producer's dimension of the shared tensor.
std::optional<Dim> consumers_name(Dim producer) noexcept {
  switch (producer) {
    case Dim::N:
    case Dim::P:
    case Dim::Q:
      return producer;
    case Dim::K:
      return Dim::C;
    default:
      return std::nullopt;  // a reduction: nothing below is final
  }
}

// Points of the producer's dimension that one tile of the consumer advances over.
std::int64_t upstream_tile(const Cut& cut, Dim dim, std::int64_t tile) noexcept {
  if (dim == Dim::P) {
    return tile * cut.stride[0];
  }
  return dim == Dim::Q ? tile * cut.stride[1] : tile;
}

constexpr Dim kShared[] = {Dim::N, Dim::K, Dim::P, Dim::Q};

}  // namespace

Granularity finest_granularity(const Cut& cut, std::span<const TileLoop> producer,
                               std::span<const TileLoop> consumer) {
  Granularity result;
  std::array<std::int64_t, kDimCount> tile = cut.extent;
  for (std::size_t i = 0; i < std::min(producer.size(), consumer.size()); ++i) {
    const Dim dim = producer[i].dim;
    if (consumers_name(dim) != consumer[i].dim) {
      break;
    }
    const std::int64_t both = std::lcm(producer[i].tile, upstream_tile(cut, dim, consumer[i].tile));
    tile[index(dim)] = std::min(both, cut.extent[index(dim)]);
    result.fused.push_back({dim, tile[index(dim)]});
  }
  result.words = 1;
  for (const Dim dim : kShared) {
    result.words *= tile[index(dim)];
    result.intervals *= (cut.extent[index(dim)] + tile[index(dim)] - 1) / tile[index(dim)];
  }
  return result;
}

std::vector<TileLoop> common_prefix(std::span<const CutTiles> cuts) {
  std::vector<TileLoop> prefix;
  for (std::size_t i = 0; !cuts.empty() && i < cuts.front().fused.size(); ++i) {
    const Dim dim = cuts.front().fused[i].dim;
    std::int64_t tile = 1;
    for (const CutTiles& cut : cuts) {
      if (i >= cut.fused.size() || cut.fused[i].dim != dim) {
        return prefix;
      }
      const std::int64_t scale =
          dim == Dim::P ? cut.downscale[0] : (dim == Dim::Q ? cut.downscale[1] : 1);
      tile = std::lcm(tile, cut.fused[i].tile * scale);
    }
    prefix.push_back({dim, tile});
  }
  return prefix;
}

}  // namespace imbrex::spatial
