// The tiles of a loop nest as boxes, iteration by iteration and instance by instance.
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace imbrex::nests {

using Coordinates = std::array<std::int64_t, kDimCount>;
using Box = std::vector<std::pair<std::int64_t, std::int64_t>>;  // first and one past the last
using Place = std::vector<std::int64_t>;  // of an instance: the index of every spatial loop

struct Digit {
  Loop loop;
  std::int64_t stride = 1;
};

inline std::int64_t words_of(const Box& box) {
  std::int64_t words = box.empty() ? 0 : 1;
  for (const auto& [begin, end] : box) {
    words *= end - begin;
  }
  return words;
}

class NestBoxes {
 public:
  NestBoxes(const Problem& problem, const Mapping& mapping, std::size_t levels)
      : problem_(problem), extent_(levels + 1) {
    Coordinates reach{1, 1, 1, 1, 1, 1, 1, 1};
    extent_[levels] = reach;
    std::size_t i = mapping.count;
    for (std::size_t level = levels; level-- > 0;) {
      for (; i > 0 && mapping.loops[i - 1].level == level; --i) {
        const Loop& loop = mapping.loops[i - 1];
        std::int64_t& along = reach[imbrex::index(loop.dim)];
        digits_.insert(digits_.begin(), {loop, along});
        along *= loop.bound;
      }
      extent_[level] = reach;
    }
  }

  // Of one instance of a level; behind the last one a single MAC.
  const Coordinates& extent(std::size_t level) const { return extent_[level]; }

  // The first two iterations of all temporal loops down to a level; the second stands for the rest.
  template <class Step>
  void walk(std::size_t level, std::size_t i, Coordinates at, std::int64_t times,
            Step& step) const {
    while (i < digits_.size() && (digits_[i].loop.kind == LoopKind::spatial)) {
      ++i;
    }
    if (i == digits_.size() || digits_[i].loop.level > level) {
      step(at, times);
      return;
    }
    walk(level, i + 1, at, times, step);
    at[imbrex::index(digits_[i].loop.dim)] += digits_[i].stride;
    walk(level, i + 1, at, times * (digits_[i].loop.bound - 1), step);
  }

  // The instances below one of a level, with how far they are from the first.
  std::map<Place, Coordinates> places(std::size_t level) const {
    std::map<Place, Coordinates> all{{{}, {}}};
    for (const Digit& digit : digits_) {
      if (digit.loop.kind != LoopKind::spatial || digit.loop.level != level) {
        continue;
      }
      std::map<Place, Coordinates> next;
      for (const auto& [place, offset] : all) {
        for (std::int64_t i = 0; i < digit.loop.bound; ++i) {
          Place further = place;
          further.push_back(i);
          Coordinates at = offset;
          at[imbrex::index(digit.loop.dim)] += i * digit.stride;
          next[further] = at;
        }
      }
      all = std::move(next);
    }
    return all;
  }

  std::set<Box> different_children(std::size_t role, std::size_t level) const {
    std::set<Box> boxes;
    for (const auto& [place, offset] : places(level)) {
      boxes.insert(box(role, offset, extent_[level + 1]));
    }
    return boxes;
  }

  std::int64_t fanout(std::size_t level) const {
    return static_cast<std::int64_t>(places(level).size());
  }
  std::int64_t instances(std::size_t level) const {
    return level == 0 ? 1 : instances(level - 1) * fanout(level - 1);
  }

  // Tiles that one instance ever holds; all iterations that move it.
  std::int64_t different_tiles(std::size_t role, std::size_t level) const {
    std::set<Box> boxes{};
    std::vector<Coordinates> steps{{}};
    for (const Digit& digit : digits_) {
      if (digit.loop.kind != LoopKind::temporal || digit.loop.level >= level ||
          !moves(role, digit)) {
        continue;
      }
      std::vector<Coordinates> next;
      for (Coordinates at : steps) {
        for (std::int64_t i = 0; i < digit.loop.bound; ++i) {
          next.push_back(at);
          at[imbrex::index(digit.loop.dim)] += digit.stride;
        }
      }
      steps = std::move(next);
    }
    for (const Coordinates& at : steps) {
      boxes.insert(box(role, at, extent_[level]));
    }
    return static_cast<std::int64_t>(boxes.size());
  }

  Box box(std::size_t role, const Coordinates& at, const Coordinates& extent) const {
    Box box;
    const TensorRanks& tensor = problem_.tensor[role];
    for (std::size_t r = 0; r < tensor.count; ++r) {
      const Rank& rank = tensor.rank[r];
      std::int64_t begin = 0;
      std::int64_t reach = 0;
      for (std::size_t i = 0; i < 2; ++i) {
        begin += rank.factor[i] * at[rank.dim[i]];
        reach += rank.factor[i] * (extent[rank.dim[i]] - 1);
      }
      box.emplace_back(begin, begin + reach + 1);
    }
    return box;
  }

  Box shifted(std::size_t role, Box part, const Coordinates& offset) const {
    const Box by = box(role, offset, {1, 1, 1, 1, 1, 1, 1, 1});
    for (std::size_t r = 0; r < part.size(); ++r) {
      part[r].first += by[r].first;
      part[r].second += by[r].first;
    }
    return part;
  }

 private:
  bool moves(std::size_t role, const Digit& digit) const {
    Coordinates at{};
    at[imbrex::index(digit.loop.dim)] = digit.stride;
    return box(role, at, extent_.back()) != box(role, {}, extent_.back());
  }

  const Problem& problem_;
  std::vector<Digit> digits_;  // outermost first
  std::vector<Coordinates> extent_;
};

}  // namespace imbrex::nests
