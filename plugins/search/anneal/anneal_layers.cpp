#include "anneal_layers.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/fittest.hpp>

#include <algorithm>
#include <limits>

namespace imbrex::anneal {
namespace {

// Walks draw from other streams than candidates, which are numbered like operators.
constexpr std::uint64_t kWalkStreams = std::uint64_t{1} << 32;

// One walk: where it is, and what it proposes next.
struct Walk {
  Mapping present;
  double energy = std::numeric_limits<double>::infinity();
};

// The walks of one layer, which take their steps together: one batch of proposals per step.
class Walker {
 public:
  Walker(search::SearchRun& run, OperatorId op, const LayerWalk& settings, Random random)
      : run_(run),
        op_(op),
        settings_(settings),
        random_(random),
        proposals_(settings.walks * settings.proposals),
        costs_(settings.walks * settings.proposals) {}

  // The best of the candidates, then of the walks that start there.
  Mapping best(const mapspace::MapSpace& space,
               const std::vector<search::Fittest::One>& candidates) {
    begin(candidates);
    best_ = walks_.front();
    Cooling cooling = settings_.cooling;
    cooling.steps =
        std::max<std::int64_t>(1, cooling.steps / static_cast<std::int64_t>(settings_.walks));
    for (std::int64_t step = 0; step < cooling.steps && has_room(); ++step) {
      propose(space);
      for (std::size_t walk = 0; walk < walks_.size(); ++walk) {
        judge(walk, cooling, step);
      }
    }
    return best_.present;
  }

 private:
  double energy_of(const LayerCost& cost) const noexcept {
    return run_.evaluator().layer_objective(cost);
  }
  bool has_room() const { return run_.room(proposals_.size()) == proposals_.size(); }

  // At the best candidates, as many as there are walks.
  void begin(const std::vector<search::Fittest::One>& candidates) {
    for (std::size_t walk = 0; walk < settings_.walks; ++walk) {
      const search::Fittest::One& from = candidates[walk % candidates.size()];
      walks_.push_back({from.mapping, from.objective});
    }
  }

  void propose(const mapspace::MapSpace& space) {
    for (std::size_t i = 0; i < proposals_.size(); ++i) {
      proposals_[i] = random_.below(settings_.steps_per_jump) == 0
                          ? space.sample(random_)
                          : space.neighbour(walks_[i / settings_.proposals].present, random_);
    }
    run_.score_layer(op_, proposals_, costs_);
  }

  // Accepts the best of a walk's proposals, or not.
  void judge(std::size_t number, const Cooling& cooling, std::int64_t step) {
    Walk& walk = walks_[number];
    const auto first = costs_.begin() + static_cast<std::ptrdiff_t>(number * settings_.proposals);
    const auto chosen = std::min_element(
        first, first + static_cast<std::ptrdiff_t>(settings_.proposals),
        [this](const LayerCost& a, const LayerCost& b) { return energy_of(a) < energy_of(b); });
    const double next = energy_of(*chosen);
    if (cooling.accepts(walk.energy, next, step, random_)) {
      walk = {proposals_[static_cast<std::size_t>(chosen - costs_.begin())], next};
      best_ = next < best_.energy ? walk : best_;
    }
  }

  search::SearchRun& run_;
  OperatorId op_;
  const LayerWalk& settings_;
  Random random_;
  std::vector<Walk> walks_;
  Walk best_;
  std::vector<Mapping> proposals_;  // of the first walk, then of the second, ...
  std::vector<LayerCost> costs_;
};

}  // namespace

void anneal_layers(search::SearchRun& run, const LayerGraph& graph, const Host& host,
                   const LayerWalk& walk) {
  Design design = run.start();
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    const OperatorId op = graph.layers[layer];
    const mapspace::MapSpace* const space = run.space_of(op);
    search::Fittest candidates(walk.walks);
    search::sample_candidates(run, op, {walk.start_samples}, host.random(index(op)), candidates);
    if (space) {
      Walker walker(run, op, walk, host.random(kWalkStreams + index(op)));
      design.mapping(op) = walker.best(*space, candidates.best_first());
    }
    run.check_cancelled();
    run.progress(layer + 1, graph.layers.size(), "layers");
  }
  const Design* const pointer = &design;
  Score score;
  run.score({&pointer, 1}, {&score, 1});
}

}  // namespace imbrex::anneal
