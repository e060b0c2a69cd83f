// The slow twin of the counts: a walk through every step of every instance with explicit sets of
// points, of which those beyond the operator or its tensors do not exist.
#pragma once

#include "nest_steps.hpp"

#include <imbrex/toolkit/nests/counts.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace imbrex::nests {

class Walk {
 public:
  Walk(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping)
      : problem_(problem), hierarchy_(hierarchy), mapping_(mapping) {}

  // Of every instance of the level.
  std::vector<LevelWords> instances(std::size_t role, std::size_t level) const {
    std::vector<LevelWords> all;
    for (const Coordinates& parent : walk(mapping_, [&](const Loop& loop) {
           return loop.level < level && loop.kind == LoopKind::spatial;
         })) {
      all.push_back(words_of(role, level, parent));
    }
    return all;
  }

  LevelWords words(std::size_t role, std::size_t level) const {
    LevelWords sum;
    for (const LevelWords& one : instances(role, level)) {
      sum.read += one.read;
      sum.written += one.written;
    }
    return sum;
  }

  // Of the first instance, as the closed forms of whole tiles count it.
  TensorCounts counts(std::size_t role, std::size_t level) const {
    TensorCounts counts{};
    const std::vector<Points> mine = history(role, level, {});
    const auto tile_words = static_cast<std::int64_t>(mine.front().size());
    const Turnover turnover = turnover_of(role, level, mine);
    const std::int64_t handed = exchanged(role, level, {});
    counts.tile_words = tile_words;
    if (role != index(Role::outputs)) {
      counts.reads = handed;
      counts.fills = turnover.entered;
      return counts;
    }
    counts.updates = handed;
    counts.reads = handed - turnover.ever + turnover.entered;
    counts.fills = level == 0 ? 0 : turnover.entered - turnover.ever;
    return counts;
  }

  // Steps in which any MAC works: then the first one does.
  std::int64_t steps() const {
    const auto all =
        walk(mapping_, [](const Loop& loop) { return loop.kind == LoopKind::temporal; });
    return std::count_if(all.begin(), all.end(), [&](const Coordinates& at) { return works(at); });
  }

 private:
  // Words that enter an instance step by step, and the different ones among them.
  struct Turnover {
    std::int64_t entered = 0;  // 0 in the outermost level, which holds everything
    std::int64_t ever = 0;
  };
  Turnover turnover_of(std::size_t role, std::size_t level,
                       const std::vector<Points>& tiles) const {
    Turnover turnover;
    Points seen;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      const Points before = t == 0 ? Points{} : tiles[t - 1];
      turnover.entered += level == 0 ? 0 : existing(role, minus(tiles[t], before));
      seen.insert(tiles[t].begin(), tiles[t].end());
    }
    turnover.ever = existing(role, seen);
    return turnover;
  }

  LevelWords words_of(std::size_t role, std::size_t level, const Coordinates& instance) const {
    const std::int64_t handed = exchanged(role, level, instance);
    const auto [entered, ever] = turnover_of(role, level, history(role, level, instance));
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    if (role != index(Role::outputs)) {
      return {number(handed), number(entered)};
    }
    return {number(handed - ever + entered), number(handed + (level == 0 ? 0 : entered - ever))};
  }

  bool works(const Coordinates& at) const {
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if (at[d] >= problem_.bounds.bound[d]) {
        return false;
      }
    }
    return true;
  }
  Point point_of(std::size_t role, const Coordinates& at) const {
    Point point;
    const TensorRanks& tensor = problem_.tensor[role];
    for (std::size_t r = 0; r < tensor.count; ++r) {
      const Rank& rank = tensor.rank[r];
      point.push_back(rank.offset + rank.factor[0] * at[rank.dim[0]] +
                      rank.factor[1] * at[rank.dim[1]]);
    }
    return point;
  }
  std::int64_t existing(std::size_t role, const Points& points) const {
    std::int64_t count = 0;
    for (const Point& point : points) {
      bool there = true;
      for (std::size_t r = 0; r < point.size(); ++r) {
        const std::int64_t extent = problem_.tensor[role].rank[r].extent;
        there = there && (extent == 0 || (point[r] >= 0 && point[r] < extent));
      }
      count += there ? 1 : 0;
    }
    return count;
  }

  // Tiles of one instance, one per step of the loops above its level; it keeps its tile while it
  // has nothing to do.
  std::vector<Points> history(std::size_t role, std::size_t level,
                              const Coordinates& instance) const {
    const auto inside = walk(mapping_, [&](const Loop& loop) { return loop.level >= level; });
    const auto steps = walk(mapping_, [&](const Loop& loop) {
      return loop.level < level && loop.kind == LoopKind::temporal;
    });
    std::vector<Points> tiles;
    for (const Coordinates& step : steps) {
      Points tile = tiles.empty() ? Points{} : tiles.back();
      if (works(plus(step, instance))) {
        tile.clear();
        for (const Coordinates& offset : inside) {
          const Coordinates at = plus(plus(step, offset), instance);
          if (works(at)) {
            tile.insert(point_of(role, at));
          }
        }
      } else if (level == hierarchy_.levels.size()) {
        tile.clear();  // a MAC keeps nothing
      }
      tiles.push_back(std::move(tile));
    }
    return tiles;
  }

  std::int64_t exchanged(std::size_t role, std::size_t level, const Coordinates& parent) const {
    std::size_t child = level + 1;
    while (child < hierarchy_.levels.size() &&
           (hierarchy_.levels[child].keep & keep_bit(role)) == 0) {
      ++child;
    }
    const bool is_mac = child == hierarchy_.levels.size();
    std::vector<std::vector<Points>> tiles;
    for (const Coordinates& offset : walk(mapping_, [&](const Loop& loop) {
           return loop.level >= level && loop.level < child && loop.kind == LoopKind::spatial;
         })) {
      tiles.push_back(history(role, child, plus(parent, offset)));
    }
    std::int64_t words = 0;
    for (std::size_t t = 0; t < tiles.front().size(); ++t) {
      std::set<Points> different;
      for (const std::vector<Points>& one : tiles) {
        different.insert(t == 0 || is_mac ? one[t] : minus(one[t], one[t - 1]));
      }
      for (const Points& points : different) {
        words += existing(role, points);
      }
    }
    return words;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const Mapping& mapping_;
};

}  // namespace imbrex::nests
