#include "anneal_layers.hpp"

#include <algorithm>

namespace imbrex::search {
namespace {

constexpr double kInfeasible = std::numeric_limits<double>::infinity();
// Walks draw from other streams than candidates, which are numbered like operators.
constexpr std::uint64_t kWalkStreams = std::uint64_t{1} << 32;

double energy_of(const LayerCost& cost, Objective objective) noexcept {
  if (cost.verdict != Verdict::feasible) {
    return kInfeasible;
  }
  switch (objective) {
    case Objective::energy:
      return cost.energy_pj;
    case Objective::edp:
      return cost.energy_pj * static_cast<double>(cost.latency_ps);
    case Objective::latency:
    case Objective::throughput:
      break;
  }
  return static_cast<double>(cost.latency_ps);
}

class Walker {
 public:
  Walker(SearchRun& run, OperatorId op, const LayerWalk& walk, Random random)
      : run_(run),
        op_(op),
        walk_(walk),
        random_(random),
        objective_(run.evaluator().objective()),
        proposals_(walk.proposals),
        costs_(walk.proposals) {}

  // The best of the candidates, then of the walk that starts there.
  Mapping best(const MapSpace& space, const LayerCandidates& candidates) {
    begin(space, candidates);
    Mapping best = present_;
    double best_energy = energy_;
    for (std::int64_t step = 0; step < walk_.cooling.steps && has_room(); ++step) {
      const std::size_t chosen = propose(space);
      const double next = energy_of(costs_[chosen], objective_);
      if (!walk_.cooling.accepts(energy_, next, step, random_)) {
        continue;
      }
      present_ = proposals_[chosen];
      energy_ = next;
      if (energy_ < best_energy) {
        best = present_;
        best_energy = energy_;
      }
    }
    return best;
  }

 private:
  bool has_room() const { return run_.room(walk_.proposals) == walk_.proposals; }

  // At the fastest candidate of the space; where energy counts, what it costs is one evaluation.
  void begin(const MapSpace& space, const LayerCandidates& candidates) {
    std::size_t first = candidates.size();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (space.contains(candidates.mappings[i]) &&
          (first == candidates.size() || candidates.latency_ps[i] < candidates.latency_ps[first])) {
        first = i;
      }
    }
    if (first == candidates.size()) {
      present_ = candidates.mappings[candidates.fastest()];
      return;
    }
    present_ = candidates.mappings[first];
    LayerCost cost{Verdict::feasible, candidates.latency_ps[first], 0};
    if (objective_ == Objective::energy || objective_ == Objective::edp) {
      if (run_.room(1) == 0) {
        return;
      }
      run_.score_layer(op_, {&present_, 1}, {&cost, 1});
    }
    energy_ = energy_of(cost, objective_);
  }

  std::size_t propose(const MapSpace& space) {
    for (Mapping& proposal : proposals_) {
      proposal = random_.below(walk_.steps_per_jump) == 0 ? space.sample(random_)
                                                          : space.neighbour(present_, random_);
    }
    run_.score_layer(op_, proposals_, costs_);
    const auto better = [this](const LayerCost& a, const LayerCost& b) {
      return energy_of(a, objective_) < energy_of(b, objective_);
    };
    return static_cast<std::size_t>(std::min_element(costs_.begin(), costs_.end(), better) -
                                    costs_.begin());
  }

  SearchRun& run_;
  OperatorId op_;
  const LayerWalk& walk_;
  Random random_;
  Objective objective_;
  Mapping present_;
  double energy_ = kInfeasible;
  std::vector<Mapping> proposals_;
  std::vector<LayerCost> costs_;
};

}  // namespace

void anneal_layers(SearchRun& run, const LayerGraph& graph, const Host& host,
                   const LayerWalk& walk) {
  Design design = run.start();
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    const OperatorId op = graph.layers[layer];
    const auto space = map_space_of(run.start(), op, run.evaluator().cost());
    const LayerCandidates candidates =
        sample_candidates(run, op, {walk.start_samples}, host.random(index(op)));
    if (space) {
      Walker walker(run, op, walk, host.random(kWalkStreams + index(op)));
      design.mapping(op) = walker.best(*space, candidates);
    }
    run.check_cancelled();
    run.progress(static_cast<double>(layer + 1) / static_cast<double>(graph.layers.size()),
                 "layers");
  }
  const Design* const pointer = &design;
  Score score;
  run.score({&pointer, 1}, {&score, 1});
}

}  // namespace imbrex::search
