// How many copies of its weights each operator of one segment gets, so that the slowest finishes
// early (specification compass section 6). Pure. [any thread]
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::segments {

// An operator inside a segment.
struct ReplicatedLayer {
  std::int64_t windows = 1;  // positions per sample; copies share them
  std::int64_t units = 1;    // resources[0] of one copy of what the segment holds of it
  // Of this layer; 0: no limit of its own. 1 where its windows wait for one another
  // (`Operator::chain`).
  std::int64_t most_copies = 0;
};

// Least possible max over the layers of ceil(windows / copies), within `capacity` units and at most
// `most_copies` each (0: no limit); writes the fewest copies that reach it. Exact, by binary
// search: feasibility is monotone. O(layers * log windows). Requires: one copy of everything fits,
// copies.size() == layers.size(), windows and units >= 1.
std::int64_t balance_copies(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
                            std::int64_t most_copies, std::span<std::int64_t> copies) noexcept;

// `balance_copies` of layers that come one after another, as those of a span do that grows: how
// fast the slowest is can only fall. Looks at layers with equally many windows together, and at all
// of them only when a new one does not fit beside the copies that the others had.
class GrowingBalance {
 public:
  GrowingBalance(std::int64_t capacity, std::int64_t most_copies)
      : capacity_(capacity), most_copies_(most_copies) {}

  void clear() noexcept;
  // Units that join a layer later are added as a layer with the same windows. Requires: one copy of
  // everything so far fits. O(kinds of layers), when they get fewer copies times log windows.
  void add(const ReplicatedLayer& layer);

  // Windows per copy of the slowest: what `balance_copies` returns for all layers so far. Each has
  // ceil(windows / slowest) copies.
  std::int64_t slowest() const noexcept { return slowest_; }
  // Of all copies.
  std::int64_t used() const noexcept { return used_; }

 private:
  struct Kind {
    std::int64_t windows = 1;
    std::int64_t units = 0;  // of one copy of each layer with so many windows
  };
  // Units of all copies with so many windows each; more than `capacity_` when they do not fit.
  std::int64_t used_with(std::int64_t slowest) const noexcept;

  std::int64_t capacity_;
  std::int64_t most_copies_;
  std::vector<Kind> kinds_;  // by windows
  std::int64_t slowest_ = 1;
  std::int64_t used_ = 0;
};

// The heuristic of PIMCOMP's "balance" mode: one more copy for the layer with the most windows per
// copy, until that does not fit or less than `spare_margin` times the units of layers with more
// than one window would stay free. Layers with one window stay single. Never better than
// `balance_copies`; same requirements. O(total copies * log layers).
std::int64_t heap_copies(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
                         std::int64_t most_copies, double spare_margin,
                         std::span<std::int64_t> copies);

}  // namespace imbrex::segments
