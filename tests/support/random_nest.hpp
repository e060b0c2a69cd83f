// Random loop nests: every dimension split into up to `max_splits` loops and a job extent, loops of
// all dimensions shuffled, each temporal or spatial (specification fast-overlapim section 8).
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace imbrex::test {

struct RandomNestOptions {
  bool imperfect = false;  // factors need not divide
  std::size_t max_splits = 3;
  double spatial_probability = 0.35;
};

inline Mapping random_nest(const LoopBounds& bounds, const RandomNestOptions& options,
                           Random& random) {
  std::vector<Loop> loops;
  Mapping mapping;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    std::int64_t rest = bounds.bound[d];
    const std::size_t splits = random.below(options.max_splits + 1);
    for (std::size_t i = 0; i < splits && rest > 1; ++i) {
      std::int64_t bound = random.between(1, rest);
      while (!options.imperfect && rest % bound != 0) {
        bound = random.between(1, rest);
      }
      rest = ceil_div(rest, bound);
      const bool spatial = random.unit() < options.spatial_probability;
      loops.push_back(
          {static_cast<Dim>(d), spatial ? LoopKind::spatial : LoopKind::temporal, 0, bound});
    }
    mapping.job_extent[d] = rest;
  }
  random.shuffle(std::span<Loop>(loops));
  mapping.count = mapping.outer = static_cast<std::uint8_t>(loops.size());
  std::copy(loops.begin(), loops.end(), mapping.loops.begin());
  return mapping;
}

inline constexpr Dim kEveryDim[] = {Dim::N, Dim::G, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};

// Up to four outer loops in any order over the given dimensions, with uneven factors; a third of
// them spatial.
inline Mapping random_outer_loops(const LoopBounds& bounds, std::span<const Dim> dims,
                                  Random& random) {
  Mapping mapping;
  mapping.job_extent = bounds.bound;
  for (std::int64_t i = random.between(0, 4); i > 0; --i) {
    Loop loop;
    loop.dim = dims[random.below(dims.size())];
    loop.kind = random.below(3) == 0 ? LoopKind::spatial : LoopKind::temporal;
    std::int64_t& extent = mapping.job_extent[index(loop.dim)];
    loop.bound = random.between(1, std::min<std::int64_t>(extent, 4));
    extent = ceil_div(extent, loop.bound);
    mapping.loops[mapping.count++] = loop;
  }
  mapping.outer = mapping.count;
  return mapping;
}

inline Mapping nest(std::initializer_list<Loop> loops,
                    std::initializer_list<std::pair<Dim, std::int64_t>> extents) {
  Mapping mapping;
  for (const Loop& loop : loops) {
    mapping.loops[mapping.count++] = loop;
  }
  mapping.outer = mapping.count;
  for (const auto& [dim, extent] : extents) {
    mapping.job_extent[index(dim)] = extent;
  }
  return mapping;
}
inline Loop temporal(Dim dim, std::int64_t bound) {
  return {dim, LoopKind::temporal, 0, bound};
}
inline Loop spatial(Dim dim, std::int64_t bound) {
  return {dim, LoopKind::spatial, 0, bound};
}

}  // namespace imbrex::test
