#include "optimum/search.hpp"

#include <algorithm>
#include <numeric>

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
  answer_.bound = std::min(left, std::max(open_, known_));
  answer_.proved = answer_.bound >= left && answer_.unproved.empty();
  if (!answer_.proved && answer_.unproved.empty()) {
    answer_.unproved = "max_states";
  }
}

double Search::room_of(const Parts& parts, const Limits& limits) noexcept {
  const double tables =
      Tables::bytes(parts.lattice.size(), parts.layout.steps.size(), parts.boundaries.levels());
  return std::max(0.0, most_bytes(limits) - tables);
}

double Search::cut() const noexcept {
  if (!answer_.mapping || archive_ != nullptr) {
    return kNever;
  }
  const double margin = std::max(limits_.gap, parts_.by_energy ? kMargin : 0.0);
  return answer_.objective * (1 - margin);
}

// What was left out is worth `cut` at least, which falls with every mapping that is found; nothing
// is left open before the last of them.
void Search::learn_bound() noexcept {
  double open = kNever;
  for (const double bound : beside_) {
    open = std::min(open, bound);
  }
  known_ = std::max(known_, std::min(open * (parts_.by_energy ? 1 - kMargin : 1.0), cut()));
}

bool Search::stops(double next) {
  if (!stopped_) {
    beside_.push_back(next);
    improve();
    beside_.pop_back();
  }
  if (!stopped_ && limits_.cancelled()) {
    stopped_ = true;
    answer_.unproved = answer_.unproved.empty() ? kInterrupted : answer_.unproved;
  }
  // The first mapping that fits is worth some patience, unless whoever wants many is in a hurry.
  const std::int64_t patience = answer_.mapping || archive_ != nullptr ? 1 : 100;
  const std::int64_t looked = answer_.states + (archive_ != nullptr ? spreads_.tiles_made() : 0);
  stopped_ = stopped_ || (limits_.max_states > 0 && looked / patience >= limits_.max_states);
  return stopped_;
}

void Search::leave_open(double bound) noexcept {
  open_ = std::min(open_, bound);
}

// For more tables.
bool Search::has_time() const noexcept {
  return archive_ == nullptr || limits_.max_states == 0 ||
         spreads_.tiles_made() < limits_.max_states;
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
  double bound = worth();
  const auto raise = [&](const SpreadTable* table) {
    if (table == nullptr) {
      return;
    }
    least.energy_pj = std::max(least.energy_pj, table->inside[code]);
    if (!table->others_inside.empty()) {
      least.energy_pj =
          std::max(least.energy_pj, table->others_inside[code] + node.passing_by.energy_pj);
    }
    bound = worth();
  };
  if (parts_.by_energy && bound < cut() && has_time()) {
    raise(spreads_.roughly(node.step, share));
  }
  if (parts_.by_energy && bound < cut() && has_time()) {
    raise(spreads_.of(node.step, share));
  }
  return bound;
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
    if (stops(order[i].first)) {
      leave_open(order[i].first);
      return;
    }
    beside_.push_back(later(order, i, [](const auto& one) { return one.first; }));
    branch(node, shares[order[i].second]);
    beside_.pop_back();
  }
}

void Search::branch(const Node& node, const Share& share) {
  std::vector<Choice> choices;
  spread_ = parts_.by_energy && has_time() ? spreads_.staged(node.step, share) : nullptr;
  collect(node, share, choices);
  std::stable_sort(choices.begin(), choices.end(),
                   [](const Choice& a, const Choice& b) { return a.bound < b.bound; });
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].bound >= cut()) {
      answer_.pruned.by_tile += static_cast<std::int64_t>(choices.size() - i);
      return;
    }
    if (stops(choices[i].bound)) {
      leave_open(choices[i].bound);
      return;
    }
    beside_.push_back(later(choices, i, [](const Choice& one) { return one.bound; }));
    arrange(node, choices[i]);
    beside_.pop_back();
  }
}

}  // namespace imbrex::optimum
