#include "counts.hpp"

#include "nest.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <cmath>

namespace imbrex::loop_nest {
namespace {

// Points of one coordinate of a tile, or of those that a shifted tile shares with it.
class TileAxis {
 public:
  TileAxis(const Rank& rank, const Extents& extent, Counting counting) noexcept
      : a_{rank.factor[0], extent[rank.dim[0]]},
        b_{rank.factor[1], rank.factor[1] > 0 ? extent[rank.dim[1]] : 1},
        divisor_(rank.divisor),
        boxed_(counting == Counting::timeloop || rank.divisor > 1) {}

  std::int64_t points() const noexcept {
    return boxed_ ? (hull(a_, b_) - 1) / divisor_ + 1 : distinct_sums(a_, b_);
  }
  std::int64_t shared(std::int64_t shift) const noexcept {
    return boxed_ ? std::max<std::int64_t>(0, points() - std::abs(shift) / divisor_)
                  : shared_sums(a_, b_, shift);
  }

 private:
  Progression a_;
  Progression b_;
  std::int64_t divisor_;
  bool boxed_;
};

class Counter {
 public:
  Counter(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest) noexcept
      : problem_(problem), hierarchy_(hierarchy), nest_(nest) {}

  std::int64_t tile_words(std::size_t role, std::size_t level) const noexcept {
    const TensorRanks& tensor = problem_.tensor[role];
    std::int64_t words = 1;
    for (std::size_t r = 0; r < tensor.count; ++r) {
      words *= TileAxis(tensor.rank[r], nest_.extent[level], hierarchy_.counting).points();
    }
    return words;
  }

  // Words that enter an instance over the whole run, its first tile included.
  std::int64_t turnover(std::size_t role, std::size_t level, std::int64_t tile) const noexcept {
    const TensorRanks& tensor = problem_.tensor[role];
    std::array<std::int64_t, 2 * kMaxRank> wound{};  // how far the loops inside have moved it
    bool moved_inside = false;
    std::int64_t changes = 0;  // during one pass of the loops seen so far
    for (std::size_t i = nest_.inside[level]; i < nest_.count; ++i) {
      const Step& step = nest_.step[i];
      if (!step.temporal) {
        continue;
      }
      const bool moves = tensor.relevant[step.dim];
      std::int64_t fresh = 0;
      if (moved_inside && hierarchy_.counting == Counting::timeloop) {
        fresh = tile;
      } else if (moves || moved_inside) {
        fresh = tile - shared_words(tensor, level, step, wound);
      }
      changes = changes * step.bound + (step.bound - 1) * fresh;
      if (moves) {
        moved_inside = true;
        for (std::size_t r = 0; r < tensor.count; ++r) {
          wound[r] += (step.bound - 1) * stride_along(tensor.rank[r], step);
        }
      }
    }
    return tile + changes;
  }

  // Different tiles among the instances of level `inner` below one instance of level `outer`.
  std::int64_t distinct_children(std::size_t role, std::size_t outer,
                                 std::size_t inner) const noexcept {
    const TensorRanks& tensor = problem_.tensor[role];
    std::int64_t distinct = 1;
    for (std::size_t r = 0; r < tensor.count; ++r) {
      distinct *= distinct_along(tensor.rank[r], outer, inner);
    }
    return distinct;
  }

  // Output words that one instance of the level works on at any time. Outputs have one dimension
  // per coordinate, so positions multiply.
  std::int64_t distinct_outputs(std::size_t role, std::size_t level) const noexcept {
    std::int64_t words = tile_words(role, level);
    for (std::size_t i = nest_.inside[level]; i < nest_.count; ++i) {
      const Step& step = nest_.step[i];
      words *= step.temporal && problem_.tensor[role].relevant[step.dim] ? step.bound : 1;
    }
    return words;
  }

 private:
  static std::int64_t stride_along(const Rank& rank, const Step& step) noexcept {
    return (rank.dim[0] == step.dim ? rank.factor[0] * step.stride : 0) +
           (rank.dim[1] == step.dim ? rank.factor[1] * step.stride : 0);
  }

  std::int64_t shared_words(const TensorRanks& tensor, std::size_t level, const Step& step,
                            const std::array<std::int64_t, 2 * kMaxRank>& wound) const noexcept {
    std::int64_t words = 1;
    for (std::size_t r = 0; r < tensor.count && words > 0; ++r) {
      const Rank& rank = tensor.rank[r];
      words *= TileAxis(rank, nest_.extent[level], hierarchy_.counting)
                   .shared(stride_along(rank, step) - wound[r]);
    }
    return words;
  }

  // Loops of one dimension that continue each other count as one progression.
  std::int64_t distinct_along(const Rank& rank, std::size_t outer,
                              std::size_t inner) const noexcept {
    std::array<Progression, kMaxLoops> parts;
    std::array<std::size_t, kMaxLoops> part_dim;
    std::size_t count = 0;
    for (std::size_t i = nest_.inside[inner]; i < nest_.inside[outer]; ++i) {
      const Step& step = nest_.step[i];
      const std::int64_t stride = step.temporal ? 0 : stride_along(rank, step);
      if (stride == 0) {
        continue;
      }
      bool merged = false;
      for (std::size_t p = 0; p < count && !merged; ++p) {
        merged = part_dim[p] == step.dim && parts[p].step * parts[p].count == stride;
        parts[p].count *= merged ? step.bound : 1;
      }
      if (!merged) {
        parts[count] = {stride, step.bound};
        part_dim[count++] = step.dim;
      }
    }
    return distinct_sums({parts.data(), count});
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const Nest& nest_;
};

bool fits(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
          NestCounts& counts) noexcept {
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    const Level& level = hierarchy.levels[l];
    std::int64_t bits = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      bits += counts.tensor[l][role].tile_words * problem.bits[role];
    }
    const bool is_fanout = nest.fanout[l] > level.fanout;
    if (is_fanout || (level.capacity_bits > 0 && bits > level.capacity_bits)) {
      counts.verdict = Verdict::infeasible;
      counts.level = l;
      counts.is_fanout = is_fanout;
      counts.needed = is_fanout ? nest.fanout[l] : bits;
      counts.available = is_fanout ? level.fanout : level.capacity_bits;
      return false;
    }
  }
  return true;
}

// Accesses of one tensor at all levels that keep it.
void count_tensor(const Counter& counter, const Hierarchy& hierarchy, std::int64_t steps,
                  std::size_t role, NestCounts& counts) noexcept {
  const std::size_t levels = hierarchy.levels.size();
  const bool is_output = role == index(Role::outputs);
  std::size_t child = levels;           // the next level inside that keeps the tensor, or the MACs
  std::int64_t child_turnover = steps;  // a MAC keeps nothing
  for (std::size_t l = levels; l-- > 0;) {
    if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
      continue;
    }
    TensorCounts& mine = counts.tensor[l][role];
    const std::int64_t handed = child_turnover * counter.distinct_children(role, l, child);
    const std::int64_t turnover = l == 0 ? 0 : counter.turnover(role, l, mine.tile_words);
    if (is_output) {
      const std::int64_t distinct = counter.distinct_outputs(role, l);
      mine.updates = handed;
      mine.reads = handed - distinct;
      mine.fills = l == 0 ? 0 : turnover - distinct;
      mine.reads += hierarchy.counting == Counting::exact ? turnover : 0;  // drained outwards
    } else {
      mine.reads = handed;
      mine.fills = turnover;
    }
    child = l;
    child_turnover = turnover;
  }
}

std::int64_t cycles_for(std::int64_t bits, double per_cycle) noexcept {
  // Bandwidths come from divisions; what they are off must not cost a cycle.
  constexpr double kRounding = 1e-9;
  const double cycles = static_cast<double>(bits) / per_cycle;
  return per_cycle > 0 ? static_cast<std::int64_t>(std::ceil(cycles * (1 - kRounding))) : 0;
}

void finish(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
            NestCounts& counts) noexcept {
  counts.steps = nest.steps;
  counts.cycles = nest.steps;
  double energy = static_cast<double>(problem.bounds.macs()) * hierarchy.mac_energy_pj;
  std::int64_t instances = 1;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    const Level& level = hierarchy.levels[l];
    std::int64_t reads = 0;
    std::int64_t writes = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const TensorCounts& tensor = counts.tensor[l][role];
      reads += tensor.reads * problem.bits[role];
      writes += (tensor.fills + tensor.updates) * problem.bits[role];
    }
    counts.instances_used[l] = instances;
    counts.cycles = std::max({counts.cycles, cycles_for(reads, level.read_bits_per_cycle),
                              cycles_for(writes, level.write_bits_per_cycle)});
    energy += static_cast<double>(instances) *
              (static_cast<double>(reads) * level.read_energy_pj_per_bit +
               static_cast<double>(writes) * level.write_energy_pj_per_bit);
    instances *= nest.fanout[l];
  }
  counts.energy_pj = energy;
}

}  // namespace

NestCounts count(const Problem& problem, const Hierarchy& hierarchy,
                 const Mapping& mapping) noexcept {
  NestCounts counts;
  const std::size_t levels = hierarchy.levels.size();
  const Nest nest = read(mapping, levels);
  if (!problem.mappable || !nest.legal) {
    counts.verdict = Verdict::unsupported;
    return counts;
  }
  const Counter counter(problem, hierarchy, nest);
  for (std::size_t l = 0; l < levels; ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((hierarchy.levels[l].keep & keep_bit(role)) != 0) {
        counts.tensor[l][role].tile_words = counter.tile_words(role, l);
      }
    }
  }
  if (!fits(problem, hierarchy, nest, counts)) {
    return counts;
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    count_tensor(counter, hierarchy, nest.steps, role, counts);
  }
  finish(problem, hierarchy, nest, counts);
  return counts;
}

}  // namespace imbrex::loop_nest
