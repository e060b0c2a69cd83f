#include "genetic_layers.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/fittest.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace imbrex::genetic {
namespace {

// Evolution draws from other streams than candidates, which are numbered like operators.
constexpr std::uint64_t kEvolutionStreams = std::uint64_t{1} << 32;
// Steps away from what exists already before a child may be a copy.
constexpr int kFreshTries = 4;
constexpr double kInfeasible = std::numeric_limits<double>::infinity();

bool belongs(const Loop& loop, const MapSlot& slot) noexcept {
  return loop.level == slot.level && loop.kind == slot.kind;
}

// The loops of one slot, at most one per dimension.
struct SlotLoops {
  std::array<Loop, kDimCount> loop;
  std::size_t count = 0;

  std::size_t find(Dim dim) const noexcept {
    std::size_t i = 0;
    while (i < count && loop[i].dim != dim) {
      ++i;
    }
    return i;
  }
  void insert(std::size_t at, const Loop& added) noexcept {
    for (std::size_t i = count++; i > at; --i) {
      loop[i] = loop[i - 1];
    }
    loop[at] = added;
  }
  void erase(std::size_t at) noexcept {
    for (--count; at < count; ++at) {
      loop[at] = loop[at + 1];
    }
  }
};

void append(const SlotLoops& loops, const MapSlot& slot, Mapping& mapping) noexcept {
  for (std::size_t i = 0; i < loops.count; ++i) {
    const Loop& loop = loops.loop[i];
    mapping.loops[mapping.count++] = loop;
    mapping.outer = static_cast<std::uint8_t>(mapping.outer + (slot.outer ? 1 : 0));
    mapping.job_extent[index(loop.dim)] *= slot.outer ? 1 : loop.bound;
  }
}

struct Individual {
  Mapping mapping;
  double energy = kInfeasible;
};

class Evolution {
 public:
  Evolution(search::SearchRun& run, OperatorId op, const mapspace::MapSpace& space,
            const LayerEvolution& settings, Random random)
      : run_(run),
        op_(op),
        space_(space),
        settings_(settings),
        random_(random),
        children_(settings.population),
        costs_(settings.population) {}

  void begin(const std::vector<search::Fittest::One>& candidates) {
    for (const search::Fittest::One& one : candidates) {
      admit(one.mapping, one.objective);
    }
  }

  const Mapping& best() const noexcept { return alive_.front().mapping; }
  bool has_room() const { return run_.room(settings_.population) == settings_.population; }

  void generation() {
    for (Mapping& child : children_) {
      child = make_child();
    }
    run_.score_layer(op_, children_, costs_);
    for (std::size_t i = 0; i < children_.size(); ++i) {
      admit(children_[i], run_.evaluator().layer_objective(costs_[i]));
    }
  }

 private:
  // The fittest of old and young live on, the older of equals; nobody twice.
  void admit(const Mapping& young, double energy) {
    const bool is_full = alive_.size() == settings_.population;
    if (energy == kInfeasible || (is_full && energy >= alive_.back().energy)) {
      return;
    }
    const auto after =
        std::upper_bound(alive_.begin(), alive_.end(), energy,
                         [](double wanted, const Individual& one) { return wanted < one.energy; });
    if (!is_among_equals(young, energy, after)) {
      const auto at = after - alive_.begin();
      if (is_full) {
        alive_.pop_back();
      }
      alive_.insert(alive_.begin() + at, {young, energy});
    }
  }
  bool is_among_equals(const Mapping& mapping, double energy,
                       std::vector<Individual>::const_iterator after) const {
    while (after != alive_.begin() && (--after)->energy == energy) {
      if (after->mapping == mapping) {
        return true;
      }
    }
    return false;
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

  search::SearchRun& run_;
  OperatorId op_;
  const mapspace::MapSpace& space_;
  const LayerEvolution& settings_;
  Random random_;
  std::vector<Individual> alive_;  // fittest first
  std::vector<Mapping> children_;
  std::vector<LayerCost> costs_;
};

}  // namespace

Mapping crossed(const MapSpaceSpec& spec, const Mapping& a, const Mapping& b, DimMask from_b,
                Random& random) {
  Mapping child;
  std::size_t next_a = 0;  // loops come slot by slot
  std::size_t next_b = 0;
  for (const MapSlot& slot : spec.slots) {
    SlotLoops mine;
    SlotLoops others;  // of b, not yet placed
    for (; next_b < b.count && belongs(b.loops[next_b], slot); ++next_b) {
      if ((from_b & dim_bit(b.loops[next_b].dim)) != 0) {
        others.insert(others.count, b.loops[next_b]);
      }
    }
    for (; next_a < a.count && belongs(a.loops[next_a], slot); ++next_a) {
      const Loop& loop = a.loops[next_a];
      if ((from_b & dim_bit(loop.dim)) == 0) {
        mine.insert(mine.count, loop);
      } else if (const std::size_t same = others.find(loop.dim); same < others.count) {
        mine.insert(mine.count, others.loop[same]);  // in the place of the loop it replaces
        others.erase(same);
      }
    }
    for (std::size_t i = 0; i < others.count; ++i) {
      mine.insert(random.below(mine.count + 1), others.loop[i]);
    }
    if (!slot.ordered) {
      std::sort(mine.loop.begin(), mine.loop.begin() + static_cast<std::ptrdiff_t>(mine.count),
                [](const Loop& x, const Loop& y) { return x.dim < y.dim; });
    }
    if (child.count + mine.count > kMaxLoops) {
      return a;
    }
    append(mine, slot, child);
  }
  return child;
}

std::int64_t evolve_layers(search::SearchRun& run, const LayerGraph& graph, const Host& host,
                           const LayerEvolution& evolution) {
  Design design = run.start();
  std::int64_t most = 0;
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    const OperatorId op = graph.layers[layer];
    const mapspace::MapSpace* const space = run.space_of(op);
    search::Fittest fittest(evolution.population);
    search::sample_candidates(run, op, evolution.start, host.random(index(op)), fittest);
    if (space != nullptr) {
      Evolution layers(run, op, *space, evolution, host.random(kEvolutionStreams + index(op)));
      layers.begin(fittest.best_first());
      std::int64_t done = 0;
      for (; done < evolution.generations && layers.has_room(); ++done) {
        layers.generation();
      }
      most = std::max(most, done);
      design.mapping(op) = layers.best();
    }
    run.check_cancelled();
    run.progress(layer + 1, graph.layers.size(), "layers");
  }
  const Design* const pointer = &design;
  Score score;
  run.score({&pointer, 1}, {&score, 1});
  return most;
}

}  // namespace imbrex::genetic
