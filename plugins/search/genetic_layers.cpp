#include "genetic_layers.hpp"

#include "layer_energy.hpp"

#include <algorithm>
#include <vector>

namespace imbrex::search {
namespace {

// Evolution draws from other streams than candidates, which are numbered like operators.
constexpr std::uint64_t kEvolutionStreams = std::uint64_t{1} << 32;
// Steps away from what exists already before a child may be a copy.
constexpr int kFreshTries = 4;

struct Individual {
  Mapping mapping;
  double energy = kInfeasible;
};

class Evolution {
 public:
  Evolution(SearchRun& run, OperatorId op, const MapSpace& space, const LayerEvolution& settings,
            Random random)
      : run_(run),
        op_(op),
        space_(space),
        settings_(settings),
        random_(random),
        children_(settings.population),
        costs_(settings.population) {}

  // Leaves the population empty when no candidate is of the space.
  void begin(const LayerCandidates& candidates) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (space_.contains(candidates.mappings[i])) {
        order.push_back(i);
      }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return candidates.latency_ps[a] < candidates.latency_ps[b];
    });
    order.resize(run_.room(std::min(order.size(), settings_.population)));
    std::vector<Mapping> mappings;
    for (const std::size_t i : order) {
      mappings.push_back(candidates.mappings[i]);
    }
    costs_.resize(mappings.size());
    run_.score_layer(op_, mappings, costs_);  // the objective may count energy
    admit(mappings);
    costs_.resize(settings_.population);
  }

  bool has_parents() const noexcept { return !alive_.empty(); }
  const Mapping& best() const noexcept { return alive_.front().mapping; }
  bool has_room() const { return run_.room(settings_.population) == settings_.population; }

  void generation() {
    for (Mapping& child : children_) {
      child = make_child();
    }
    run_.score_layer(op_, children_, costs_);
    admit(children_);
  }

 private:
  // The fittest of old and young live on, the older of equals; nobody twice.
  void admit(const std::vector<Mapping>& young) {
    for (std::size_t i = 0; i < young.size(); ++i) {
      const double energy = energy_of(costs_[i], run_.evaluator().objective());
      if (energy < kInfeasible && !is_alive(young[i], energy)) {
        alive_.push_back({young[i], energy});
      }
    }
    std::stable_sort(alive_.begin(), alive_.end(),
                     [](const Individual& a, const Individual& b) { return a.energy < b.energy; });
    alive_.resize(std::min(alive_.size(), settings_.population));
  }
  bool is_alive(const Mapping& mapping, double energy) const {
    return std::any_of(alive_.begin(), alive_.end(), [&](const Individual& one) {
      return one.energy == energy && one.mapping == mapping;
    });
  }

  // A tournament of two: the fitter comes first.
  const Mapping& parent() {
    const std::uint64_t a = random_.below(alive_.size());
    const std::uint64_t b = random_.below(alive_.size());
    return alive_[std::min(a, b)].mapping;
  }

  Mapping make_child() {
    if (random_.unit() < settings_.mutation) {
      return space_.sample(random_);
    }
    const Mapping& a = parent();
    Mapping child = a;
    if (random_.unit() < settings_.crossover) {
      const Mapping& b = parent();
      const auto from_b = static_cast<DimMask>(random_.below(kAllDims + std::uint64_t{1}));
      const Mapping mixed = crossed(space_.spec(), a, b, from_b, random_);
      child = space_.contains(mixed) ? mixed : a;
    }
    // Children of two parents stay as they are half of the time; the others go a step or more.
    if (child == a || random_.below(2) == 0) {
      child = space_.neighbour(child, random_);
    }
    for (int more = 0; more < kFreshTries && random_.below(2) == 0; ++more) {
      child = space_.neighbour(child, random_);
    }
    return child;
  }

  SearchRun& run_;
  OperatorId op_;
  const MapSpace& space_;
  const LayerEvolution& settings_;
  Random random_;
  std::vector<Individual> alive_;  // fittest first
  std::vector<Mapping> children_;
  std::vector<LayerCost> costs_;
};

}  // namespace

Mapping crossed(const MapSpaceSpec& spec, const Mapping& a, const Mapping& b, DimMask from_b,
                Random& random) {
  const auto is_from_b = [from_b](const Loop& loop) { return (from_b & dim_bit(loop.dim)) != 0; };
  Mapping child;
  child.job_extent.fill(1);
  for (const MapSlot& slot : spec.slots) {
    const auto belongs = [&slot](const Loop& loop) {
      return loop.level == slot.level && loop.kind == slot.kind;
    };
    std::vector<Loop> mine;
    std::vector<Loop> others;  // of b, not yet placed
    std::copy_if(b.loops.begin(), b.loops.begin() + b.count, std::back_inserter(others),
                 [&](const Loop& loop) { return belongs(loop) && is_from_b(loop); });
    for (const Loop& loop : a.all_loops()) {
      if (!belongs(loop)) {
        continue;
      }
      if (!is_from_b(loop)) {
        mine.push_back(loop);
        continue;
      }
      const auto same = std::find_if(others.begin(), others.end(),
                                     [&](const Loop& other) { return other.dim == loop.dim; });
      if (same != others.end()) {  // in the place of the loop it replaces
        mine.push_back(*same);
        others.erase(same);
      }
    }
    for (const Loop& loop : others) {
      const std::uint64_t at = random.below(mine.size() + 1);
      mine.insert(mine.begin() + static_cast<std::ptrdiff_t>(at), loop);
    }
    if (!slot.ordered) {
      std::sort(mine.begin(), mine.end(),
                [](const Loop& x, const Loop& y) { return x.dim < y.dim; });
    }
    for (const Loop& loop : mine) {
      if (child.count == kMaxLoops) {
        return a;
      }
      child.loops[child.count++] = loop;
      child.outer = static_cast<std::uint8_t>(child.outer + (slot.outer ? 1 : 0));
      child.job_extent[index(loop.dim)] *= slot.outer ? 1 : loop.bound;
    }
  }
  return child;
}

std::int64_t evolve_layers(SearchRun& run, const LayerGraph& graph, const Host& host,
                           const LayerEvolution& evolution) {
  Design design = run.start();
  std::int64_t most = 0;
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    const OperatorId op = graph.layers[layer];
    const MapSpace* const space = run.space_of(op);
    const LayerCandidates candidates =
        sample_candidates(run, op, evolution.start, host.random(index(op)));
    if (space != nullptr) {
      design.mapping(op) = candidates.mappings[candidates.fastest()];
      Evolution layers(run, op, *space, evolution, host.random(kEvolutionStreams + index(op)));
      layers.begin(candidates);
      std::int64_t done = 0;
      for (; done < evolution.generations && layers.has_parents() && layers.has_room(); ++done) {
        layers.generation();
      }
      most = std::max(most, done);
      if (layers.has_parents()) {
        design.mapping(op) = layers.best();
      }
    }
    run.check_cancelled();
    run.progress(static_cast<double>(layer + 1) / static_cast<double>(graph.layers.size()),
                 "layers");
  }
  const Design* const pointer = &design;
  Score score;
  run.score({&pointer, 1}, {&score, 1});
  return most;
}

}  // namespace imbrex::search
