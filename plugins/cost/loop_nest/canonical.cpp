#include "canonical.hpp"

#include <algorithm>
#include <vector>

namespace imbrex::loop_nest {
namespace {

using Extents = std::array<std::int64_t, kDimCount>;

// Reductions and windows first: they keep partial sums and overlapping inputs close to the MACs.
constexpr Dim kTemporalOrder[] = {Dim::S, Dim::R, Dim::C, Dim::K, Dim::G, Dim::Q, Dim::P, Dim::N};
// Channels first: equal operands of neighbours are multicast, partial sums reduced on the way.
constexpr Dim kSpatialOrder[] = {Dim::C, Dim::K, Dim::G, Dim::Q, Dim::P, Dim::S, Dim::R, Dim::N};

std::int64_t smallest_factor(std::int64_t value) noexcept {
  for (std::int64_t f = 2; f * f <= value; ++f) {
    if (value % f == 0) {
      return f;
    }
  }
  return value;
}

std::int64_t largest_divisor(std::int64_t value, std::int64_t limit) noexcept {
  for (std::int64_t d = std::min(value, limit); d > 1; --d) {
    if (value % d == 0) {
      return d;
    }
  }
  return 1;
}

class Filling {
 public:
  Filling(const Problem& problem, const Hierarchy& hierarchy, const MapSpaceSpec& spec,
          const JobShape& shape)
      : problem_(problem), hierarchy_(hierarchy), spec_(spec), bound_(spec.slots.size()) {
    for (Extents& bounds : bound_) {
      bounds.fill(1);
    }
    const auto [height, width] = shape.extent(problem.bounds[Dim::P], problem.bounds[Dim::Q]);
    job_ = problem.bounds.bound;
    job_[imbrex::index(Dim::P)] = height;
    job_[imbrex::index(Dim::Q)] = width;
    left_ = job_;
  }

  Mapping fill() {
    for (std::size_t s = 0; s < spec_.slots.size(); ++s) {
      if (spec_.slots[s].kind == LoopKind::spatial) {
        spread(s);
      }
    }
    for (std::size_t s = spec_.slots.size(); s-- > 1;) {
      if (spec_.slots[s].kind == LoopKind::temporal) {
        keep_inside(s);
      }
    }
    for (std::size_t d = 0; d < kDimCount; ++d) {
      bound_[0][d] *= left_[d];
    }
    return mapping();
  }

 private:
  bool allows(std::size_t slot, Dim dim) const noexcept {
    return (spec_.slots[slot].dims & dim_bit(dim)) != 0;
  }

  void spread(std::size_t slot) {
    std::int64_t room = spec_.slots[slot].fanout;
    for (const Dim dim : kSpatialOrder) {
      if (allows(slot, dim)) {
        const std::int64_t share = largest_divisor(left_[imbrex::index(dim)], room);
        bound_[slot][imbrex::index(dim)] = share;
        left_[imbrex::index(dim)] /= share;
        room /= share;
      }
    }
  }

  void keep_inside(std::size_t slot) {
    for (const Dim dim : kTemporalOrder) {
      std::int64_t& left = left_[imbrex::index(dim)];
      std::int64_t& mine = bound_[slot][imbrex::index(dim)];
      while (allows(slot, dim) && left > 1) {
        const std::int64_t factor = smallest_factor(left);
        mine *= factor;
        left /= factor;
        if (!fits()) {
          mine /= factor;
          left *= factor;
          break;
        }
      }
    }
  }

  // What is left would be loops of the outermost level, which holds everything.
  bool fits() const {
    Filling rest = *this;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      rest.bound_[0][d] *= left_[d];
    }
    return count(problem_, hierarchy_, rest.mapping()).verdict == Verdict::feasible;
  }

  void add(Mapping& mapping, std::size_t slot, Dim dim, std::int64_t bound) const {
    if (bound > 1) {
      mapping.loops[mapping.count++] = {dim, spec_.slots[slot].kind, spec_.slots[slot].level,
                                        bound};
    }
  }

  Mapping mapping() const {
    Mapping mapping;
    mapping.job_extent = job_;
    for (const Dim dim : {Dim::P, Dim::Q}) {
      add(mapping, 0, dim, ceil_div(problem_.bounds[dim], job_[imbrex::index(dim)]));
    }
    mapping.outer = mapping.count;
    for (std::size_t s = 0; s < spec_.slots.size(); ++s) {
      for (std::size_t d = sizeof(kTemporalOrder) / sizeof(Dim); d-- > 0;) {
        const Dim dim = kTemporalOrder[d];
        add(mapping, s, dim, bound_[s][imbrex::index(dim)]);
      }
    }
    return mapping;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const MapSpaceSpec& spec_;
  std::vector<Extents> bound_;  // per slot
  Extents job_{};
  Extents left_{};  // not yet given to any slot
};

}  // namespace

Mapping canonical_mapping(const Problem& problem, const Hierarchy& hierarchy,
                          const MapSpaceSpec& spec, const JobShape& shape) {
  return Filling(problem, hierarchy, spec, shape).fill();
}

}  // namespace imbrex::loop_nest
