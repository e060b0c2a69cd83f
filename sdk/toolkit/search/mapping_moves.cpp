#include "search/mapping_moves.hpp"

#include <algorithm>
#include <vector>

namespace imbrex::search {
namespace {

constexpr Dim kStreamed[] = {Dim::N, Dim::P, Dim::Q};

int streaming_rank(Dim d) noexcept {
  const auto at = std::find(std::begin(kStreamed), std::end(kStreamed), d);
  return static_cast<int>(at - std::begin(kStreamed));
}

bool belongs(const Loop& loop, const MapSlot& slot) noexcept {
  return loop.level == slot.level && loop.kind == slot.kind;
}

// Lays the loops out slot by slot, those that stream outermost where the order is free.
Mapping laid_out(const MapSpaceSpec& spec, const std::vector<Loop>& loops) {
  Mapping mapping;
  for (const MapSlot& slot : spec.slots) {
    std::vector<Loop> inside;
    std::copy_if(loops.begin(), loops.end(), std::back_inserter(inside),
                 [&](const Loop& loop) { return belongs(loop, slot) && loop.bound > 1; });
    if (slot.outer && slot.ordered) {
      std::stable_sort(inside.begin(), inside.end(), [](const Loop& a, const Loop& b) {
        return streaming_rank(a.dim) < streaming_rank(b.dim);
      });
    }
    for (const Loop& loop : inside) {
      mapping.loops[mapping.count++] = loop;
      mapping.outer = static_cast<std::uint8_t>(mapping.outer + (slot.outer ? 1 : 0));
      mapping.job_extent[index(loop.dim)] *= slot.outer ? 1 : loop.bound;
    }
  }
  return mapping;
}

// A divisor of `value` above 1.
std::int64_t random_divisor(std::int64_t value, Random& random) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t divisor = 2; divisor <= value; ++divisor) {
    if (value % divisor == 0) {
      divisors.push_back(divisor);
    }
  }
  return divisors[random.below(divisors.size())];
}

// Takes a factor of a temporal loop inside the jobs and makes it steps.
void cut_finer(const MapSpaceSpec& spec, std::vector<Loop>& loops, Random& random) {
  const auto steps = std::find_if(spec.slots.begin(), spec.slots.end(), [](const MapSlot& slot) {
    return slot.outer && slot.ordered && slot.kind == LoopKind::temporal;
  });
  if (steps == spec.slots.end()) {
    return;
  }
  for (const Dim d : {Dim::P, Dim::Q, Dim::N}) {
    for (Loop& loop : loops) {
      const auto slot = std::find_if(spec.slots.begin(), spec.slots.end(),
                                     [&](const MapSlot& s) { return belongs(loop, s); });
      if (loop.dim != d || slot->outer || slot->kind != LoopKind::temporal || loop.bound == 1) {
        continue;
      }
      const std::int64_t factor = random_divisor(loop.bound, random);
      loop.bound /= factor;
      const auto same = std::find_if(loops.begin(), loops.end(), [&](const Loop& other) {
        return other.dim == d && belongs(other, *steps);
      });
      if (same != loops.end()) {
        same->bound *= factor;
      } else {
        loops.push_back({d, steps->kind, steps->level, factor});
      }
      return;
    }
  }
}

}  // namespace

Mapping row_by_row(const mapspace::MapSpace& space, const Mapping& mapping, Random& random) {
  const MapSpaceSpec& spec = space.spec();
  std::vector<Loop> loops(mapping.loops.begin(), mapping.loops.begin() + mapping.count);
  std::vector<Loop> finer = loops;
  cut_finer(spec, finer, random);
  for (const std::vector<Loop>* const attempt : {&finer, &loops}) {
    if (attempt->size() > kMaxLoops) {
      continue;
    }
    const Mapping result = laid_out(spec, *attempt);
    if (space.contains(result)) {
      return result;
    }
  }
  return mapping;
}

}  // namespace imbrex::search
