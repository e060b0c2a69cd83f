// Small random operators on small random hierarchies, with spaces that can be enumerated: all that
// a search for the optimum has to get right is drawn here.
#pragma once

#include "random_transfers.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <cmath>
#include <optional>

namespace imbrex::test {

using nests::Hierarchy;
using nests::Problem;

inline std::int32_t random_bits(Random& random) {
  return static_cast<std::int32_t>(8 * random.between(1, 3));
}

inline void add_product(Random& random, WorkloadBuilder& builder) {
  const std::int64_t samples = random.between(1, 3);
  const std::int64_t channels = random.between(1, 6);
  const TensorId left =
      builder.input("left", {3, {samples, random.between(1, 6), channels}}, random_bits(random));
  const TensorId right =
      builder.input("right", {3, {samples, channels, random.between(1, 6)}}, random_bits(random));
  builder.matmul("product", left, right, random_bits(random));
}

// Rows, or columns where one in three operators has any; returns the extent of the data.
inline std::int64_t random_axis(Random& random, std::size_t axis, Window& window) {
  const bool is_flat = axis == 1 && random.below(3) != 0;
  window.kernel[axis] = is_flat ? 1 : random.between(1, 4);
  window.stride[axis] = is_flat ? 1 : random.between(1, 3);
  window.dilation[axis] = is_flat || random.below(3) != 0 ? 1 : 2;
  const std::int64_t reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
  if (!is_flat && random.below(2) == 0) {
    window.pad_begin[axis] = random.between(0, 2);
    window.pad_end[axis] = random.between(0, 2);
  }
  const std::int64_t results = is_flat ? random.between(1, 2) : random.between(1, 8);
  const std::int64_t needed = (results - 1) * window.stride[axis] + reach;
  return std::max<std::int64_t>(1, needed - window.pad_begin[axis] - window.pad_end[axis]);
}

inline void add_convolution(Random& random, WorkloadBuilder& builder) {
  ConvolutionParams params;
  params.groups = random.below(4) == 0 ? 2 : 1;
  params.output_channels = params.groups * random.between(1, 4);
  params.weight_bits = random_bits(random);
  params.output_bits = random_bits(random);
  Shape shape{4, {random.below(4) == 0 ? 2 : 1, params.groups * random.between(1, 4), 1, 1}};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    shape.extent[2 + axis] = random_axis(random, axis, params.window);
  }
  const TensorId data = builder.input("data", shape, random_bits(random));
  if (random.below(10) == 0) {
    params.window.pad_begin = params.window.pad_end = {0, 0};
    builder.transposed_convolution("transposed", data, params);
  } else {
    builder.convolution("windows", data, params);
  }
}

inline Problem random_operator(Random& random) {
  WorkloadBuilder builder("random");
  random.below(5) == 0 ? add_product(random, builder) : add_convolution(random, builder);
  return nests::prepare(builder.finish(), operator_id(0));
}

// Two to five levels; energies and rates such that none always decides.
inline Hierarchy random_levels(Random& random) {
  Hierarchy hierarchy;
  hierarchy.levels.resize(static_cast<std::size_t>(random.between(2, 5)));
  hierarchy.counting = random.below(3) == 0 ? nests::Counting::timeloop : nests::Counting::exact;
  hierarchy.cycle_ps = random.below(2) == 0 ? 1000 : 333.3;
  hierarchy.mac_energy_pj = 1;
  double energy = 32;
  for (nests::Level& level : hierarchy.levels) {
    level.name = "level";
    const auto often = [&](std::uint64_t one_of) { return random.below(one_of) == 0; };
    level.fanout = often(2) ? random.between(2, 8) : 1;
    level.capacity_bits = often(2) ? 8 * random.between(3, 200) : 0;
    level.keep = static_cast<nests::KeepMask>(random.below(2) == 0 ? 7 : random.below(8));
    level.read_energy_pj_per_bit = energy * (1 + 0.25 * static_cast<double>(random.below(4)));
    level.write_energy_pj_per_bit = random.below(3) == 0
                                        ? energy * static_cast<double>(random.below(3))
                                        : level.read_energy_pj_per_bit;
    level.read_bits_per_cycle = often(2) ? 0 : 8 * static_cast<double>(random.between(1, 6));
    level.write_bits_per_cycle = often(2) ? 0 : 8 * static_cast<double>(random.between(1, 6));
    energy /= static_cast<double>(random.between(1, 8));
  }
  hierarchy.levels.front().keep = 7;
  hierarchy.levels.front().capacity_bits = 0;
  return hierarchy;
}

// Fixed factors, limits and orders.
inline void add_constraints(Random& random, MapSpaceSpec& space) {
  const auto any = [&] { return static_cast<std::size_t>(random.below(space.slots.size())); };
  const auto dim = [&] { return static_cast<Dim>(random.below(kDimCount)); };
  if (random.below(2) == 0) {
    const std::int64_t least = random.between(1, 2);
    space.factors.push_back({dim(), any(), least, random.below(2) == 0 ? least : 4, "random"});
  }
  const std::size_t at = any();
  if (random.below(2) == 0 && space.slots[at].ordered) {
    space.orders.push_back({at, {dim()}});
    const Dim next = dim();
    if (next != space.orders.back().prefix.front()) {
      space.orders.back().prefix.push_back(next);
    }
  }
}

// As imbrex.cost.loop-nest states it, with random limits.
inline MapSpaceSpec random_space(Random& random, const Problem& problem,
                                 const Hierarchy& hierarchy) {
  MapSpaceSpec space;
  space.bounds = problem.bounds;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    const auto mask = [&] {
      const auto some = static_cast<DimMask>(random.next() | random.next());
      return random.below(3) == 0 ? DimMask{0} : random.below(2) == 0 ? kAllDims : some;
    };
    MapSlot slot;
    slot.name = "steps";
    slot.level = static_cast<std::uint8_t>(l);
    slot.outer = l == 0;
    slot.ordered = l + 1 < hierarchy.levels.size();
    slot.dims = mask();
    space.slots.push_back(slot);
    if (hierarchy.levels[l].fanout > 1) {
      slot.name = "shares";
      slot.kind = LoopKind::spatial;
      slot.outer = slot.ordered = false;
      slot.fanout = hierarchy.levels[l].fanout;
      slot.fanout_floor = random.below(6) == 0 ? 2 : 1;
      slot.dims = mask() | mask();
      space.slots.push_back(slot);
    }
  }
  if (random.below(2) == 0) {
    add_constraints(random, space);
  }
  return space;
}

struct RandomQuestion {
  Problem problem;
  Hierarchy hierarchy;
  std::optional<mapspace::MapSpace> space;
};

// With a space of at most `most` mappings. Half of the hierarchies with wide partial sums where
// they are rare.
inline RandomQuestion random_question(Random& random, std::int64_t most) {
  while (true) {
    RandomQuestion question{random_operator(random), random_levels(random), std::nullopt};
    question.problem.partial_sum_bits = random.below(6) == 0 ? 40 : 0;
    if (random.below(3) != 0 && question.problem.tensor[1].has_windows) {
      add_links(random, question.hierarchy);
    } else if (random.below(4) == 0) {
      add_refetching(random, question.hierarchy);
    }
    if (question.problem.bounds.macs() > 4096) {
      continue;
    }
    question.space.emplace(random_space(random, question.problem, question.hierarchy));
    if (question.space->size() <= static_cast<mapspace::MapSpace::Index>(most) &&
        (!question.space->empty() || random.below(16) == 0)) {
      return question;
    }
  }
}

// As `imbrex.cost.loop-nest` does it: jobs of one length.
inline LayerCost cost_of(const RandomQuestion& question, const Mapping& mapping) {
  const nests::NestCounts counts = nests::count(question.problem, question.hierarchy, mapping);
  std::int64_t jobs = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    jobs *= loop.bound;
  }
  const std::int64_t whole = nests::whole_ps(counts.cycles, question.hierarchy.cycle_ps);
  return {counts.verdict, (whole + jobs - 1) / jobs * jobs, counts.energy_pj};
}

}  // namespace imbrex::test
