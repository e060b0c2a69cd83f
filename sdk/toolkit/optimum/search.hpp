// Branch and bound, outermost step first: depth first, most promising children first. [one thread]
#pragma once

#include "optimum/archive.hpp"
#include "optimum/bounds.hpp"
#include "optimum/improver.hpp"
#include "optimum/spread_tables.hpp"

#include <map>

namespace imbrex::optimum {

class Search {
 public:
  // `archive`: may be null; else it gets every mapping whose objective is not infinite, and what
  // the objective says may depend on it.
  Search(const Parts& parts, const Limits& limits, Answer& answer, Archive* archive = nullptr)
      : parts_(parts),
        limits_(limits),
        answer_(answer),
        archive_(archive),
        spreads_(parts.boundaries, parts.layout, parts.lattice, parts.tables,
                 room_of(parts, limits)),
        improver_(parts.question, parts.counter),
        improves_at_(limits.improves_at),
        changes_(std::max<std::int64_t>(50, limits.improves_at / 16)) {}

  void run();

 private:
  // A node, what it takes at least, and what tiles inside may see of its last order.
  struct Child {
    Node node;
    double bound = 0;
    std::uint64_t seen = 0;
  };

  // For tables of shares, beside those that are always there.
  static double room_of(const Parts& parts, const Limits& limits) noexcept;
  double cut() const noexcept;  // what is worth this or more is not looked at
  // Before what is worth `next` at least is looked at.
  bool stops(double next);
  bool has_time() const noexcept;
  // The rest of a list with ascending bounds will not be looked at, because of the limits.
  void leave_open(double bound) noexcept;
  // What of a list with ascending bounds is looked at behind its item `at`, at least; `bound_of`:
  // of an item.
  template <class List, class BoundOf>
  static double later(const List& list, std::size_t at, BoundOf&& bound_of) {
    return at + 1 < list.size() ? bound_of(list[at + 1]) : kNever;
  }
  // No mapping is worth less: at most what is beside the path to this moment, or found.
  void learn_bound() noexcept;

  void branch(const Node& node);
  double bound_of(const Node& node, const Share& share);
  void branch(const Node& node, const Share& share);
  // The tiles of a share, dimension by dimension.
  struct TileWalk {
    const Sharing& sharing;
    const Node& node;
    std::array<std::vector<std::uint8_t>, kDimCount> allowed;
    Choice choice;  // along dimensions that are not walked yet: all that the share leaves
    double most_pj = 0;
    std::array<std::size_t, kDimCount> dim{};  // those that are walked
    std::size_t dims = 0;
    std::array<std::size_t, kDimCount> stage{};  // splits along it and smaller ones
  };
  void collect(const Node& node, const Share& share, std::vector<Choice>& choices);
  void collect(TileWalk& walk, std::size_t dims, std::vector<Choice>& choices);
  double energy_inside(const Node& node, std::uint32_t tile) const noexcept;
  double energy_inside(const Node& node, std::uint32_t tile, std::size_t stage) const noexcept;
  double energy_limit(const Node& node, const Share& share);
  void judge(const Sharing& sharing, Choice& choice, std::vector<Choice>& choices);
  void arrange(const Node& node, const Choice& choice);
  void finish(const Inflow& inflow, const Step& step,
              std::vector<std::pair<double, const Order*>> orders);
  bool improves(double objective) const noexcept;
  void keep(const Mapping& mapping, const LayerCost& cost, double objective);
  void record();   // the best, in the convergence
  void improve();  // now and then
  void descend(const Inflow& inflow, const Node& node, const Choice& choice,
               const std::vector<std::pair<double, const Order*>>& orders);
  std::vector<Child> counted(const Inflow& inflow, const Node& node, const Choice& choice,
                             const std::vector<std::pair<double, const Order*>>& orders);
  // What tiles inside may see of an order: equal for orders that they cannot tell apart.
  std::uint64_t seen_inside(std::size_t step, const Order& order) const noexcept;
  void drop_dominated(std::size_t step, std::vector<Child>& children);
  bool is_no_worse(std::size_t step, const Child& one, const Child& other) const noexcept;
  const std::vector<Order>& orders(std::size_t step, const Extents& bounds);
  bool loses_windows(const Node& node, const Extents& bounds, bool& seen) const noexcept;

  const Parts& parts_;
  const Limits& limits_;
  Answer& answer_;
  Archive* archive_;
  SpreadTables spreads_;
  nests::AxisMemo memo_;
  Improver improver_;
  std::int64_t improves_at_;             // states
  std::int64_t changes_;                 // that are tried then
  const SpreadTable* spread_ = nullptr;  // of the share that is looked at
  double limit_at_ =
      -1;  // where time does not count: the last limit of energies, and for which cut
  double limit_pj_ = 0;
  bool stopped_ = false;
  double open_ = 0;             // least bound of what was not looked at
  double known_ = 0;            // the bound so far; never falls
  std::vector<double> beside_;  // least bounds of the later siblings along the path
  std::map<std::pair<std::size_t, std::uint32_t>, std::vector<Order>> orders_;
};

}  // namespace imbrex::optimum
