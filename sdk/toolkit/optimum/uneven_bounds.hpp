// What a branch takes at least. [any thread]
#pragma once

#include "optimum/uneven_node.hpp"

namespace imbrex::optimum {

// A step with its loops but for their order.
class ClassInflow {
 public:
  ClassInflow(const ClassParts& parts, const ClassTables& tables, const ClassNode& node,
              const ClassSplit& split) noexcept;

  // A bit per dimension with a temporal loop.
  std::uint32_t loops() const noexcept { return loops_; }
  double least() const;  // objective, whatever the order
  // With an order that ends so.
  double least(const Ending& ending) const;
  ClassRuns runs(const Ending& ending) const noexcept;
  ClassNode next(const Ending& ending) const;

 private:
  struct Into {
    Boundary boundary;
    bool is_mac = false;
    std::array<std::int64_t, kDimCount> tiles;  // of its child
    ClassTile tile;
    Extents least_spread;  // by loops over instances of this step outside the child
    Extents most_spread;
    Extents shared;  // by those inside the parent, at most
    Extents later;   // by those inside the tile that is known, at most
    double alike = 1;
    double most_ever = 0;
  };

  // `reached`: the level whose tile is known.
  void add(const Boundary& boundary, std::size_t reached) noexcept;
  ClassWords words(const Into& into, const ClassRun& run) const noexcept;
  ClassWords words_first(const Into& into, std::size_t innermost) const noexcept;
  double moved(const Into& into, const ClassRun& run) const noexcept;
  // Of a tensor that these loops keep, up to one over `first`, kDimCount: none of the step's.
  ClassRun run_of(std::size_t role, std::uint32_t keeping, std::size_t first) const noexcept;
  ClassRun run_of(std::size_t role, const Ending& ending) const noexcept;
  void add_all(const ClassRuns& runs, Loads& loads, Loads& passing_by) const noexcept;
  ClassWork work() const noexcept;
  double steps(const ClassWork& work) const noexcept;
  double worth(const Loads& loads, const Loads& passing_by) const;

  const ClassParts& parts_;
  const ClassTables& tables_;
  const ClassNode& node_;
  const ClassSplit& split_;
  const Step& step_;
  bool is_last_;
  std::uint32_t loops_ = 0;
  // Products over the step's levels outside each level.
  std::array<Extents, kMaxLevels + 1> least_spread_;
  std::array<Extents, kMaxLevels + 1> most_spread_;
  std::array<double, kMaxLevels + 1> instances_;
  ClassWork work_;
  double steps_ = 0;
  // Boundaries that the step decides, then those that pass by.
  std::array<Into, 2 * kRoles * kMaxLevels> into_;
  std::size_t decided_ = 0;
  std::size_t count_ = 0;
};

}  // namespace imbrex::optimum
