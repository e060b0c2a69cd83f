// Branch and bound over classes of tiles, outermost step first. [one thread]
#pragma once

#include "optimum/uneven_bounds.hpp"
#include "optimum/uneven_leaves.hpp"

namespace imbrex::optimum {

class ClassSearch {
 public:
  ClassSearch(const ClassParts& parts, const ClassTables& tables, const Limits& limits,
              Answer& answer)
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
    ClassSplit split;
  };
  struct Ordered {
    double bound = 0;
    Ending ending;
  };

  double margin() const noexcept { return parts_.by_energy ? kMargin : 0.0; }
  double cut() const noexcept;
  bool stops();
  void leave_open(double bound) noexcept { open_ = std::min(open_, bound); }

  void branch(const ClassNode& node);
  void collect(const ClassNode& node, std::size_t dims, Candidate& one,
               std::vector<Candidate>& found);
  double least_steps(const ClassNode& node) const noexcept;
  double bound_of(const ClassNode& node, const ClassTile& tile);
  void split(const ClassNode& node, const ClassTile& tile, std::vector<Shared>& found);
  void split(const ClassNode& node, std::size_t level, std::size_t dim, std::int64_t product,
             ClassSplit& now, std::vector<Shared>& found);
  void share(const ClassNode& node, std::size_t level, std::size_t dim, std::int64_t product,
             const LoopRange& shares, ClassSplit& now, std::vector<Shared>& found);
  bool can_begin(const ClassNode& node, const ClassSplit& split) const noexcept;
  void arrange(const ClassNode& node, std::vector<Shared>& shared);
  void arrange(const ClassNode& node, const ClassSplit& split, double bound);
  void endings(const ClassNode& node, std::uint32_t left, std::uint32_t moving, Ending& now,
               std::vector<Ending>& found) const;
  void settle(const ClassNode& leaf, double bound);
  bool keep(const Mapping& mapping, double bound);

  const ClassParts& parts_;
  const ClassTables& tables_;
  const Limits& limits_;
  Answer& answer_;
  ClassLeaves leaves_;
  double gap_ = 0;
  std::int64_t most_states_ = 0;
  double least_steps_ = 0;  // of the node whose tiles are looked at
  bool stopped_ = false;
  double open_ = 0;  // least bound of what was not settled
};

}  // namespace imbrex::optimum
