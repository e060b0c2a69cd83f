// Instances that share what they fetch, as NVlabs' Timeloop sees them: it looks at the spatial
// loops of one level at a time, though the levels on the way keep nothing of the tensor.
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/timeloop_walk.hpp>
#include <imbrex/toolkit/nests/windows.hpp>

namespace imbrex::nests {

class TimeloopStages {
 public:
  TimeloopStages(const TensorRanks& tensor, const Nest& nest, const Products& products,
                 const Windows& windows) noexcept
      : tensor_(tensor), nest_(nest), products_(products), windows_(windows) {}

  TimeloopWalk walk(const Tile& tile, std::size_t level) const noexcept {
    return {tensor_, nest_, products_, tile, level};
  }

  // Of the instances of the next level below one of level `level`, those whose tiles differ.
  std::int64_t distinct(std::size_t level, std::size_t role) const noexcept {
    return windows_.distinct_children(products_.spread[level][role], products_.spread_dims[level],
                                      level, level + 1);
  }

  // Link transfers: instances of level `child` take what a neighbour fetched one step before, and
  // level `outer` is read less. Only among those right below one instance: levels that keep nothing
  // undo the transfers below them.
  void hand_on(const Tile& tile, std::size_t role, std::size_t outer, std::size_t child,
               NestCounts& counts) const noexcept {
    const std::size_t stage = child - 1;
    const std::int64_t all = products_.spread[stage][role];
    const std::int64_t differ = distinct(stage, role);
    std::int64_t saved = 0;  // reads of level `stage`, if it were to keep the tensor
    std::int64_t links = 0;  // words over links below one of its instances
    walk(tile, child)
        .for_each_repeated([&](std::size_t rank, std::int64_t shift, std::int64_t words) {
          const Windows::Edge edge = windows_.edge(all, products_.spread_dims[stage], stage, rank,
                                                   shift < 0 ? -shift : shift);
          saved += words * (differ - edge.distinct);
          links += words * (nest_.fanout[stage] - nest_.fanout[stage] / edge.rows);
        });
    std::int64_t parents = 1;  // instances of level `stage`
    std::int64_t stages = 1;   // tiles that differ below one of level `outer`
    for (std::size_t l = 0; l < stage; ++l) {
      parents *= nest_.fanout[l];
      stages *= l >= outer ? distinct(l, role) : 1;
    }
    // The tool divides by all instances of the array what passes below one of level `stage`.
    const std::int64_t instances = parents * nest_.fanout[stage];
    counts.tensor[outer][role].reads -= saved * stages;
    TensorCounts& inside = counts.tensor[child][role];
    inside.handed_on = (2 * links + instances) / (2 * instances);
    inside.reads += inside.handed_on;
    inside.fills -= ceil_div(links * (parents - 1), instances);
  }

 private:
  const TensorRanks& tensor_;
  const Nest& nest_;
  const Products& products_;
  const Windows& windows_;
};

}  // namespace imbrex::nests
