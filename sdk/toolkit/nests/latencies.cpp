#include <imbrex/toolkit/nests/existing.hpp>
#include <imbrex/toolkit/nests/latencies.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>

namespace imbrex::nests {
namespace {

bool keeps(const Level& level, std::size_t role) noexcept {
  return (level.keep & keep_bit(role)) != 0;
}

double cycles_of(double bits, double bits_per_cycle) noexcept {
  return bits_per_cycle > 0 ? bits / bits_per_cycle : 0;
}

class Timing {
 public:
  Timing(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
         const NestCounts& counts) noexcept
      : problem_(problem),
        hierarchy_(hierarchy),
        mapping_(mapping),
        counts_(counts),
        sums_(partial_sums(problem, hierarchy, mapping)) {
    for (std::size_t l = 0; l <= hierarchy.levels.size(); ++l) {
      passes_[l] = iterations(loops_outside(l));
    }
  }

  NestTimes times() const noexcept {
    NestTimes times;
    times.compute = static_cast<double>(counts_.steps) * problem_.work_share +
                    hierarchy_.fill_drain_steps * passes_[hierarchy_.pass_level];
    for (std::size_t l = 0; l < hierarchy_.levels.size(); ++l) {
      const Level& level = hierarchy_.levels[l];
      const PortBits bits = port_bits(problem_, hierarchy_, sums_, counts_, l);
      times.port[l] = {cycles_of(static_cast<double>(bits.read), level.read_bits_per_cycle) +
                           (level.access_cycles > 0 ? level.access_cycles * requests(l) : 0),
                       cycles_of(static_cast<double>(bits.written), level.write_bits_per_cycle)};
    }
    times.cycles = pipelined(times);
    return times;
  }

 private:
  std::size_t loops_outside(std::size_t level) const noexcept {
    std::size_t count = 0;
    while (count < mapping_.count &&
           (mapping_.loops[count].bound == 1 || mapping_.loops[count].level < level)) {
      ++count;
    }
    return count;
  }

  // Of the outermost loops; those that exist only, where the steps are counted so.
  double iterations(std::size_t outermost) const noexcept {
    if (hierarchy_.counting == Counting::exact) {
      return existing_steps(problem_, mapping_, outermost);
    }
    double product = 1;
    for (std::size_t i = 0; i < outermost; ++i) {
      const Loop& loop = mapping_.loops[i];
      product *= loop.kind == LoopKind::temporal ? static_cast<double>(loop.bound) : 1;
    }
    return product;
  }

  // The next level inside that keeps the tensor; the number of levels: the MACs.
  std::size_t child_of(std::size_t level, std::size_t role) const noexcept {
    std::size_t child = level + 1;
    while (child < hierarchy_.levels.size() && !keeps(hierarchy_.levels[child], role)) {
      ++child;
    }
    return child;
  }

  // How often one instance of the level inside asks for another tile of an operand.
  double tiles_asked(std::size_t child, std::size_t role) const noexcept {
    std::size_t outermost = loops_outside(child);
    const bool refetches = (hierarchy_.levels[child].refetch & keep_bit(role)) != 0;
    const auto moves = [&](const Loop& loop) {
      return loop.kind == LoopKind::temporal && loop.bound > 1 &&
             problem_.tensor[role].depends_on(index(loop.dim));
    };
    while (!refetches && outermost > 0 && !moves(mapping_.loops[outermost - 1])) {
      --outermost;
    }
    return iterations(outermost);
  }

  // Tiles that change together are asked for together, and those of every operand change at
  // iterations of the same loops: the most of any.
  double requests(std::size_t level) const noexcept {
    double most = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (keeps(hierarchy_.levels[level], role)) {
        most = std::max(most, requests(level, role));
      }
    }
    return most;
  }
  // MACs read a stream, one for each tile of the level; partial sums are asked for when they come
  // back.
  double requests(std::size_t level, std::size_t role) const noexcept {
    const std::size_t child = child_of(level, role);
    if (child == hierarchy_.levels.size()) {
      return role == index(Role::outputs) ? 0 : passes_[level];
    }
    if (role != index(Role::outputs)) {
      return tiles_asked(child, role);
    }
    const TensorCounts& inside = counts_.tensor[child][role];
    return inside.fills > 0 ? static_cast<double>(ceil_div(inside.fills, inside.tile_words)) : 0;
  }

  // Bits of the tiles of one tensor that all levels inside an instance hold at a time.
  double tile_bits(std::size_t level, std::size_t role) const noexcept {
    if (!keeps(hierarchy_.levels[level], role)) {
      return 0;
    }
    const std::size_t child = child_of(level, role);
    double words = child < hierarchy_.levels.size()
                       ? static_cast<double>(counts_.tensor[child][role].tile_words)
                       : 1;
    for (std::size_t i = 0; i < mapping_.count; ++i) {
      const Loop& loop = mapping_.loops[i];
      const bool spreads = loop.kind == LoopKind::spatial && loop.level >= level &&
                           loop.level < child && problem_.tensor[role].depends_on(index(loop.dim));
      words *= spreads ? static_cast<double>(loop.bound) : 1;
    }
    return words * static_cast<double>(problem_.bits[role]);
  }

  // What passes one level over the whole run: tiles of the level inside that are worked on, those
  // after which results leave it, and the cycles of its ports.
  struct Passing {
    double tiles = 1;
    double stores = 1;
    double fetch = 0;
    double take_in = 0;  // at the write port, from outside, while the level inside works
    double store = 0;
    double first_fetch = 0;
    double last_store = 0;
  };
  Passing passing(std::size_t l, const PortTimes& port) const noexcept {
    const Level& level = hierarchy_.levels[l];
    Passing all;
    all.tiles = passes_[l + 1];
    const std::size_t child = child_of(l, index(Role::outputs));
    all.stores =
        child == hierarchy_.levels.size() ? all.tiles : tiles_asked(child, index(Role::outputs));
    all.stores = std::min(all.stores, all.tiles);
    all.fetch = port.read;
    all.take_in = std::min(port.write, cycles_of(filled_bits(l), level.write_bits_per_cycle));
    all.store = port.write - all.take_in;
    const double latency = level.access_cycles > 0 && requests(l) > 0 ? level.access_cycles : 0;
    const double in = tile_bits(l, index(Role::weights)) + tile_bits(l, index(Role::inputs));
    all.first_fetch =
        std::min(port.read / passes_[l], latency + cycles_of(in, level.read_bits_per_cycle));
    all.last_store = std::min(
        all.store, cycles_of(tile_bits(l, index(Role::outputs)), level.write_bits_per_cycle));
    return all;
  }
  double filled_bits(std::size_t l) const noexcept {
    double bits = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const std::int64_t width = role == index(Role::outputs) && problem_.has_wide_sums()
                                     ? problem_.partial_sum_bits
                                     : problem_.bits[role];
      bits += static_cast<double>(counts_.tensor[l][role].fills * width);
    }
    return bits;
  }

  // From the inside outwards. `steady`: what all levels so far take over the whole run while one
  // tile follows another; `ends`: what one tile of the level takes beyond its share of that.
  double pipelined(const NestTimes& times) const noexcept {
    double steady = times.compute;
    double ends = 0;
    for (std::size_t l = hierarchy_.levels.size(); l-- > 0;) {
      const PortTimes& port = times.port[l];
      if (hierarchy_.buffering == Buffering::ideal) {
        steady = std::max({steady, port.read, port.write});
        continue;
      }
      const Passing all = passing(l, port);
      const double work = steady / all.tiles;
      const double take_in = all.take_in / all.tiles;
      const auto steps = [&](double tiles, double stores, double fetch, double store) {
        const double step = std::max({work, take_in, tiles > 0 ? fetch / tiles : 0});
        const double storing = std::max(step, take_in + (stores > 0 ? store / stores : 0));
        return (tiles - stores) * step + stores * storing;
      };
      const double tiles = all.tiles / passes_[l];
      const double stores = all.stores / passes_[l];
      const double fetch = all.fetch / passes_[l];
      const double store = all.store / passes_[l];
      const double share = steps(tiles, stores, fetch, store);
      // The first tile is fetched before, the last one stored behind the others.
      const double further = steps(tiles - 1, std::max(0.0, stores - 1), fetch - all.first_fetch,
                                   stores > 1 ? store - all.last_store : 0);
      ends += all.first_fetch + all.last_store + work + further - share;
      ends = std::max(0.0, ends);
      steady = share * passes_[l];
    }
    return steady + ends;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const Mapping& mapping_;
  const NestCounts& counts_;
  PartialSums sums_;
  std::array<double, kMaxLevels + 1> passes_;  // over tiles of a level
};

}  // namespace

NestTimes times_of(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
                   const NestCounts& counts) noexcept {
  return Timing(problem, hierarchy, mapping, counts).times();
}

}  // namespace imbrex::nests
