#include "optimum/search.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::optimum {

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
  Extents none;
  none.fill(1);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto [bound, order] = orders[i];
    if (bound >= cut()) {
      ++answer_.pruned.by_order;
      continue;
    }
    leaf.plan.order[step.from] = *order;
    const Mapping mapping = parts_.counter.mapping(leaf.plan, none);
    const LayerCost cost = parts_.counter.cost(mapping);
    ++answer_.leaves;
    const double objective = parts_.question.objective(cost);
    if (cost.verdict != Verdict::feasible) {
      continue;
    }
    if (objective < bound * (1 - kMargin)) {
      answer_.unproved = "a bound was above what the model counts";
    }
    if (improves(objective)) {
      beside_.push_back(later(orders, i, [](const auto& one) { return one.first; }));
      keep(mapping, cost, objective);
      beside_.pop_back();
    }
  }
}

bool Search::improves(double objective) const noexcept {
  return archive_ != nullptr ? objective < kNever
                             : !answer_.mapping || objective < answer_.objective;
}

void Search::keep(const Mapping& mapping, const LayerCost& cost, double objective) {
  answer_.mapping = mapping;
  answer_.cost = cost;
  answer_.objective = objective;
  if (archive_ != nullptr) {
    archive_->add(mapping, cost);
  } else {
    record();
  }
}

void Search::record() {
  learn_bound();
  answer_.convergence += fmt::format("{}{}:{}:{}", answer_.convergence.empty() ? "" : " ",
                                     answer_.states, answer_.objective, known_);
}

// Each time four times as late, with twice as many changes: a small part of the whole search.
void Search::improve() {
  if (archive_ != nullptr || !answer_.mapping || answer_.states < improves_at_) {
    return;
  }
  if (improver_.improve(answer_, changes_)) {
    record();
  }
  improves_at_ *= 4;
  changes_ *= 2;
}

std::uint64_t Search::seen_inside(std::size_t step, const Order& order) const noexcept {
  std::uint64_t seen = 0;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const VolumeBounds& tensor = parts_.boundaries.volumes(role);
    if (tensor.has_windows() && parts_.boundaries.goes_on(step, role)) {
      seen = seen * 1000003 + seen_by(tensor, order);
    }
  }
  return seen;
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
    next.runs = runs_of(parts_.boundaries, *order, inflow.bounds(), node.runs);
    next.passing_by = inflow.passing_by(next.runs);
    const Least inside = parts_.behind(next.step, choice.code, next.passing_by, false);
    const double most_pj =
        parts_.by_latency ? kNever : energy_limit(node, *choice.share) - inside.energy_pj;
    next.loads = parts_.counter.loads(node.step, next.plan, rest, node.loads, most_pj, memo_);
    ++answer_.orders;
    const double bound =
        parts_.worth(next.loads.energy_pj + inside.energy_pj, steps,
                     std::max(parts_.boundaries.cycles(next.loads), inside.cycles), next.jobs);
    if (bound < cut()) {
      children.push_back({next, std::max(bound, least), seen_inside(node.step, *order)});
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
    if (stops(children[i].bound)) {
      leave_open(children[i].bound);
      return;
    }
    beside_.push_back(later(children, i, [](const Child& one) { return one.bound; }));
    branch(children[i].node);
    beside_.pop_back();
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
