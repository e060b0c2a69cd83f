// Branch and bound over classes of tiles, outermost step first. [one thread]
#pragma once

#include "optimum/uneven_bounds.hpp"
#include "optimum/uneven_leaves.hpp"

namespace imbrex::optimum::uneven {

class Search {
 public:
  Search(const Parts& parts, const ClassTables& tables, const Limits& limits, Answer& answer)
      : parts_(parts), tables_(tables), limits_(limits), answer_(answer), leaves_(parts) {}

  // A mapping of the space that is known already.
  void start_with(const Mapping& mapping);
  // All that is worth less than the best by `gap`, until so many states have been looked at (0: no
  // limit). Returns what no mapping is worth less than.
  double run(double gap, std::int64_t most_states);
  // Did the last run end before all was looked at?
  bool has_stopped() const noexcept { return stopped_; }

 private:
  struct Candidate {
    double bound = 0;
    ClassTile tile{};
  };
  struct Shared {
    double bound = 0;
    Split split;
  };
  struct Ordered {
    double bound = 0;
    Ending ending;
  };

  double margin() const noexcept { return parts_.by_energy ? kMargin : 0.0; }
  double cut() const noexcept;
  bool stops();
  void leave_open(double bound) noexcept { open_ = std::min(open_, bound); }

  void branch(const Node& node);
  void collect(const Node& node, std::size_t dims, Candidate& one, std::vector<Candidate>& found);
  double least_steps(const Node& node) const noexcept;
  double bound_of(const Node& node, const ClassTile& tile);
  void split(const Node& node, const ClassTile& tile, std::vector<Shared>& found);
  void split(const Node& node, std::size_t level, std::size_t dim, std::int64_t product, Split& now,
             std::vector<Shared>& found);
  void share(const Node& node, std::size_t level, std::size_t dim, std::int64_t product,
             const LoopRange& shares, Split& now, std::vector<Shared>& found);
  bool can_begin(const Node& node, const Split& split) const noexcept;
  void arrange(const Node& node, std::vector<Shared>& shared);
  void arrange(const Node& node, const Split& split, double bound);
  void endings(const Node& node, std::uint32_t left, std::uint32_t moving, Ending& now,
               std::vector<Ending>& found) const;
  void settle(const Node& leaf, double bound);
  bool keep(const Mapping& mapping, double bound);

  const Parts& parts_;
  const ClassTables& tables_;
  const Limits& limits_;
  Answer& answer_;
  Leaves leaves_;
  double gap_ = 0;
  std::int64_t most_states_ = 0;
  double least_steps_ = 0;  // of the node whose tiles are looked at
  bool stopped_ = false;
  double open_ = 0;  // least bound of what was not settled
};

}  // namespace imbrex::optimum::uneven
