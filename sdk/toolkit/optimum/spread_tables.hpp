// The least that lies inside a tile once it is known how its work is spread: how many instances
// share a read. One table per set of such numbers, made when it is first wanted. [one thread]
#pragma once

#include "optimum/shares.hpp"
#include "optimum/tables.hpp"

#include <map>
#include <vector>

namespace imbrex::optimum {

// Least energies per tile: `of[k]` over all tiles that a step can make of it along the first k
// dimensions of those that it splits. So `of.front()` is StepTable::from, `of.back()` inside.
struct Stages {
  std::vector<std::vector<double>> of;
  const std::vector<double>& from() const noexcept { return of.front(); }
  const std::vector<double>& inside() const noexcept { return of.back(); }
};

struct SpreadTable {
  Stages all;     // as Tables::all
  Stages others;  // as Tables::others; empty: as above
};

class SpreadTables {
 public:
  // `most_bytes`: of all tables together; what does not fit is not made.
  SpreadTables(const Boundaries& boundaries, const Layout& layout, const Lattice& lattice,
               const Tables& tables, double most_bytes);

  // Null: there is no room. O(tiles) the first time.
  const SpreadTable* of(std::size_t step, const Share& share);
  // Tiles of all tables that were made.
  std::int64_t tiles_made() const noexcept { return tiles_made_; }

 private:
  using Key = std::array<double, kRoles*(kMaxLevels + 1)>;
  Stages stages(std::size_t step, std::vector<double> from) const;
  std::size_t splits(std::size_t step) const noexcept;
  Key alike(std::size_t step, const Share& share) const noexcept;
  void add_rows(std::size_t step);
  SpreadTable table(std::size_t step, const Key& alike) const;

  const Boundaries& boundaries_;
  const Layout& layout_;
  const Lattice& lattice_;
  const Tables& tables_;
  double room_;
  std::int64_t tiles_made_ = 0;
  // Per step, tile, innermost loop outside and boundary: what does not depend on sharing, what
  // does.
  struct Row {
    double alone = 0;
    double shared = 0;
  };
  std::vector<std::vector<Row>> rows_;
  std::vector<std::map<Key, SpreadTable>> known_;
};

}  // namespace imbrex::optimum
