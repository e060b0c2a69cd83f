// Small random convolutions, hierarchies that pass tensors by, and nests whose factors are uneven.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

namespace imbrex::nests {

inline Rank plain(Dim dim) {
  return {{imbrex::index(dim), 0}, {1, 0}, 1, 0, 0};
}

// Windows of the given strides and dilations over existing coordinates [0, extent) from -pad on.
inline Problem convolution(std::array<std::int64_t, 4> factors, std::int64_t pad,
                           std::int64_t extent) {
  Problem problem;
  problem.mappable = true;
  problem.has_padding = extent > 0;
  const auto add = [&](Role role, const Rank& rank) { problem.tensor[index(role)].add(rank); };
  for (const Dim dim : {Dim::K, Dim::C, Dim::R, Dim::S}) {
    add(Role::weights, plain(dim));
  }
  add(Role::inputs, plain(Dim::N));
  add(Role::inputs, plain(Dim::C));
  add(Role::inputs,
      {{imbrex::index(Dim::P), imbrex::index(Dim::R)}, {factors[0], factors[1]}, 1, -pad, extent});
  add(Role::inputs,
      {{imbrex::index(Dim::Q), imbrex::index(Dim::S)}, {factors[2], factors[3]}, 1, -pad, extent});
  for (const Dim dim : {Dim::N, Dim::K, Dim::P, Dim::Q}) {
    add(Role::outputs, plain(dim));
  }
  return problem;
}

// Half of them without padding.
inline Problem random_problem(Random& random) {
  return convolution(
      {random.between(1, 3), random.between(1, 3), random.between(1, 2), random.between(1, 2)},
      random.between(0, 3), random.between(0, 1) * random.between(1, 9));
}

inline Hierarchy random_hierarchy(Random& random) {
  Hierarchy hierarchy;
  hierarchy.levels.resize(3);
  for (Level& level : hierarchy.levels) {
    level.fanout = 1 << 20;
    level.keep = static_cast<KeepMask>(random.between(0, 7));
  }
  hierarchy.levels[0].keep = 0b111;
  return hierarchy;
}

inline constexpr Dim kDims[] = {Dim::N, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};

// A handful of loops of bound 2 or 3 over no more points than that, so that a walk stays small.
inline Mapping random_even_mapping(Random& random, Problem& problem, std::int64_t most_points) {
  Mapping mapping;
  std::int64_t points = 1;
  for (std::uint8_t level = 0; level < 3; ++level) {
    for (const LoopKind kind : {LoopKind::temporal, LoopKind::spatial}) {
      const std::int64_t loops = random.between(0, kind == LoopKind::temporal ? 3 : 2);
      for (std::int64_t i = 0; i < loops; ++i) {
        const Loop loop{kDims[random.below(7)], kind, level, random.between(2, 3)};
        if (points * loop.bound <= most_points) {
          points *= loop.bound;
          problem.bounds[loop.dim] *= loop.bound;
          mapping.loops[mapping.count++] = loop;
        }
      }
    }
  }
  return mapping;
}

// About half of the dimensions end before their loops do.
inline Mapping random_mapping(Random& random, Problem& problem) {
  const Mapping mapping = random_even_mapping(random, problem, 700);
  for (const Dim dim : kDims) {
    std::int64_t& bound = problem.bounds[dim];
    bound = random.below(2) == 0 ? random.between(1, bound) : bound;
  }
  return mapping;
}

}  // namespace imbrex::nests
