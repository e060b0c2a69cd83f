#include <imbrex/toolkit/nests/charge.hpp>
#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/existing.hpp>
#include <imbrex/toolkit/nests/existing_counts.hpp>
#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/toolkit/nests/products.hpp>
#include <imbrex/toolkit/nests/tile.hpp>
#include <imbrex/toolkit/nests/timeloop_stages.hpp>
#include <imbrex/toolkit/nests/windows.hpp>

#include <algorithm>

namespace imbrex::nests {
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
// With `existing`, words beyond the operator or its tensors take no room.
void measure(const Problem& problem, const Hierarchy& hierarchy, Nest& nest, bool existing,
             Tiles& windows, NestCounts& counts) noexcept {
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    for (std::size_t d = 0; existing && d < kDimCount; ++d) {
      nest.extent[l][d] = std::min(nest.extent[l][d], problem.bounds.bound[d]);
    }
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
        mine.tile_words = existing ? windows[l][role].existing_words() : windows[l][role].words();
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
      const bool is_wide = role == index(Role::outputs) && (counts.wide_sums >> l & 1) != 0;
      bits += counts.tensor[l][role].tile_words *
              (is_wide ? problem.partial_sum_bits : problem.bits[role]);
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

// The levels that keep a tensor and what lies between them, from the inside outwards.
struct Between {
  std::size_t child;            // the next level inside that keeps the tensor, or the MACs
  std::int64_t child_turnover;  // words that each of its instances takes
  std::int64_t children = 1;    // of its instances below one of the level reached
  std::uint32_t dims = 0;       // of the spatial loops in between
};

// Counting `exact`: neighbours hand on what the next one held, to all but the last of every row.
void hand_on(const Windows& windows, const Tiles& tiles, std::size_t role, std::size_t level,
             const Between& between, std::int64_t distinct, NestCounts& counts) noexcept {
  const std::size_t child = between.child;
  const Windows::Handed on = windows.handed_on(tiles[child][role], level, child);
  counts.tensor[level][role].reads -= on.words * (distinct / on.neighbours) * (on.neighbours - 1);
  TensorCounts& inside = counts.tensor[child][role];
  inside.handed_on = ceil_div(on.words * (on.neighbours - 1), on.neighbours);
  inside.reads += inside.handed_on;
}

// One tensor, with what tells how its tiles follow one another and lie beside one another.
struct Walked {
  const Hierarchy& hierarchy;
  const Nest& nest;
  const Products& products;
  const Tiles& tiles;
  std::size_t role;
  Windows windows;
  TimeloopStages stages;

  Walked(const TensorRanks& tensor, const Hierarchy& all_levels, const Nest& loops,
         const Products& of_loops, const Tiles& of_windows, std::size_t of_role) noexcept
      : hierarchy(all_levels),
        nest(loops),
        products(of_loops),
        tiles(of_windows),
        role(of_role),
        windows(tensor, loops, of_loops),
        stages(tensor, loops, of_loops, windows) {}
  Walked(const Walked&) = delete;  // `stages` knows where `windows` is
  Walked& operator=(const Walked&) = delete;

  bool is_exact() const noexcept { return hierarchy.counting == Counting::exact; }

  // Words that enter an instance of a level inside the outermost over the whole run.
  template <bool is_plain>
  std::int64_t turnover(std::size_t l, std::int64_t tile_words) const noexcept {
    if ((hierarchy.levels[l].refetch & keep_bit(role)) != 0) {
      return tile_words * products.temporal_from[nest.temporal_inside[l]];
    }
    if constexpr (is_plain) {
      return tile_words * products.tiles[l][role];
    }
    const Tile& tile = tiles[l][role];
    return is_exact() ? windows.turnover(tile, l) : stages.walk(tile, l).turnover();
  }
};

// Accesses of one tensor at all levels that keep it.
template <bool is_output, bool is_plain>
void count_tensor(const Walked& walked, NestCounts& counts) noexcept {
  const auto& [hierarchy, nest, products, tiles, role, windows, stages] = walked;
  const std::size_t levels = hierarchy.levels.size();
  const bool exact = walked.is_exact();
  Between between{levels, nest.steps};  // a MAC keeps nothing
  for (std::size_t l = levels; l-- > 0;) {
    between.children *= is_plain || exact ? products.spread[l][role] : stages.distinct(l, role);
    between.dims |= products.spread_dims[l];
    if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
      continue;
    }
    TensorCounts& mine = counts.tensor[l][role];
    const std::int64_t distinct =
        is_plain || !exact
            ? between.children
            : windows.distinct_children(between.children, between.dims, l, between.child);
    const std::int64_t handed = between.child_turnover * distinct;
    const std::int64_t turnover =
        l == 0 ? 0 : walked.template turnover<is_plain>(l, mine.tile_words);
    if (is_output) {
      const std::int64_t ever = mine.tile_words * products.outputs[l];
      mine.updates = handed;
      mine.points = ever;
      mine.reads = handed - ever + (exact ? turnover : 0);  // drained outwards
      mine.fills = l == 0 ? 0 : turnover - ever;
    } else {
      mine.reads = handed;
      mine.fills = turnover;
      if (!is_plain && hierarchy.link_transfers && between.child < levels) {
        exact ? hand_on(windows, tiles, role, l, between, distinct, counts)
              : stages.hand_on(tiles[between.child][role], role, l, between.child, counts);
      }
    }
    between = {l, turnover};
  }
}

// All tensors but some, as if all that their tiles name existed.
void count_full(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
                const Tiles& tiles, KeepMask others, NestCounts& counts) noexcept {
  const Products products(problem, nest, hierarchy.levels.size());
  for (std::size_t role = 0; role < kRoles; ++role) {
    if ((others & keep_bit(role)) != 0) {
      continue;
    }
    const TensorRanks& tensor = problem.tensor[role];
    const bool is_output = role == index(Role::outputs);
    const auto count_one =
        tensor.is_plain ? (is_output ? count_tensor<true, true> : count_tensor<false, true>)
                        : (is_output ? count_tensor<true, false> : count_tensor<false, false>);
    count_one(Walked(tensor, hierarchy, nest, products, tiles, role), counts);
  }
}

// All instances alike.
AllWords times_instances(const NestCounts& counts, std::size_t levels) noexcept {
  AllWords all{};
  for (std::size_t l = 0; l < levels; ++l) {
    const auto instances = static_cast<double>(counts.instances_used[l]);
    for (std::size_t role = 0; role < kRoles; ++role) {
      const TensorCounts& one = counts.tensor[l][role];
      all[l][role] = {instances * static_cast<double>(one.reads),
                      instances * static_cast<double>(one.fills + one.updates),
                      instances * static_cast<double>(one.points)};
    }
  }
  return all;
}

// Do the loops inside a job make exactly the job? What they make beyond it idles.
bool fills_jobs(const Mapping& mapping) noexcept {
  Extents inside;
  inside.fill(1);
  std::uint32_t outer = 0;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    outer |= i < mapping.outer && loop.bound > 1 ? 1u << index(loop.dim) : 0;
    inside[index(loop.dim)] *= i < mapping.outer ? 1 : loop.bound;
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if ((outer >> d & 1) != 0 && inside[d] != mapping.job_extent[d]) {
      return false;
    }
  }
  return true;
}

// Tensors of which the nest names more than there is: all, or those with windows in the padding.
KeepMask roles_beyond(const Problem& problem, const Nest& nest) noexcept {
  KeepMask roles = 0;
  for (std::size_t role = 0; role < kRoles; ++role) {
    bool beyond = nest.uneven != 0;
    for (std::size_t r = 0; r < problem.tensor[role].count; ++r) {
      beyond = beyond || problem.tensor[role].rank[r].extent > 0;
    }
    roles = static_cast<KeepMask>(beyond ? roles | keep_bit(role) : roles);
  }
  return roles;
}

}  // namespace

NestCounts count(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
                 AllWords* all) noexcept {
  NestCounts counts;
  const std::size_t levels = hierarchy.levels.size();
  Nest nest = read(mapping, levels);
  if (!problem.mappable || !nest.legal) {
    counts.verdict = Verdict::unsupported;
    return counts;
  }
  // Instances that hand words on, jobs that loops exceed and the peer's counting take all for full.
  const bool partly = hierarchy.counting == Counting::exact && names_too_much(problem, nest);
  const bool existing =
      partly && !hierarchy.link_transfers && !hierarchy.refetches && fills_jobs(mapping);
  Tiles windows;
  measure(problem, hierarchy, nest, existing, windows, counts);
  const PartialSums sums = partial_sums(problem, hierarchy, mapping);
  counts.wide_sums = sums.held;
  if (!fits(problem, hierarchy, nest, counts)) {
    return counts;
  }
  counts.steps = partly ? static_cast<std::int64_t>(existing_steps(problem, mapping)) : nest.steps;
  const KeepMask roles = existing ? roles_beyond(problem, nest) : KeepMask{0};
  count_full(problem, hierarchy, nest, windows, roles, counts);
  if (roles == 0) {
    charge(problem, hierarchy, {mapping, nest, sums}, nullptr, counts);
    if (all != nullptr) {
      *all = times_instances(counts, levels);
    }
    return counts;
  }
  const AllWords existing_words = count_existing(problem, hierarchy, nest, roles, counts);
  charge(problem, hierarchy, {mapping, nest, sums}, &existing_words, counts);
  if (all != nullptr) {
    *all = existing_words;
  }
  return counts;
}

}  // namespace imbrex::nests
