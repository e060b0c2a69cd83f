#include "counts.hpp"

#include "nest.hpp"
#include "point_sets.hpp"
#include "tile.hpp"

#include <algorithm>
#include <cstdlib>

namespace imbrex::loop_nest {
namespace {

constexpr std::size_t kNone = 2 * kMaxRank;

class Counter {
 public:
  Counter(const TensorRanks& tensor, Counting counting, const Nest& nest) noexcept
      : tensor_(tensor), counting_(counting), nest_(nest) {}

  // Words that enter an instance over the whole run, its first tile included.
  std::int64_t turnover(const Tile& tile, std::size_t level) const noexcept {
    Shifts wound;  // how far the loops inside have moved it
    std::fill_n(wound.begin(), tensor_.count, 0);
    bool moved_inside = false;
    std::size_t lost = kNone;  // a coordinate that the loops inside have wound beyond the tile
    std::int64_t changes = 0;  // during one pass of the loops seen so far
    for (std::size_t i = nest_.temporal_inside[level]; i < nest_.temporal_count; ++i) {
      const Step& step = nest_.temporal[i];
      const std::int64_t shift = tensor_.factor_of_dim[step.dim] * step.stride;
      const std::size_t rank = tensor_.rank_of_dim[step.dim];
      std::int64_t fresh = 0;
      if ((moved_inside && counting_ == Counting::timeloop) ||
          (lost != kNone && (lost != rank || shift == 0))) {
        fresh = tile.words();
      } else if (shift != 0 || moved_inside) {
        fresh = tile.words() - tile.shared(rank, shift, wound);
      }
      changes = changes * step.bound + (step.bound - 1) * fresh;
      if (shift != 0) {
        moved_inside = true;
        wound[rank] += (step.bound - 1) * shift;
        if (lost == kNone && tile.is_beyond(rank, wound[rank])) {
          lost = rank;
        }
      }
    }
    return tile.words() + changes;
  }

  // Different tiles among the instances of level `inner` below one instance of level `outer`.
  // Loops of one dimension always name different ones; two dimensions of one coordinate may not.
  std::int64_t distinct_children(std::size_t outer, std::size_t inner) const noexcept {
    std::int64_t distinct = 1;
    std::uint32_t dims = 0;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      const bool depends = tensor_.depends_on(step.dim);
      distinct *= depends ? step.bound : 1;
      dims |= depends ? 1u << step.dim : 0;
    }
    for (std::size_t r = 0; tensor_.has_windows && r < tensor_.count; ++r) {
      const Rank& rank = tensor_.rank[r];
      if (rank.factor[1] > 0 && (dims >> rank.dim[0] & 1) != 0 && (dims >> rank.dim[1] & 1) != 0) {
        distinct = distinct / all_along(r, outer, inner) * distinct_along(r, outer, inner);
      }
    }
    return distinct;
  }

  // Output words that one instance of the level works on at any time. Outputs have one dimension
  // per coordinate, so positions multiply.
  std::int64_t distinct_outputs(const Tile& tile, std::size_t level) const noexcept {
    std::int64_t words = tile.words();
    for (std::size_t i = nest_.temporal_inside[level]; i < nest_.temporal_count; ++i) {
      const Step& step = nest_.temporal[i];
      words *= tensor_.depends_on(step.dim) ? step.bound : 1;
    }
    return words;
  }

 private:
  std::int64_t all_along(std::size_t rank, std::size_t outer, std::size_t inner) const noexcept {
    std::int64_t product = 1;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      const bool counts = tensor_.depends_on(step.dim) && tensor_.rank_of_dim[step.dim] == rank;
      product *= counts ? step.bound : 1;
    }
    return product;
  }

  // Loops of one dimension that continue each other count as one progression.
  std::int64_t distinct_along(std::size_t rank, std::size_t outer,
                              std::size_t inner) const noexcept {
    std::array<Progression, kMaxLoops> parts;
    std::array<std::size_t, kMaxLoops> part_dim;
    std::size_t count = 0;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      if (!tensor_.depends_on(step.dim) || tensor_.rank_of_dim[step.dim] != rank) {
        continue;
      }
      const std::int64_t stride = tensor_.factor_of_dim[step.dim] * step.stride;
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

  const TensorRanks& tensor_;
  Counting counting_;
  const Nest& nest_;
};

using Tiles = std::array<std::array<Tile, kRoles>, kMaxLevels>;

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
void count_tensor(const Counter& counter, const Hierarchy& hierarchy, const Tiles& tiles,
                  std::int64_t steps, std::size_t role, NestCounts& counts) noexcept {
  const std::size_t levels = hierarchy.levels.size();
  const bool is_output = role == index(Role::outputs);
  std::size_t child = levels;           // the next level inside that keeps the tensor, or the MACs
  std::int64_t child_turnover = steps;  // a MAC keeps nothing
  for (std::size_t l = levels; l-- > 0;) {
    if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
      continue;
    }
    const Tile& tile = tiles[l][role];
    TensorCounts& mine = counts.tensor[l][role];
    const std::int64_t handed = child_turnover * counter.distinct_children(l, child);
    const std::int64_t turnover = l == 0 ? 0 : counter.turnover(tile, l);
    if (is_output) {
      const std::int64_t distinct = counter.distinct_outputs(tile, l);
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
  if (per_cycle <= 0) {
    return 0;
  }
  // Bandwidths come from divisions; what they are off must not cost a cycle.
  constexpr double kRounding = 1e-9;
  const double cycles = static_cast<double>(bits) / per_cycle * (1 - kRounding);
  const auto whole = static_cast<std::int64_t>(cycles);  // rounds up without a call
  return whole + (cycles > static_cast<double>(whole) ? 1 : 0);
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
  Tiles tiles;
  for (std::size_t l = 0; l < levels; ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((hierarchy.levels[l].keep & keep_bit(role)) != 0) {
        tiles[l][role].measure(problem.tensor[role], nest.extent[l], hierarchy.counting);
        counts.tensor[l][role].tile_words = tiles[l][role].words();
      }
    }
  }
  if (!fits(problem, hierarchy, nest, counts)) {
    return counts;
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    const Counter counter(problem.tensor[role], hierarchy.counting, nest);
    count_tensor(counter, hierarchy, tiles, nest.steps, role, counts);
  }
  finish(problem, hierarchy, nest, counts);
  return counts;
}

}  // namespace imbrex::loop_nest
