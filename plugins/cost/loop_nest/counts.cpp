#include "counts.hpp"

#include "nest.hpp"
#include "products.hpp"
#include "tile.hpp"
#include "windows.hpp"

#include <algorithm>

namespace imbrex::loop_nest {
namespace {

using Tiles = std::array<std::array<Tile, kRoles>, kMaxLevels>;

template <Counting counting>
std::int64_t plain_words(const TensorRanks& tensor, const Extents& extent) noexcept {
  std::int64_t words = 1;
  for (std::size_t r = 0; r < tensor.count; ++r) {
    const std::int64_t points = extent[tensor.rank[r].dim[0]];
    words *= counting == Counting::exact ? points : tensor.rank[r].factor[0] * (points - 1) + 1;
  }
  return words;
}

// Measures the tiles of all levels; only those of windows are needed as such later.
void measure(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest, Tiles& windows,
             NestCounts& counts) noexcept {
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      const TensorRanks& tensor = problem.tensor[role];
      TensorCounts& mine = counts.tensor[l][role];
      mine = {};
      if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
        continue;
      }
      if (tensor.is_plain) {
        mine.tile_words = hierarchy.counting == Counting::exact
                              ? plain_words<Counting::exact>(tensor, nest.extent[l])
                              : plain_words<Counting::timeloop>(tensor, nest.extent[l]);
      } else {
        windows[l][role].measure(tensor, nest.extent[l], hierarchy.counting);
        mine.tile_words = windows[l][role].words();
      }
    }
  }
}

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
template <bool is_output, bool is_plain>
void count_tensor(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
                  const Products& products, const Tiles& tiles, std::size_t role,
                  NestCounts& counts) noexcept {
  const std::size_t levels = hierarchy.levels.size();
  const Windows windows(problem.tensor[role], hierarchy.counting, nest, products);
  std::size_t child = levels;  // the next level inside that keeps the tensor, or the MACs
  std::int64_t child_turnover = nest.steps;  // a MAC keeps nothing
  std::int64_t children = 1;
  std::uint32_t dims = 0;
  for (std::size_t l = levels; l-- > 0;) {
    children *= products.spread[l][role];
    dims |= products.spread_dims[l];
    if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
      continue;
    }
    TensorCounts& mine = counts.tensor[l][role];
    const std::int64_t distinct =
        is_plain ? children : windows.distinct_children(children, dims, l, child);
    const std::int64_t handed = child_turnover * distinct;
    std::int64_t turnover = 0;
    if (l > 0) {
      turnover = is_plain ? mine.tile_words * products.tiles[l][role]
                          : windows.turnover(tiles[l][role], l);
    }
    if (is_output) {
      const std::int64_t ever = mine.tile_words * products.outputs[l];
      mine.updates = handed;
      mine.reads = handed - ever;
      mine.fills = l == 0 ? 0 : turnover - ever;
      mine.reads += hierarchy.counting == Counting::exact ? turnover : 0;  // drained outwards
    } else {
      mine.reads = handed;
      mine.fills = turnover;
      if (!is_plain && hierarchy.link_transfers && child < levels) {
        const Windows::Handed on = windows.handed_on(tiles[child][role], l, child);
        // Of every row of neighbours all but the last are served by the next one's reads.
        mine.reads -= on.words * (distinct / on.neighbours) * (on.neighbours - 1);
        counts.tensor[child][role].reads += ceil_div(on.words * (on.neighbours - 1), on.neighbours);
      }
    }
    child = l;
    child_turnover = turnover;
    children = 1;
    dims = 0;
  }
}

// The longer of `cycles` and what the words take.
std::int64_t at_least(std::int64_t cycles, std::int64_t bits, double per_cycle) noexcept {
  // Divisions are slow, and mostly the memory is fast enough.
  if (per_cycle <= 0 || static_cast<double>(bits) <= static_cast<double>(cycles) * per_cycle) {
    return cycles;
  }
  // Bandwidths come from divisions; what they are off must not cost a cycle.
  constexpr double kRounding = 1e-9;
  const double needed = static_cast<double>(bits) / per_cycle * (1 - kRounding);
  const auto whole = static_cast<std::int64_t>(needed);  // rounds up without a call
  return std::max(cycles, whole + (needed > static_cast<double>(whole) ? 1 : 0));
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
    counts.cycles = at_least(counts.cycles, reads, level.read_bits_per_cycle);
    counts.cycles = at_least(counts.cycles, writes, level.write_bits_per_cycle);
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
  Tiles windows;
  measure(problem, hierarchy, nest, windows, counts);
  if (!fits(problem, hierarchy, nest, counts)) {
    return counts;
  }
  const Products products(problem, nest, levels);
  for (std::size_t role = 0; role < kRoles; ++role) {
    const bool is_output = role == index(Role::outputs);
    const auto count_one =
        problem.tensor[role].is_plain
            ? (is_output ? count_tensor<true, true> : count_tensor<false, true>)
            : (is_output ? count_tensor<true, false> : count_tensor<false, false>);
    count_one(problem, hierarchy, nest, products, windows, role, counts);
  }
  finish(problem, hierarchy, nest, counts);
  return counts;
}

}  // namespace imbrex::loop_nest
