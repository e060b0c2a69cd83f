#include "spread.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace imbrex::loop_nest {
namespace {

// The programme divides all the time, and short numbers divide several times faster.
using Short = std::uint32_t;

Short largest_divisor(Short value, Short limit) noexcept {
  for (Short d = std::min(value, limit); d > 1; --d) {
    if (value % d == 0) {
      return d;
    }
  }
  return 1;
}

using Rooms = std::array<Short, kMaxLevels>;

constexpr Short parts(Short extent, Short share) noexcept {
  return (extent + share - 1) / share;
}
// The smallest share that leaves as much as `share` does.
constexpr Short needed_for(Short extent, Short share) noexcept {
  return parts(extent, parts(extent, share));
}
Short short_of(std::int64_t value) noexcept {
  return static_cast<Short>(std::clamp<std::int64_t>(value, 1, INT32_MAX));
}

// What a choice for the first dimensions leaves in every slot, and the fewest steps that get there.
struct State {
  Rooms room{};
  Rooms share{};  // of the last of those dimensions
  std::int64_t steps = 1;
  std::uint32_t from = 0;  // state of the dimension before
};

// The states of one dimension, found by their rooms.
class Layer {
 public:
  Layer() : at_(kSlots, kNone) {}

  void add(const State& state) {
    std::size_t slot = hash_of(state.room);
    for (; at_[slot] != kNone; slot = (slot + 1) % kSlots) {
      State& known = states_[at_[slot]];
      if (known.room == state.room) {
        if (state.steps < known.steps) {
          known = state;
        }
        return;
      }
    }
    if (states_.size() < kSpreadStates) {
      at_[slot] = static_cast<std::uint32_t>(states_.size());
      states_.push_back(state);
    }
  }
  const std::vector<State>& states() const noexcept { return states_; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kSlots = 2 * kSpreadStates;

  std::size_t hash_of(const Rooms& room) const noexcept {
    std::uint64_t hash = 0;
    for (const Short value : room) {
      hash = (hash + value) * 0x9e3779b97f4a7c15ull;
    }
    return static_cast<std::size_t>(hash >> 40) % kSlots;
  }

  std::vector<State> states_;
  std::vector<std::uint32_t> at_;
};

class Programme {
 public:
  Programme(const SpreadProblem& problem, const Spread& good) : problem_(problem), best_(good) {
    steps_to_beat_ = 1;
    for (const Dim dim : problem.slots.front().order) {
      if (can_share(dim) && problem.extent[index(dim)] > 1) {
        dims_.push_back(dim);
        steps_to_beat_ *= best_.left[index(dim)];
      }
    }
    work_behind_.assign(dims_.size() + 1, 1);
    for (std::size_t d = dims_.size(); d-- > 0;) {
      work_behind_[d] = work_behind_[d + 1] * static_cast<double>(problem.extent[index(dims_[d])]);
    }
  }

  Spread solve() {
    std::vector<Layer> layers;
    State all;
    all.room.fill(1);
    for (std::size_t s = 0; s < problem_.slots.size(); ++s) {
      all.room[s] = short_of(problem_.slots[s].fanout);
    }
    std::vector<State> states{all};
    if (!may_win(all, 1, 0)) {
      return best_;
    }
    for (std::size_t d = 0; d < dims_.size(); ++d) {
      Layer next;
      const std::vector<State>& now = d == 0 ? states : layers.back().states();
      for (std::uint32_t i = 0; i < now.size(); ++i) {
        State state = now[i];
        state.from = i;
        state.share.fill(1);
        choose(d, 0, short_of(problem_.extent[index(dims_[d])]), state, next);
      }
      layers.push_back(std::move(next));
    }
    return traced(layers);
  }

 private:
  bool can_share(Dim dim) const noexcept {
    return std::any_of(problem_.slots.begin(), problem_.slots.end(),
                       [dim](const SpreadSlot& slot) { return slot.most[index(dim)] > 1; });
  }

  // Could it take fewer steps than the best known if the dimensions from `d` on, and what is left
  // of the one before, filled the rooms perfectly?
  bool may_win(const State& state, std::int64_t left, std::size_t d) const noexcept {
    const double most = static_cast<double>(steps_to_beat_) - 0.5;
    double room = 1;
    for (std::size_t s = 0; s < problem_.slots.size(); ++s) {
      room *= state.room[s];
    }
    return static_cast<double>(state.steps * left) * work_behind_[d] <= most * room;
  }

  // Of all shares that leave the same room the largest leaves the fewest iterations.
  void choose(std::size_t d, std::size_t slot, Short left, State& state, Layer& next) {
    if (slot == problem_.slots.size()) {
      if (state.steps * left < steps_to_beat_) {
        State done = state;
        done.steps *= left;
        next.add(done);
      }
      return;
    }
    const Short room = state.room[slot];
    Short share = std::min({room, left, short_of(problem_.slots[slot].most[index(dims_[d])])});
    while (share > 0) {
      const Short useful =
          problem_.divides ? largest_divisor(left, share) : needed_for(left, share);
      const Short rest = parts(left, useful);
      state.share[slot] = useful;
      state.room[slot] = room / useful;
      if (may_win(state, rest, d + 1)) {
        choose(d, slot + 1, rest, state, next);
      }
      // A smaller divisor leaves other ones, so none may be passed over.
      share = problem_.divides ? useful - 1 : room / (state.room[slot] + 1);
    }
    state.room[slot] = room;
  }

  Spread traced(const std::vector<Layer>& layers) const {
    if (dims_.empty() || layers.back().states().empty()) {
      return best_;
    }
    const std::vector<State>& last = layers.back().states();
    const State* state = &*std::min_element(
        last.begin(), last.end(), [](const State& a, const State& b) { return a.steps < b.steps; });
    Spread spread(problem_.extent);
    for (std::size_t d = dims_.size(); d-- > 0;) {
      const std::size_t dim = index(dims_[d]);
      for (std::size_t s = 0; s < problem_.slots.size(); ++s) {
        spread.share[s][dim] = state->share[s];
        spread.left[dim] = ceil_div(spread.left[dim], std::int64_t{state->share[s]});
      }
      state = d > 0 ? &layers[d - 1].states()[state->from] : nullptr;
    }
    spread.steps = product_of(spread.left);
    return spread;
  }

  const SpreadProblem& problem_;
  Spread best_;
  std::int64_t steps_to_beat_ = 1;  // of the dimensions that may be shared
  std::vector<Dim> dims_;
  std::vector<double> work_behind_;  // product of the extents from each dimension on
};

}  // namespace

std::int64_t product_of(const Extents& extents) noexcept {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents) {
    product *= extent;
  }
  return product;
}

Spread::Spread(const Extents& extent) noexcept : left(extent), steps(product_of(extent)) {
  for (Extents& slot : share) {
    slot.fill(1);
  }
}

Spread greedy_spread(const SpreadProblem& problem) {
  Spread spread(problem.extent);
  for (std::size_t s = problem.slots.size(); s-- > 0;) {
    const SpreadSlot& slot = problem.slots[s];
    std::int64_t room = slot.fanout;
    for (const Dim dim : slot.order) {
      const std::size_t d = index(dim);
      std::int64_t& left = spread.left[d];
      const Short most = short_of(std::min({room, left, slot.most[d]}));
      const Short share = problem.divides ? largest_divisor(short_of(left), most)
                                          : needed_for(short_of(left), most);
      spread.share[s][d] = share;
      left = ceil_div(left, std::int64_t{share});
      room /= share;
    }
  }
  spread.steps = product_of(spread.left);
  return spread;
}

Spread fewest_steps(const SpreadProblem& problem, const Spread& good) {
  const bool is_short = std::all_of(problem.extent.begin(), problem.extent.end(),
                                    [](std::int64_t extent) { return extent <= INT32_MAX; });
  return problem.slots.empty() || !is_short ? good : Programme(problem, good).solve();
}

}  // namespace imbrex::loop_nest
