#include "optimum/uneven_search.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::optimum {

namespace {

constexpr std::size_t kAtOnce = 20'000;  // tiles with shares that are put in order

}  // namespace

void ClassSearch::start_with(const Mapping& mapping) {
  if (in_map_space(parts_.question.space, mapping)) {
    (void)keep(mapping, 0);
  }
}

double ClassSearch::run(double gap, std::int64_t most_states) {
  gap_ = gap;
  most_states_ = most_states;
  stopped_ = false;
  open_ = kNever;
  ClassNode root;
  root.tile = parts_.lattice.whole();
  root.loads = parts_.counter.nothing();
  if (!parts_.layout.is_empty) {
    branch(root);
  }
  return std::min(open_, cut());
}

double ClassSearch::cut() const noexcept {
  if (!answer_.mapping) {
    return kNever;
  }
  return answer_.objective * (1 - std::max(gap_, margin()));
}

bool ClassSearch::stops() {
  if (!stopped_ && limits_.cancelled()) {
    stopped_ = true;
    answer_.unproved = kInterrupted;
  }
  // The first mapping that fits is worth some patience.
  const std::int64_t patience = answer_.mapping ? 1 : 100;
  stopped_ = stopped_ || (most_states_ > 0 && answer_.states / patience >= most_states_);
  return stopped_;
}

double ClassSearch::bound_of(const ClassNode& node, const ClassTile& tile) {
  const std::uint32_t code = parts_.lattice.code(tile);
  const double energy = tables_.energy_from(node.step, code, node.passing_by_pj);
  const auto cycles = static_cast<double>(tables_.of(node.step).from[code].cycles);
  return parts_.worth(node.loads.energy_pj + energy, least_steps_,
                      std::max(parts_.boundaries.cycles(node.loads), cycles));
}

// As if all instances that there may be did the same.
double ClassSearch::least_steps(const ClassNode& node) const noexcept {
  const std::size_t from = parts_.layout.steps[node.step].from;
  const double instances = parts_.instances[parts_.levels()] / parts_.instances[from];
  double least = kNever;
  for (const Spread& spread : parts_.spreads) {
    const Extents later = product_of(spread, from, parts_.levels());
    double all = 1;
    double even = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const std::int64_t left = ceil_div(parts_.lattice.of(d).bound(), node.spread[d]);
      all *= static_cast<double>(ceil_div(left, later[d]));
      even *= static_cast<double>(left);
    }
    least = std::min(least, std::max(all, std::ceil(even / instances * (1 - 1e-12))));
  }
  return least;
}

void ClassSearch::branch(const ClassNode& node) {
  std::vector<Candidate> found;
  Candidate one;
  least_steps_ = least_steps(node);
  collect(node, kDimCount, one, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return a.bound < b.bound; });
  // Many tiles seem alike until their work is shared out: those of the best shares come first.
  std::vector<Shared> shared;
  for (const Candidate& tile : found) {
    if (tile.bound >= cut()) {
      break;
    }
    if (stops()) {
      leave_open(tile.bound);
      break;
    }
    split(node, tile.tile, shared);
    if (shared.size() >= kAtOnce) {
      arrange(node, shared);
    }
  }
  arrange(node, shared);
}

// The tiles inside, dimension by dimension: those below `dims` are to be chosen.
void ClassSearch::collect(const ClassNode& node, std::size_t dims, Candidate& one,
                          std::vector<Candidate>& found) {
  if (dims == 0) {
    ++answer_.states;
    const float energy = tables_.of(node.step).from[parts_.lattice.code(one.tile)].energy_pj;
    if (energy == std::numeric_limits<float>::infinity()) {
      return;
    }
    one.bound = bound_of(node, one.tile);
    if (one.bound < cut()) {
      found.push_back(one);
    } else {
      ++answer_.pruned.by_table;
    }
    return;
  }
  const std::size_t d = dims - 1;
  const Step& step = parts_.layout.steps[node.step];
  if (step.to == parts_.levels()) {
    one.tile[d] = 0;
    if (!parts_.lattice.of(d).loop(node.tile[d], 0).is_empty()) {
      collect(node, d, one, found);
    }
    return;
  }
  for (const std::uint16_t inside : parts_.lattice.of(d).inside(node.tile[d])) {
    one.tile[d] = inside;
    collect(node, d, one, found);
  }
}

void ClassSearch::arrange(const ClassNode& node, std::vector<Shared>& shared) {
  std::stable_sort(shared.begin(), shared.end(),
                   [](const Shared& a, const Shared& b) { return a.bound < b.bound; });
  for (std::size_t i = 0; i < shared.size(); ++i) {
    if (shared[i].bound >= cut()) {
      answer_.pruned.by_tile += static_cast<std::int64_t>(shared.size() - i);
      break;
    }
    if (stops()) {
      leave_open(shared[i].bound);
      break;
    }
    arrange(node, shared[i].split, shared[i].bound);
  }
  shared.clear();
}

void ClassSearch::arrange(const ClassNode& node, const ClassSplit& split, double bound) {
  const ClassInflow inflow(parts_, tables_, node, split);
  std::uint32_t moving = 0;
  for (std::size_t role = 0; role < kRoles; ++role) {
    bool here = parts_.boundaries.goes_on(node.step, role);
    for (const Boundary& boundary : parts_.boundaries.of_step(node.step)) {
      here = here || (boundary.role == role && boundary.child < parts_.levels());
    }
    moving |= here ? 1u << role : 0;
  }
  std::vector<Ending> all;
  Ending none;
  endings(node, inflow.loops(), moving, none, all);
  std::vector<Ordered> found;
  for (const Ending& ending : all) {
    found.push_back({std::max(bound, inflow.least(ending)), ending});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Ordered& a, const Ordered& b) { return a.bound < b.bound; });
  answer_.orders += static_cast<std::int64_t>(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].bound >= cut()) {
      answer_.pruned.by_order += static_cast<std::int64_t>(found.size() - i);
      return;
    }
    if (stops()) {
      leave_open(found[i].bound);
      return;
    }
    const ClassNode next = inflow.next(found[i].ending);
    if (next.step == parts_.layout.steps.size()) {
      settle(next, found[i].bound);
    } else {
      branch(next);
    }
  }
}

// Loops that are left go on the innermost free place, until all tensors have been moved.
void ClassSearch::endings(const ClassNode& node, std::uint32_t left, std::uint32_t moving,
                          Ending& now, std::vector<Ending>& found) const {
  const Slot& slot = parts_.layout.temporal[parts_.layout.steps[node.step].from];
  if (left == 0 || (moving == 0 && slot.ordered)) {
    found.push_back(now);
    return;
  }
  std::uint32_t prefix = 0;  // whose places are given
  std::uint32_t last = 0;    // the innermost of these
  for (const std::size_t dim : slot.prefix) {
    prefix |= 1u << dim;
    last = (left >> dim & 1) != 0 ? 1u << dim : last;
  }
  std::uint32_t choices = (left & ~prefix) != 0 ? left & ~prefix : last;
  for (std::size_t d = kDimCount; d-- > 0;) {
    if ((choices >> d & 1) == 0) {
      continue;
    }
    std::uint32_t still = moving;
    for (std::size_t role = 0; role < kRoles; ++role) {
      still &= parts_.depends_on(role, d) ? ~(1u << role) : ~0u;
    }
    now.dim[now.count++] = static_cast<std::uint8_t>(d);
    endings(node, left & ~(1u << d), still, now, found);
    --now.count;
    choices = slot.ordered ? choices : 0;  // else ascending, whatever they move
  }
}

void ClassSearch::settle(const ClassNode& leaf, double bound) {
  const bool is_settled =
      leaves_.each(leaf, [&](const Mapping& mapping) { return keep(mapping, bound); });
  // One that is worth no more than the bound settles the leaf, too.
  if (!is_settled && !(answer_.mapping && answer_.objective <= bound * (1 + margin()))) {
    leave_open(bound);
  }
}

// False: there is nothing better in the leaf.
bool ClassSearch::keep(const Mapping& mapping, double bound) {
  const LayerCost cost = parts_.counter.cost(mapping);
  ++answer_.leaves;
  if (cost.verdict != Verdict::feasible) {
    return true;
  }
  const double objective = parts_.question.objective(cost);
  if (objective < bound * (1 - kMargin)) {
    answer_.unproved = "a bound was above what the model counts";
  }
  if (!answer_.mapping || objective < answer_.objective) {
    answer_.mapping = mapping;
    answer_.cost = cost;
    answer_.objective = objective;
    answer_.convergence +=
        fmt::format("{}{}:{}", answer_.convergence.empty() ? "" : " ", answer_.states, objective);
  }
  return objective > bound * (1 + margin());
}

}  // namespace imbrex::optimum
