// Counting `timeloop` against that tool's own procedure, followed box by box: one stage of spatial
// loops at a time, the first two iterations of every temporal loop, what an instance fetched
// compared with what its neighbours fetched one step before. Nests have two fan-outs in a row,
// between which levels may keep nothing.
#include "counts.hpp"

#include <imbrex/random.hpp>

#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::loop_nest {
namespace {

constexpr std::size_t kLevels = 4;

using Coordinates = std::array<std::int64_t, kDimCount>;
using Box = std::vector<std::pair<std::int64_t, std::int64_t>>;  // first and one past the last
using Place = std::vector<std::int64_t>;  // of an instance: the index of every spatial loop

struct Digit {
  Loop loop;
  std::int64_t stride = 1;
};

std::int64_t words_of(const Box& box) {
  std::int64_t words = box.empty() ? 0 : 1;
  for (const auto& [begin, end] : box) {
    words *= end - begin;
  }
  return words;
}

// What one instance fetches when its tile moves: a box, empty if nothing. `direction`: along which
// coordinate it slid, and whether back; kept from one move to the next.
class Tracker {
 public:
  Box fetch(const Box& now) {
    const Box before = std::exchange(before_, now);
    if (before.empty()) {
      return now;
    }
    std::vector<std::size_t> differ;
    bool overlaps = true;
    for (std::size_t r = 0; r < now.size(); ++r) {
      if (now[r] != before[r]) {
        differ.push_back(r);
      }
      overlaps = overlaps && now[r].first < before[r].second && before[r].first < now[r].second;
    }
    if (differ.empty()) {
      direction_ = 0;
      return {};
    }
    const bool slides = overlaps && differ.size() == 1;
    const bool back = now[differ[0]].first < before[differ[0]].first;
    const int towards = slides ? static_cast<int>(differ[0] + 1) * (back ? -1 : 1) : 0;
    if (!slides || (direction_ != 0 && direction_ != towards)) {
      direction_ = 0;
      return now;
    }
    direction_ = towards;
    Box fresh = now;
    (back ? fresh[differ[0]].second : fresh[differ[0]].first) =
        back ? before[differ[0]].first : before[differ[0]].second;
    return fresh;
  }

 private:
  Box before_;
  int direction_ = 0;
};

struct StageWords {
  std::int64_t read = 0;     // by one instance of the level, for those right below it
  std::int64_t links = 0;    // taken from neighbours instead
  std::int64_t fetched = 0;  // by one of those below
};

class TimeloopTwin {
 public:
  TimeloopTwin(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping)
      : problem_(problem), hierarchy_(hierarchy) {
    Coordinates reach{1, 1, 1, 1, 1, 1, 1, 1};
    extent_[kLevels] = reach;
    std::size_t i = mapping.count;
    for (std::size_t level = kLevels; level-- > 0;) {
      for (; i > 0 && mapping.loops[i - 1].level == level; --i) {
        const Loop& loop = mapping.loops[i - 1];
        std::int64_t& along = reach[imbrex::index(loop.dim)];
        digits_.insert(digits_.begin(), {loop, along});
        along *= loop.bound;
      }
      extent_[level] = reach;
    }
  }

  TensorCounts counts(std::size_t role, std::size_t level) const {
    const bool is_output = role == index(Role::outputs);
    TensorCounts counts{};
    counts.tile_words = words_of(box(role, {}, extent_[level]));
    const StageWords inwards = read(role, level);
    const std::int64_t mine = level == 0 ? 0 : read(role, level - 1, level).fetched;
    if (is_output) {
      const std::int64_t ever = counts.tile_words * different_tiles(role, level);
      counts.updates = inwards.read;
      counts.reads = inwards.read - ever;
      counts.fills = level == 0 ? 0 : mine - ever;
      return counts;
    }
    counts.reads = inwards.read;
    counts.fills = mine;
    if (level > 0) {
      // Links are counted below one parent, but divided by all instances of the level.
      const auto links = static_cast<double>(read(role, level - 1, level).links);
      const double peers = links / static_cast<double>(instances(level));
      const double parent = links / static_cast<double>(fanout(level - 1));
      counts.reads = std::llround(static_cast<double>(counts.reads) + peers);
      counts.fills = static_cast<std::int64_t>(
          std::floor(static_cast<double>(counts.fills) - parent + peers + 1e-6));
    }
    return counts;
  }

  bool has_links(std::size_t role, std::size_t level) const {
    return read(role, level - 1, level).links > 0;
  }

 private:
  bool keeps(std::size_t role, std::size_t level) const {
    return (hierarchy_.levels[level].keep & keep_bit(role)) != 0;
  }

  // From a level to the next one inside that keeps the tensor, stage by stage from there outwards.
  StageWords read(std::size_t role, std::size_t level) const {
    std::size_t child = level + 1;
    while (child < kLevels && !keeps(role, child)) {
      ++child;
    }
    StageWords words = read(role, child - 1, child);
    for (std::size_t stage = child - 1; stage-- > level;) {
      words.read *= static_cast<std::int64_t>(different_children(role, stage).size());
    }
    return words;
  }

  // Between a level and the next, though neither need keep the tensor.
  StageWords read(std::size_t role, std::size_t stage, std::size_t child) const {
    StageWords words;
    Tracker tracker;
    std::map<Place, Box> before;
    const auto step = [&](const Coordinates& at, std::int64_t times) {
      const Box tile = box(role, at, extent_[child]);
      const Box fresh = child == kLevels ? tile : tracker.fetch(tile);
      words.fetched += times * words_of(fresh);
      std::map<Place, Box> now;
      for (const auto& [place, offset] : places(stage)) {
        now[place] = shifted(role, fresh, offset);
      }
      exchange(now, before, times, child < kLevels && hierarchy_.link_transfers &&
                                       role != index(Role::outputs),
               words);
      before = std::move(now);
    };
    walk(stage, 0, {}, 1, step);
    return words;
  }

  static void exchange(const std::map<Place, Box>& now, const std::map<Place, Box>& before,
                       std::int64_t times, bool links, StageWords& words) {
    std::set<Box> all;
    std::set<Box> rest;
    std::int64_t linked = 0;
    for (const auto& [place, box] : now) {
      all.insert(box);
      const bool is_linked = links && !box.empty() && neighbour_had(place, box, before);
      linked += is_linked ? words_of(box) : 0;
      if (!is_linked) {
        rest.insert(box);
      }
    }
    const std::int64_t each = words_of(now.begin()->second);
    const bool pays = rest.size() < all.size();
    words.read += times * each * static_cast<std::int64_t>((pays ? rest : all).size());
    words.links += pays ? times * linked : 0;
  }

  static bool neighbour_had(Place place, const Box& box, const std::map<Place, Box>& before) {
    for (std::int64_t& index : place) {
      for (const std::int64_t by : {-1, 1}) {
        index += by;
        const auto found = before.find(place);
        index -= by;
        if (found != before.end() && found->second == box) {
          return true;
        }
      }
    }
    return false;
  }

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

  // Tiles that one instance ever holds; all iterations.
  std::int64_t different_tiles(std::size_t role, std::size_t level) const {
    std::set<Box> boxes{};
    std::vector<Coordinates> steps{{}};
    for (const Digit& digit : digits_) {
      if (digit.loop.kind != LoopKind::temporal || digit.loop.level >= level) {
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

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  std::vector<Digit> digits_;  // outermost first
  std::array<Coordinates, kLevels + 1> extent_{};
};

Problem random_convolution(Random& random) {
  Problem problem;
  problem.mappable = true;
  const auto one = [](Dim dim) { return Rank{{imbrex::index(dim), 0}, {1, 0}, 1}; };
  const auto window = [&](Dim slide, Dim tap) {
    return Rank{{imbrex::index(slide), imbrex::index(tap)},
                {random.below(3) == 0 ? 2 : 1, random.below(3) == 0 ? 2 : 1},
                1};
  };
  for (const Dim dim : {Dim::K, Dim::C, Dim::R, Dim::S}) {
    problem.tensor[index(Role::weights)].add(one(dim));
  }
  problem.tensor[index(Role::inputs)].add(one(Dim::C));
  problem.tensor[index(Role::inputs)].add(window(Dim::P, Dim::R));
  problem.tensor[index(Role::inputs)].add(window(Dim::Q, Dim::S));
  for (const Dim dim : {Dim::K, Dim::P, Dim::Q}) {
    problem.tensor[index(Role::outputs)].add(one(dim));
  }
  return problem;
}

// Loops of 2 to 4 over the dimensions of windows mostly; levels 1 and 2 fan out.
Mapping random_mapping(Random& random, Problem& problem) {
  Mapping mapping;
  std::int64_t points = 1;
  for (std::uint8_t level = 0; level < kLevels; ++level) {
    for (const LoopKind kind : {LoopKind::temporal, LoopKind::spatial}) {
      const bool fans_out = level == 1 || level == 2;
      if (kind == LoopKind::spatial && !fans_out) {
        continue;
      }
      for (std::int64_t i = random.between(0, level >= 2 ? 2 : 3); i > 0; --i) {
        constexpr Dim kDims[] = {Dim::P, Dim::R, Dim::P, Dim::R, Dim::Q, Dim::S, Dim::K, Dim::C};
        const Loop loop{kDims[random.below(level == 3 ? 8 : 6)], kind, level, random.between(2, 4)};
        if (points * loop.bound <= 10'000) {
          points *= loop.bound;
          problem.bounds[loop.dim] *= loop.bound;
          mapping.loops[mapping.count++] = loop;
        }
      }
    }
  }
  return mapping;
}

Hierarchy random_hierarchy(Random& random) {
  Hierarchy hierarchy;
  hierarchy.counting = Counting::timeloop;
  hierarchy.link_transfers = random.below(4) != 0;
  hierarchy.levels.resize(kLevels);
  for (Level& level : hierarchy.levels) {
    level.fanout = 1 << 20;
    level.keep = static_cast<KeepMask>(random.between(0, 7));
  }
  hierarchy.levels[0].keep = 0b111;
  hierarchy.levels[2].keep = random.below(3) == 0 ? hierarchy.levels[2].keep : KeepMask{0};
  return hierarchy;
}

TEST(TimeloopTwin, ClosedFormsEqualTheToolsProcedure) {
  constexpr std::uint64_t kSeed = 20'251'129;
  constexpr std::uint64_t kTrials = 4000;
  std::uint64_t linked = 0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    Problem problem = random_convolution(random);
    const Hierarchy hierarchy = random_hierarchy(random);
    const Mapping mapping = random_mapping(random, problem);
    const NestCounts counts = count(problem, hierarchy, mapping);
    ASSERT_EQ(counts.verdict, Verdict::feasible);
    const TimeloopTwin twin(problem, hierarchy, mapping);
    for (std::size_t level = 0; level < kLevels; ++level) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        if ((hierarchy.levels[level].keep & keep_bit(role)) == 0) {
          continue;
        }
        SCOPED_TRACE("level " + std::to_string(level) + ", tensor " + std::to_string(role));
        const TensorCounts want = twin.counts(role, level);
        const TensorCounts& got = counts.tensor[level][role];
        ASSERT_EQ(got.tile_words, want.tile_words);
        ASSERT_EQ(got.reads, want.reads);
        ASSERT_EQ(got.fills, want.fills);
        ASSERT_EQ(got.updates, want.updates);
        linked += level > 0 && twin.has_links(role, level) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(linked, 100u) << "trials must reach link transfers";
}

}  // namespace
}  // namespace imbrex::loop_nest
