// The least that lies inside a tile once it is known how its work is spread: how many instances
// share a read. One table per set of such numbers, made when it is first wanted. [one thread]
#pragma once

#include "optimum/shares.hpp"
#include "optimum/tables.hpp"

#include <map>
#include <vector>

namespace imbrex::optimum {

// Least energies per tile: `[k]` over all tiles that a step can make of it along the first k
// dimensions of those that it splits; the first as StepTable::from, the last as inside.
using Stages = std::vector<std::vector<double>>;

struct SpreadTable {
  std::vector<double> inside;         // as StepTable, of Tables::all
  std::vector<double> others_inside;  // of Tables::others; empty: as above
  Stages stages;                      // of both, where they have been asked for
  Stages others_stages;
};

class SpreadTables {
 public:
  // `most_bytes`: of all tables together; what does not fit is not made.
  SpreadTables(const Boundaries& boundaries, const Layout& layout, const Lattice& lattice,
               const Tables& tables, double most_bytes);

  // Null: there is no room. O(tiles) the first time.
  const SpreadTable* of(std::size_t step, const Share& share) {
    return found(step, alike(step, share));
  }
  // With stages. Null: as above.
  const SpreadTable* staged(std::size_t step, const Share& share);
  // No more than that: of shares that have up to four times as many instances share a read. There
  // are few such tables, and they are all that most shares need.
  const SpreadTable* roughly(std::size_t step, const Share& share) {
    return found(step, rounded(alike(step, share)));
  }
  // Tiles of all tables that were made.
  std::int64_t tiles_made() const noexcept { return tiles_made_; }

 private:
  using Key = std::array<double, kRoles*(kMaxLevels + 1)>;
  // Per tile that the step decides: all, and the others.
  using From = std::array<std::vector<double>, 2>;
  From from(std::size_t step, const Key& alike) const;
  Stages stages(std::size_t step, std::vector<double> from) const;
  std::size_t splits(std::size_t step) const noexcept;
  Key alike(std::size_t step, const Share& share) const noexcept;
  static Key rounded(Key alike) noexcept;  // up, to powers of four
  SpreadTable* found(std::size_t step, const Key& key);
  bool takes(double bytes) noexcept;  // of the room, if there is so much
  double bytes_of(std::size_t step, std::size_t stages) const noexcept;
  void add_rows(std::size_t step);

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
