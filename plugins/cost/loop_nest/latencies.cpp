#include "latencies.hpp"

#include "existing.hpp"

#include <imbrex/region.hpp>

#include <algorithm>

namespace imbrex::loop_nest {
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
      times.port[l] = {
          cycles_of(static_cast<double>(bits.read), level.read_bits_per_cycle) +
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
             problem_.tensor[role].depends_on(imbrex::index(loop.dim));
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
                           loop.level < child &&
                           problem_.tensor[role].depends_on(imbrex::index(loop.dim));
      words *= spreads ? static_cast<double>(loop.bound) : 1;
    }
    return words * static_cast<double>(problem_.bits[role]);
  }

  // What the first tiles take on their way in, and the last one on its way out.
  PortTimes first_tile(std::size_t l, const PortTimes& all) const noexcept {
    const Level& level = hierarchy_.levels[l];
    const double in = tile_bits(l, index(Role::weights)) + tile_bits(l, index(Role::inputs));
    const double latency = level.access_cycles > 0 && requests(l) > 0 ? level.access_cycles : 0;
    return {std::min(all.read, latency + cycles_of(in, level.read_bits_per_cycle)),
            std::min(all.write, cycles_of(tile_bits(l, index(Role::outputs)),
                                          level.write_bits_per_cycle))};
  }

  // From the inside outwards. `steady`: what all levels so far take over the whole run when nothing
  // is ever waited for; `ends`: what one tile of the level takes beyond its share of that.
  double pipelined(const NestTimes& times) const noexcept {
    double steady = times.compute;
    double ends = 0;
    for (std::size_t l = hierarchy_.levels.size(); l-- > 0;) {
      const PortTimes& port = times.port[l];
      const double slowest = std::max({steady, port.read, port.write});
      if (hierarchy_.exposed_ends) {
        const PortTimes all{port.read / passes_[l], port.write / passes_[l]};
        const PortTimes one = first_tile(l, all);
        const double work = steady / passes_[l + 1];
        const double further = std::max(
            {all.read - one.read, all.write - one.write, steady / passes_[l] - work});
        ends += one.read + one.write + work + further - slowest / passes_[l];
      }
      steady = slowest;
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

}  // namespace imbrex::loop_nest
