#include "optimum/search.hpp"

#include <algorithm>
#include <cmath>

namespace imbrex::optimum {

// All tiles that the slot of the step's temporal loops allows.
void Search::collect(const Node& node, const Share& share, std::vector<Choice>& choices) {
  const Lattice& lattice = parts_.lattice;
  const Step& step = parts_.layout.steps[node.step];
  const Slot& slot = parts_.layout.temporal[step.from];
  const bool is_last = step.to == parts_.boundaries.levels();
  const Sharing sharing(parts_, node, share);
  TileWalk walk{sharing, node, {}, {}, energy_limit(node, share), {}, 0, {}};
  walk.choice.share = &share;
  walk.choice.tile = share.rest;
  std::size_t stage = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    for (std::size_t r = 0; r <= (is_last ? 0 : share.rest[d]); ++r) {
      const std::uint8_t loop = lattice.quotient(d, share.rest[d], r);
      if (loop != kNoDivisor && slot.allows(d, lattice.divisor(d, loop))) {
        walk.allowed[d].push_back(static_cast<std::uint8_t>(r));
      }
    }
    if (walk.allowed[d].empty()) {
      return;
    }
    stage += parts_.tables.is_split(node.step, d) ? 1 : 0;
    if (walk.allowed[d].size() > 1) {
      walk.dim[walk.dims] = d;
      walk.stage[walk.dims++] = stage;
    } else {
      walk.choice.tile[d] = walk.allowed[d].front();
    }
  }
  walk.choice.code = lattice.code(walk.choice.tile);
  collect(walk, walk.dims, choices);
}

// The first `dims` of those that are walked, the last of them first.
void Search::collect(TileWalk& walk, std::size_t dims, std::vector<Choice>& choices) {
  ++answer_.states;
  const double inside = dims > 0 ? energy_inside(walk.node, walk.choice.code, walk.stage[dims - 1])
                                 : energy_inside(walk.node, walk.choice.code);
  if (walk.node.loads.energy_pj + inside >= walk.most_pj) {
    ++answer_.pruned.by_table;
    return;
  }
  if (dims == 0) {
    judge(walk.sharing, walk.choice, choices);
    return;
  }
  const std::uint32_t code = walk.choice.code;
  const std::size_t d = walk.dim[dims - 1];
  const std::uint8_t all = walk.choice.tile[d];
  for (const std::uint8_t at : walk.allowed[d]) {
    walk.choice.tile[d] = at;
    walk.choice.code = code - static_cast<std::uint32_t>(all - at) * parts_.lattice.stride(d);
    collect(walk, dims - 1, choices);
  }
  walk.choice.tile[d] = all;
  walk.choice.code = code;
}

double Search::energy_inside(const Node& node, std::uint32_t tile) const noexcept {
  const double passing_by = node.passing_by.energy_pj;
  const double least = parts_.tables.all(node.step).from[tile].energy_pj;
  const double others = parts_.tables.others(node.step).from[tile].energy_pj + passing_by;
  return std::max({least, others, energy_inside(node, tile, 0)});
}

// Along the first dimensions any tile.
double Search::energy_inside(const Node& node, std::uint32_t tile,
                             std::size_t stage) const noexcept {
  if (spread_ == nullptr) {
    return 0;
  }
  const double all = spread_->stages[stage][tile];
  return spread_->others_stages.empty()
             ? all
             : std::max(all, spread_->others_stages[stage][tile] + node.passing_by.energy_pj);
}

// What takes this energy or more is not worth looking at, however fast it is.
double Search::energy_limit(const Node& node, const Share& share) {
  if (!parts_.by_latency && limit_at_ == cut()) {
    return limit_pj_;
  }
  const std::int64_t spread =
      node.spread * share.product *
      parts_.tables.most_spread(parts_.layout.steps[node.step].to, parts_.lattice.code(share.rest));
  const std::int64_t steps = ceil_div(parts_.iterations(), spread);
  const auto is_beyond = [&](double energy_pj) {
    return parts_.worth(energy_pj, steps, 0, node.jobs) >= cut();
  };
  double low = 0;
  double high = 1e30;
  if (!parts_.by_energy || !is_beyond(high)) {
    return kNever;
  }
  limit_at_ = cut();
  for (int halvings = 0; halvings < 100 && high > low * (1 + 1e-6); ++halvings) {
    const double middle = low > 0 ? std::sqrt(low * high) : std::sqrt(high);
    (is_beyond(middle) ? high : low) = middle;
  }
  limit_pj_ = high;
  return high;
}

void Search::judge(const Sharing& sharing, Choice& choice, std::vector<Choice>& choices) {
  const Node& node = sharing.node;
  Least least = parts_.behind(node.step, choice.code, node.passing_by, true);
  least.energy_pj = energy_inside(node, choice.code);
  const std::int64_t spread =
      node.spread * choice.share->product *
      parts_.tables.most_spread(parts_.layout.steps[node.step].to, choice.code);
  choice.bound = least.energy_pj == kNever
                     ? kNever
                     : parts_.worth(node.loads.energy_pj + least.energy_pj,
                                    ceil_div(parts_.iterations(), spread), least.cycles, node.jobs);
  if (choice.bound >= cut()) {
    ++answer_.pruned.by_table;
    return;
  }
  if (!sharing.fits(choice.tile)) {
    return;
  }
  const Inflow inflow(sharing, choice);
  bool seen = false;
  if (node.waits && loses_windows(node, inflow.bounds(), seen)) {
    ++answer_.pruned.dominated;
    return;
  }
  choice.bound = std::max(choice.bound, inflow.least());
  if (choice.bound < cut()) {
    choices.push_back(choice);
  } else {
    ++answer_.pruned.by_tile;
  }
}

}  // namespace imbrex::optimum
