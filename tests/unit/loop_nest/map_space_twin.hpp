// Everything that could be a mapping of a space over K, C and P, filtered by what the space
// contains.
#pragma once

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace imbrex::test {

using Key = std::vector<std::int64_t>;

inline Key key_of(const Mapping& mapping) {
  Key key{mapping.count, mapping.outer};
  for (const Loop& loop : mapping.all_loops()) {
    key.insert(key.end(), {static_cast<std::int64_t>(loop.dim),
                           static_cast<std::int64_t>(loop.kind), loop.level, loop.bound});
  }
  key.insert(key.end(), mapping.job_extent.begin(), mapping.job_extent.end());
  return key;
}

inline bool by_dim(const Loop& a, const Loop& b) {
  return a.dim < b.dim;
}

using SlotLoops = std::vector<std::vector<Loop>>;  // of each slot

inline Mapping mapping_of(const MapSpaceSpec& spec, const SlotLoops& slots) {
  Mapping mapping;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    for (const Loop& loop : slots[s]) {
      mapping.loops[mapping.count++] = loop;
      mapping.outer = static_cast<std::uint8_t>(mapping.outer + (spec.slots[s].outer ? 1 : 0));
      mapping.job_extent[index(loop.dim)] *= spec.slots[s].outer ? 1 : loop.bound;
    }
  }
  return mapping;
}

// All combinations of permutations; false behind the last one, which is followed by the first.
inline bool next_order(SlotLoops& slots) {
  std::size_t s = 0;
  while (s < slots.size() && !std::next_permutation(slots[s].begin(), slots[s].end(), by_dim)) {
    ++s;
  }
  return s < slots.size();
}

// Every way to give each (dimension, slot) a bound up to the dimension's, in every order of the
// loops of a slot, that `contains` accepts.
inline std::set<Key> enumerate(const mapspace::MapSpace& space) {
  const MapSpaceSpec& spec = space.spec();
  const std::vector<Dim> dims{Dim::K, Dim::C, Dim::P};
  std::set<Key> found;
  std::vector<std::int64_t> bound(dims.size() * spec.slots.size(), 1);
  for (;;) {
    SlotLoops slots(spec.slots.size());
    for (std::size_t i = 0; i < bound.size(); ++i) {
      const std::size_t s = i % spec.slots.size();
      if (bound[i] > 1) {
        slots[s].push_back(
            {dims[i / spec.slots.size()], spec.slots[s].kind, spec.slots[s].level, bound[i]});
      }
    }
    for (std::vector<Loop>& loops : slots) {
      std::sort(loops.begin(), loops.end(), by_dim);
    }
    do {
      const Mapping mapping = mapping_of(spec, slots);
      if (space.contains(mapping)) {
        found.insert(key_of(mapping));
      }
    } while (next_order(slots));
    std::size_t i = 0;
    while (i < bound.size() && ++bound[i] > spec.bounds[dims[i / spec.slots.size()]]) {
      bound[i++] = 1;
    }
    if (i == bound.size()) {
      return found;
    }
  }
}

}  // namespace imbrex::test
