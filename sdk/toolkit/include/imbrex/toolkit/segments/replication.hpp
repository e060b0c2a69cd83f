// How many copies of its weights each operator of one segment gets, so that the slowest finishes
// early (specification compass section 6). Pure. [any thread]
#pragma once

#include <cstdint>
#include <span>

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

// The heuristic of PIMCOMP's "balance" mode: one more copy for the layer with the most windows per
// copy, until that does not fit or less than `spare_margin` times the units of layers with more
// than one window would stay free. Layers with one window stay single. Never better than
// `balance_copies`; same requirements. O(total copies * log layers).
std::int64_t heap_copies(std::span<const ReplicatedLayer> layers, std::int64_t capacity,
                         std::int64_t most_copies, double spare_margin,
                         std::span<std::int64_t> copies);

}  // namespace imbrex::segments
