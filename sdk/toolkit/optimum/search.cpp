#include "optimum/search.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace imbrex::optimum {
void Search::run() {
  open_ = kNever;
  Node root;
  root.tile = parts_.lattice.whole();
  root.loads = parts_.counter.nothing();
  if (!parts_.layout.is_empty) {
    branch(root);
  }
  const bool found = answer_.mapping.has_value();
  if (!found) {
    answer_.objective = kNever;
  }
  const double left = found ? cut() : kNever;
  answer_.bound = std::min(left, open_);
  answer_.proved = answer_.bound >= left && answer_.unproved.empty();
  if (!answer_.proved && answer_.unproved.empty()) {
    answer_.unproved = "max_states";
  }
}

double Search::cut() const noexcept {
  if (!answer_.mapping) {
    return kNever;
  }
  const double margin = std::max(limits_.gap, parts_.by_energy ? kMargin : 0.0);
  return answer_.objective * (1 - margin);
}

bool Search::stops() {
  if (limits_.cancelled()) {
    throw CancelledError();
  }
  stopped_ = stopped_ || (limits_.max_states > 0 && answer_.states >= limits_.max_states &&
                          answer_.mapping.has_value());
  return stopped_;
}

void Search::leave_open(double bound) noexcept {
  open_ = std::min(open_, bound);
}

double Search::bound_of(const Node& node, const Share& share) {
  const std::uint32_t code = parts_.lattice.code(share.rest);
  Least least = parts_.behind(node.step, code, node.passing_by, false);
  const std::int64_t spread = node.spread * share.product *
                              parts_.tables.most_spread(parts_.layout.steps[node.step].to, code);
  const auto worth = [&] {
    return least.energy_pj == kNever
               ? kNever
               : parts_.worth(
                     node.loads.energy_pj + least.energy_pj, ceil_div(parts_.iterations(), spread),
                     std::max(parts_.boundaries.cycles(node.loads), least.cycles), node.jobs);
  };
  const double bound = worth();
  const SpreadTable* const table =
      parts_.by_energy && bound < cut() ? spreads_.of(node.step, share) : nullptr;
  if (table == nullptr) {
    return bound;
  }
  least.energy_pj = std::max({least.energy_pj, table->inside[code],
                              table->others_inside[code] + node.passing_by.energy_pj});
  return worth();
}

void Search::branch(const Node& node) {
  const std::vector<Share> shares =
      shares_of(parts_.layout, parts_.lattice, parts_.layout.steps[node.step], node.tile);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double bound = bound_of(node, shares[i]);
    if (bound < cut()) {
      order.emplace_back(bound, i);
    } else {
      ++answer_.pruned.by_spread;
    }
  }
  answer_.states += static_cast<std::int64_t>(shares.size());
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i].first >= cut()) {
      answer_.pruned.by_spread += static_cast<std::int64_t>(order.size() - i);
      return;
    }
    if (stops()) {
      leave_open(order[i].first);
      return;
    }
    branch(node, shares[order[i].second]);
  }
}

void Search::branch(const Node& node, const Share& share) {
  std::vector<Choice> choices;
  spread_ = parts_.by_energy ? spreads_.of(node.step, share) : nullptr;
  collect(node, share, choices);
  std::stable_sort(choices.begin(), choices.end(),
                   [](const Choice& a, const Choice& b) { return a.bound < b.bound; });
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].bound >= cut()) {
      answer_.pruned.by_tile += static_cast<std::int64_t>(choices.size() - i);
      return;
    }
    if (stops()) {
      leave_open(choices[i].bound);
      return;
    }
    arrange(node, choices[i]);
  }
}

// All tiles that the slot of the step's temporal loops allows.
void Search::collect(const Node& node, const Share& share, std::vector<Choice>& choices) {
  const Lattice& lattice = parts_.lattice;
  const Step& step = parts_.layout.steps[node.step];
  const Slot& slot = parts_.layout.temporal[step.from];
  const bool is_last = step.to == parts_.boundaries.levels();
  const Sharing sharing(parts_, node, share);
  TileWalk walk{sharing, node, {}, {}, energy_limit(node, share)};
  walk.choice.share = &share;
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
  }
  collect(walk, kDimCount, choices);
}

// The dimensions below `dims`.
void Search::collect(TileWalk& walk, std::size_t dims, std::vector<Choice>& choices) {
  const std::uint32_t code = walk.choice.code;
  const std::size_t d = dims - 1;
  for (const std::uint8_t at : walk.allowed[d]) {
    walk.choice.tile[d] = at;
    walk.choice.code = code + at * parts_.lattice.stride(d);
    if (d > 0) {
      collect(walk, d, choices);
      continue;
    }
    ++answer_.states;
    if (walk.node.loads.energy_pj + energy_inside(walk.node, walk.choice.code) < walk.most_pj) {
      judge(walk.sharing, walk.choice, choices);
    } else {
      ++answer_.pruned.by_table;
    }
  }
  walk.choice.code = code;
}

double Search::energy_inside(const Node& node, std::uint32_t tile) const noexcept {
  const double passing_by = node.passing_by.energy_pj;
  const double least = parts_.tables.all(node.step).from[tile].energy_pj;
  const double others = parts_.tables.others(node.step).from[tile].energy_pj + passing_by;
  return spread_ == nullptr ? std::max(least, others)
                            : std::max({least, others, spread_->from[tile],
                                        spread_->others_from[tile] + passing_by});
}

// What takes this energy or more is not worth looking at, however fast it is.
double Search::energy_limit(const Node& node, const Share& share) const {
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
  for (int halvings = 0; halvings < 100 && high > low * (1 + 1e-6); ++halvings) {
    const double middle = low > 0 ? std::sqrt(low * high) : std::sqrt(high);
    (is_beyond(middle) ? high : low) = middle;
  }
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
  const bool fits = sharing.fits(choice.tile);
  const Inflow inflow(sharing, choice);
  bool seen = false;
  if (!fits || (node.waits && loses_windows(node, inflow.bounds(), seen))) {
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

// Do the loops of this step hide those outside it from all tiles of windows that are to come?
// `seen`: some such tile of this step sees them.
bool Search::loses_windows(const Node& node, const Extents& bounds, bool& seen) const noexcept {
  bool loses_all = true;
  seen = false;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const VolumeBounds& tensor = parts_.boundaries.volumes(role);
    bool here = false;
    for (const Boundary& boundary : parts_.boundaries.of_step(node.step)) {
      here = here || (boundary.role == role && boundary.child < parts_.boundaries.levels());
    }
    if (!tensor.has_windows() || (!here && !parts_.boundaries.goes_on(node.step, role))) {
      continue;
    }
    bool loses = false;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      loses = loses || (bounds[d] > 1 && tensor.is_lost_by(d));
    }
    loses_all = loses_all && loses;
    seen = seen || (here && !loses);
  }
  return loses_all;
}

const std::vector<Order>& Search::orders(std::size_t step, const Extents& bounds) {
  std::uint32_t loops = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    loops |= bounds[d] > 1 ? 1u << d : 0;
  }
  const auto [found, is_new] = orders_.try_emplace({step, loops});
  if (is_new) {
    const Slot& slot = parts_.layout.temporal[parts_.layout.steps[step].from];
    found->second = orders_of(parts_.boundaries, step, slot, bounds);
  }
  return found->second;
}

void Search::arrange(const Node& node, const Choice& choice) {
  const Sharing sharing(parts_, node, *choice.share);
  const Inflow inflow(sharing, choice);
  std::vector<std::pair<double, const Order*>> promising;
  for (const Order& order : orders(node.step, inflow.bounds())) {
    const double bound = std::max(choice.bound, inflow.least(order));
    if (bound < cut()) {
      promising.emplace_back(bound, &order);
    } else {
      ++answer_.pruned.by_order;
    }
  }
  std::stable_sort(promising.begin(), promising.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (node.step + 1 == parts_.layout.steps.size()) {
    finish(inflow, parts_.layout.steps[node.step], promising);
  } else {
    descend(inflow, node, choice, promising);
  }
}

void Search::finish(const Inflow& inflow, const Step& step,
                    std::vector<std::pair<double, const Order*>> orders) {
  Node leaf = inflow.next();
  for (const auto& [bound, order] : orders) {
    if (bound >= cut()) {
      ++answer_.pruned.by_order;
      continue;
    }
    leaf.plan.order[step.from] = *order;
    const LayerCost cost = parts_.counter.cost(leaf.plan);
    ++answer_.leaves;
    const double objective = parts_.question.objective(cost);
    if (cost.verdict != Verdict::feasible) {
      continue;
    }
    if (objective < bound * (1 - kMargin)) {
      answer_.unproved = "a bound was above what the model counts";
    }
    if (!answer_.mapping || objective < answer_.objective) {
      Extents none;
      none.fill(1);
      answer_.mapping = parts_.counter.mapping(leaf.plan, none);
      answer_.cost = cost;
      answer_.objective = objective;
      answer_.convergence +=
          fmt::format("{}{}:{}", answer_.convergence.empty() ? "" : " ", answer_.states, objective);
    }
  }
}

std::vector<Search::Child> Search::counted(
    const Inflow& inflow, const Node& node, const Choice& choice,
    const std::vector<std::pair<double, const Order*>>& orders) {
  std::vector<Child> children;
  const Step& step = parts_.layout.steps[node.step];
  const Extents rest = parts_.lattice.extents(choice.tile);
  Node next = inflow.next();
  if (next.waits) {
    bool seen = false;
    (void)loses_windows(node, inflow.bounds(), seen);
    next.waits = !seen;
  }
  const std::int64_t spread = next.spread * parts_.tables.most_spread(step.to, choice.code);
  const std::int64_t steps = ceil_div(parts_.iterations(), spread);
  for (const auto& [least, order] : orders) {
    next.plan.order[step.from] = *order;
    next.loads = parts_.counter.loads(node.step, next.plan, rest);
    next.runs = runs_of(parts_.boundaries, *order, inflow.bounds(), node.runs);
    next.passing_by = inflow.passing_by(next.runs);
    const Least inside = parts_.behind(next.step, choice.code, next.passing_by, false);
    ++answer_.orders;
    const double bound =
        parts_.worth(next.loads.energy_pj + inside.energy_pj, steps,
                     std::max(parts_.boundaries.cycles(next.loads), inside.cycles), next.jobs);
    std::uint64_t seen = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const VolumeBounds& tensor = parts_.boundaries.volumes(role);
      if (tensor.has_windows() && parts_.boundaries.goes_on(node.step, role)) {
        seen = seen * 1000003 + seen_by(tensor, *order);
      }
    }
    if (bound < cut()) {
      children.push_back({next, std::max(bound, least), seen});
    } else {
      ++answer_.pruned.by_order;
    }
  }
  return children;
}

void Search::descend(const Inflow& inflow, const Node& node, const Choice& choice,
                     const std::vector<std::pair<double, const Order*>>& orders) {
  std::vector<Child> children = counted(inflow, node, choice, orders);
  drop_dominated(node.step, children);
  std::stable_sort(children.begin(), children.end(),
                   [](const Child& a, const Child& b) { return a.bound < b.bound; });
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].bound >= cut()) {
      answer_.pruned.by_order += static_cast<std::int64_t>(children.size() - i);
      return;
    }
    if (stops()) {
      leave_open(children[i].bound);
      return;
    }
    branch(children[i].node);
  }
}

// Whatever lies inside, where nobody sees more of the orders than how long plain tensors are kept.
bool Search::is_no_worse(std::size_t step, const Child& one, const Child& other) const noexcept {
  const Loads& mine = one.node.loads;
  const Loads& theirs = other.node.loads;
  if (mine.energy_pj > theirs.energy_pj) {
    return false;
  }
  for (std::size_t l = 0; l < parts_.boundaries.levels(); ++l) {
    if (parts_.by_latency && (mine.read_bits[l] > theirs.read_bits[l] ||
                              mine.written_bits[l] > theirs.written_bits[l])) {
      return false;
    }
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    const bool counts = parts_.boundaries.goes_on(step, role) ||
                        (role == kResults && parts_.question.problem.has_wide_sums());
    if (counts && one.node.runs[role].free < other.node.runs[role].free) {
      return false;
    }
  }
  return true;
}

void Search::drop_dominated(std::size_t step, std::vector<Child>& children) {
  std::vector<bool> dropped(children.size(), false);
  for (std::size_t i = 0; i < children.size(); ++i) {
    for (std::size_t j = 0; j < children.size() && !dropped[i]; ++j) {
      if (i == j || dropped[j] || !is_no_worse(step, children[j], children[i]) ||
          (j > i && is_no_worse(step, children[i], children[j]))) {
        continue;
      }
      dropped[i] = children[i].seen == children[j].seen;
      children[i].node.waits = true;
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (!dropped[i]) {
      if (kept != i) {
        children[kept] = children[i];
      }
      ++kept;
    }
  }
  answer_.pruned.dominated += static_cast<std::int64_t>(children.size() - kept);
  children.resize(kept);
}

}  // namespace imbrex::optimum
