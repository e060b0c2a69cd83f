#include "canonical.hpp"

#include "canonical_spread.hpp"
#include "job_extent.hpp"
#include "tile_room.hpp"

#include <vector>

namespace imbrex::loop_nest {
namespace {

// Reductions and windows first: they keep partial sums and overlapping inputs close to the MACs.
constexpr DimOrder kTemporalOrder = {Dim::S, Dim::R, Dim::C, Dim::K,
                                     Dim::G, Dim::Q, Dim::P, Dim::N};
// Samples, rows, columns: the order of a grid of jobs.
constexpr Dim kJobOrder[] = {Dim::N, Dim::P, Dim::Q, Dim::G, Dim::K, Dim::C};

std::int64_t smallest_factor(std::int64_t value) noexcept {
  for (std::int64_t f = 2; f * f <= value; ++f) {
    if (value % f == 0) {
      return f;
    }
  }
  return value;
}

// One step of a chain is a job.
Extents job_of(const Problem& problem, const JobShape& shape) {
  Extents job = job_extent(problem.bounds, shape);
  if (problem.chain) {
    job[index(*problem.chain)] = 1;
  }
  return job;
}

class Filling {
 public:
  Filling(const Problem& problem, const Hierarchy& hierarchy, const MapSpaceSpec& spec,
          const JobShape& shape, const CanonicalOptions& options)
      : problem_(problem),
        hierarchy_(hierarchy),
        spec_(spec),
        options_(options),
        bound_(spec.slots.size()),
        job_(job_of(problem, shape)),
        left_(job_) {
    for (Extents& bounds : bound_) {
      bounds.fill(1);
    }
  }

  CanonicalMapping fill() {
    spread();
    Extents whole = made_by_loops();
    for (std::size_t d = 0; d < kDimCount; ++d) {
      whole[d] *= left_[d] * jobs_along(d);
    }
    TileRoom room(problem_, hierarchy_, whole);
    for (std::size_t s = 0; s < spec_.slots.size(); ++s) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        room.multiply(spec_.slots[s].level, d, bound_[s][d]);
      }
    }
    const bool fits = room.fits();
    for (std::size_t s = spec_.slots.size(); fits && s-- > 1;) {
      if (spec_.slots[s].kind == LoopKind::temporal) {
        keep_inside(s, room);
      }
    }
    for (std::size_t d = 0; d < kDimCount; ++d) {
      bound_[0][d] *= left_[d];
    }
    return {mapping(), fits};
  }

 private:
  std::int64_t jobs_along(std::size_t dim) const noexcept {
    return ceil_div(problem_.bounds.bound[dim], job_[dim]);
  }

  Extents made_by_loops() const noexcept {
    Extents made;
    made.fill(1);
    for (const Extents& bounds : bound_) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        made[d] *= bounds[d];
      }
    }
    return made;
  }

  void spread() {
    std::vector<std::size_t> spatial;
    for (std::size_t s = 0; s < spec_.slots.size(); ++s) {
      if (spec_.slots[s].kind == LoopKind::spatial) {
        spatial.push_back(s);
      }
    }
    // MACs of an element: what the innermost of several levels that fan out has below it.
    const bool inside =
        spatial.size() > 1 && spec_.slots[spatial.back()].level + 1u == hierarchy_.levels.size();
    const Spread spread = canonical_spread(job_, spec_, spatial, inside, options_);
    for (std::size_t i = 0; i < spatial.size(); ++i) {
      bound_[spatial[i]] = spread.share[i];
    }
    left_ = spread.left;
  }

  void keep_inside(std::size_t slot, TileRoom& room) {
    const std::size_t level = spec_.slots[slot].level;
    for (const Dim dim : kTemporalOrder) {
      if ((spec_.slots[slot].dims & dim_bit(dim)) == 0) {
        continue;
      }
      const std::size_t d = index(dim);
      while (left_[d] > 1) {
        const std::int64_t factor = smallest_factor(left_[d]);
        if (!room.fits_with(level, d, factor)) {
          break;
        }
        room.multiply(level, d, factor);
        bound_[slot][d] *= factor;
        left_[d] /= factor;
      }
    }
  }

  static void add(Mapping& mapping, const MapSlot& slot, Dim dim, std::int64_t bound) noexcept {
    if (bound > 1) {
      mapping.loops[mapping.count++] = {dim, slot.kind, slot.level, bound};
    }
  }

  // A job that loops of uneven shares exceed stays what it is: they idle at its end. Where there is
  // one job only, it is what the loops make, as in a map space.
  Mapping mapping() const {
    Mapping mapping;
    const Extents made = made_by_loops();
    const auto add_jobs = [&](Dim dim) {
      add(mapping, spec_.slots[0], dim, jobs_along(index(dim)));
    };
    if (problem_.chain) {
      add_jobs(*problem_.chain);
    }
    for (const Dim dim : kJobOrder) {
      if (problem_.chain != dim) {
        add_jobs(dim);
      }
    }
    mapping.outer = mapping.count;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      mapping.job_extent[d] = jobs_along(d) > 1 ? job_[d] : made[d];
    }
    for (std::size_t s = 0; s < spec_.slots.size(); ++s) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        // Where the order says nothing, dimensions ascend, as in a map space.
        const Dim dim =
            spec_.slots[s].ordered ? kTemporalOrder[kDimCount - 1 - d] : static_cast<Dim>(d);
        add(mapping, spec_.slots[s], dim, bound_[s][index(dim)]);
      }
    }
    return mapping;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const MapSpaceSpec& spec_;
  const CanonicalOptions& options_;
  std::vector<Extents> bound_;  // per slot
  Extents job_;
  Extents left_;  // not yet given to any slot
};

// What is too large with wide partial sums may fit, because results are complete where they wait.
CanonicalMapping filled(const Problem& problem, const Hierarchy& hierarchy,
                        const MapSpaceSpec& spec, const JobShape& shape,
                        const CanonicalOptions& options) {
  CanonicalMapping found = Filling(problem, hierarchy, spec, shape, options).fill();
  found.fits =
      found.fits || (problem.has_wide_sums() &&
                     count(problem, hierarchy, found.mapping).verdict == Verdict::feasible);
  return found;
}

}  // namespace

CanonicalMapping canonical_mapping(const Problem& problem, const Hierarchy& hierarchy,
                                   const MapSpaceSpec& spec, const JobShape& shape,
                                   const CanonicalOptions& options) {
  CanonicalMapping found = filled(problem, hierarchy, spec, shape, options);
  if (found.fits) {
    return found;
  }
  MapSpaceSpec smaller = spec;
  for (bool fans_out = true; !found.fits && fans_out;) {
    fans_out = false;
    for (MapSlot& slot : smaller.slots) {
      fans_out = fans_out || slot.fanout > 1;
      slot.fanout = slot.fanout > 1 ? slot.fanout / 2 : slot.fanout;
    }
    found = filled(problem, hierarchy, smaller, shape, options);
  }
  return found;
}

}  // namespace imbrex::loop_nest
