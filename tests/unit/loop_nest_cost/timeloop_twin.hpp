// How the tool that counting `timeloop` is named after counts, followed box by box: one stage of
// spatial loops at a time, the first two iterations of every temporal loop, what an instance
// fetched compared with what its neighbours fetched one step before.
#pragma once

#include "timeloop_boxes.hpp"

#include <imbrex/toolkit/nests/counts.hpp>

#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace imbrex::nests {

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
      : hierarchy_(hierarchy), boxes_(problem, mapping, hierarchy.levels.size()) {}

  TensorCounts counts(std::size_t role, std::size_t level) const {
    const bool is_output = role == index(Role::outputs);
    TensorCounts counts{};
    counts.tile_words = words_of(boxes_.box(role, {}, boxes_.extent(level)));
    const StageWords inwards = read(role, level);
    const std::int64_t mine = level == 0 ? 0 : read(role, level - 1, level).fetched;
    if (is_output) {
      const std::int64_t ever = counts.tile_words * boxes_.different_tiles(role, level);
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
      const double peers = links / static_cast<double>(boxes_.instances(level));
      const double parent = links / static_cast<double>(boxes_.fanout(level - 1));
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
  std::size_t levels() const { return hierarchy_.levels.size(); }
  bool keeps(std::size_t role, std::size_t level) const {
    return (hierarchy_.levels[level].keep & keep_bit(role)) != 0;
  }

  // From a level to the next one inside that keeps the tensor, stage by stage from there outwards.
  StageWords read(std::size_t role, std::size_t level) const {
    std::size_t child = level + 1;
    while (child < levels() && !keeps(role, child)) {
      ++child;
    }
    StageWords words = read(role, child - 1, child);
    for (std::size_t stage = child - 1; stage-- > level;) {
      words.read *= static_cast<std::int64_t>(boxes_.different_children(role, stage).size());
    }
    return words;
  }

  // Between a level and the next, though neither need keep the tensor.
  StageWords read(std::size_t role, std::size_t stage, std::size_t child) const {
    StageWords words;
    Tracker tracker;
    std::map<Place, Box> before;
    const auto step = [&](const Coordinates& at, std::int64_t times) {
      const Box tile = boxes_.box(role, at, boxes_.extent(child));
      const Box fresh = child == levels() ? tile : tracker.fetch(tile);
      words.fetched += times * words_of(fresh);
      std::map<Place, Box> now;
      for (const auto& [place, offset] : boxes_.places(stage)) {
        now[place] = boxes_.shifted(role, fresh, offset);
      }
      exchange(now, before, times,
               child < levels() && hierarchy_.link_transfers && role != index(Role::outputs),
               words);
      before = std::move(now);
    };
    boxes_.walk(stage, 0, {}, 1, step);
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

  const Hierarchy& hierarchy_;
  NestBoxes boxes_;
};

}  // namespace imbrex::nests
