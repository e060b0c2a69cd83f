#include "experiment/search.hpp"

#include "experiment/pareto.hpp"
#include "plugin/library.hpp"
#include "plugin/registry.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// The worst there is; NSGA-II subtracts costs and wants finite numbers.
constexpr double kBeyondAllCosts = std::numeric_limits<double>::max() / 4;

std::vector<Wheel> genes_of(const Experiment& experiment) {
  std::vector<Wheel> wheels = wheels_of(experiment);
  std::erase_if(wheels, [](const Wheel& wheel) { return wheel.size < 2; });
  return wheels;
}

std::string points_text(const Experiment& experiment) {
  const std::size_t count = combinations_of(wheels_of(experiment));
  return count == std::numeric_limits<std::size_t>::max() ? "more than 10^19 points"
                                                          : fmt::format("{} points", count);
}

void add_front(ExperimentPlan& plan, const std::string& how) {
  const SearchSpec& search = *plan.experiment.search;
  plan.experiment.fronts.push_back({fmt::format("{}: {}", search.title, how), search.objectives});
}

// Genomes in which every gene has each of its values about equally often: what is random is who
// meets whom (McKay, Beckman and Conover, Technometrics 21(2), 1979).
std::vector<std::size_t> first_generation(const SearchSpec& search,
                                          const std::vector<std::size_t>& levels) {
  std::vector<std::size_t> genomes(search.population * levels.size());
  for (std::size_t gene = 0; gene < levels.size(); ++gene) {
    Random random(search.seed, gene);
    std::vector<std::size_t> values;
    for (std::size_t i = 0; i < search.population; ++i) {
      const double at = (static_cast<double>(i) + random.unit()) /
                        static_cast<double>(search.population) * static_cast<double>(levels[gene]);
      values.push_back(std::min(static_cast<std::size_t>(at), levels[gene] - 1));
    }
    random.shuffle(std::span(values));
    for (std::size_t i = 0; i < search.population; ++i) {
      genomes[i * levels.size() + gene] = values[i];
    }
  }
  return genomes;
}

class FrontSearch {
 public:
  FrontSearch(Experiment experiment, const plugin::Registry& registry, RunGeneration run)
      : planner_(std::move(experiment), registry),
        run_(run),
        genes_(genes_of(planner_.plan().experiment)) {}

  SearchOutcome search(evolution::Evolve& evolve) {
    const SearchSpec& search = *planner_.plan().experiment.search;
    std::vector<std::size_t> levels;
    for (const Wheel& gene : genes_) {
      levels.push_back(gene.size);
    }
    const std::vector<std::size_t> first = first_generation(search, levels);
    evolve({levels, search.objectives.size(), search.population, search.generations, search.seed,
            first},
           [&](std::span<const std::size_t> genomes, std::span<double> costs) {
             return evaluate(genomes, costs);
           });
    finish();
    return {std::move(planner_.plan()), std::move(records_)};
  }

 private:
  Point point_of(std::span<const std::size_t> genome) {
    Point point{std::vector<std::size_t>(planner_.plan().experiment.axes.size(), 0)};
    for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
      for (const std::size_t axis : genes_[gene].axes) {
        point.levels[axis] = genome[gene];
      }
    }
    return point;
  }

  bool evaluate(std::span<const std::size_t> genomes, std::span<double> costs) {
    ExperimentPlan& plan = planner_.plan();
    std::vector<Point> asked;
    std::vector<Point> fresh;
    for (std::size_t at = 0; at < genomes.size(); at += genes_.size()) {
      asked.push_back(point_of(genomes.subspan(at, genes_.size())));
      const Point& point = asked.back();
      const bool is_new = !is_excluded(plan.experiment, point) &&
                          known_.try_emplace(point.levels, known_.size()).second;
      if (is_new) {
        fresh.push_back(point);
      }
    }
    planner_.add(std::move(fresh));
    const bool go_on = run_(plan, records_);
    plan.generations.push_back(plan.points.size());
    require_objectives();
    const std::size_t objectives = plan.experiment.search->objectives.size();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const Costs known = costs_at(asked[i]);
      std::copy(known.begin(), known.end(),
                costs.begin() + static_cast<std::ptrdiff_t>(i * objectives));
    }
    return go_on;
  }

  Costs costs_at(const Point& point) {
    const ExperimentPlan& plan = planner_.plan();
    const std::vector<std::string>& objectives = plan.experiment.search->objectives;
    const auto at = known_.find(point.levels);
    const auto* const record =
        at == known_.end() ? nullptr : &records_[plan.points[at->second].plan];
    return costs_of(record != nullptr && *record ? &**record : nullptr, objectives)
        .value_or(Costs(objectives.size(), kBeyondAllCosts));
  }

  // As soon as there are points to ask: what nobody has cannot be searched for.
  void require_objectives() {
    const Experiment& experiment = planner_.plan().experiment;
    Diagnostics diagnostics;
    for (const std::string& missing : missing_of(experiment.search->objectives, records_)) {
      if (experiment.document == nullptr) {
        throw InputError("[search]: " + missing);
      }
      diagnostics.error(*experiment.document, experiment.search->position, missing);
    }
    diagnostics.throw_if_any();
  }

  void finish() {
    ExperimentPlan& plan = planner_.plan();
    const SearchSpec& search = *plan.experiment.search;
    if (plan.points.empty()) {
      throw InputError("every point that the search asked for is excluded");
    }
    add_front(plan, fmt::format("of {} of {}, by NSGA-II in {} generations of {} (seed {})",
                                plan.points.size(), points_text(plan.experiment),
                                plan.generations.size(), search.population, search.seed));
  }

  PointPlanner planner_;
  RunGeneration run_;
  std::vector<Wheel> genes_;
  std::map<std::vector<std::size_t>, std::size_t> known_;  // levels -> point
  Records records_;
};

}  // namespace

bool runs_every_point(const Experiment& experiment) {
  if (!experiment.search || genes_of(experiment).empty()) {
    return true;
  }
  const SearchSpec& search = *experiment.search;
  const std::size_t budget = search.population * search.generations;
  return search.method == SearchMethod::exhaustive ||
         (search.method == SearchMethod::automatic &&
          combinations_of(wheels_of(experiment)) <= budget);
}

void add_exact_front(ExperimentPlan& plan) {
  if (plan.experiment.search) {
    add_front(plan, fmt::format("exact, of all {} points", plan.points.size()));
  }
}

void require_levels(const Experiment& experiment, const plugin::Registry& registry) {
  constexpr std::size_t kMostLevels = 500;
  std::vector<Point> points;
  for (const Wheel& gene : genes_of(experiment)) {
    const std::size_t count = std::min(gene.size, kMostLevels);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t level = i * (gene.size - 1) / (count - 1);
      Point point{std::vector<std::size_t>(experiment.axes.size(), 0)};
      for (const std::size_t axis : gene.axes) {
        point.levels[axis] = level;
      }
      if (!is_excluded(experiment, point)) {
        points.push_back(std::move(point));
      }
    }
  }
  PointPlanner(experiment, registry).add(std::move(points));
}

std::string search_overview(const Experiment& experiment) {
  const SearchSpec& search = *experiment.search;
  return fmt::format("NSGA-II: {} generations of {} runs at most, of {}", search.generations,
                     search.population, points_text(experiment));
}

SearchOutcome search_front(Experiment experiment, const plugin::Registry& registry,
                           evolution::Evolve& evolve, RunGeneration run) {
  return FrontSearch(std::move(experiment), registry, run).search(evolve);
}

evolution::Evolve& open_nsga2() {
  const std::filesystem::path file = plugin::library_folder() / evolution::kEvolveLibrary;
  if (!std::filesystem::exists(file)) {
    throw InputError(
        fmt::format("NSGA-II is not built: there is no '{}'; build everything with pagmo (Debian: "
                    "libpagmo-dev), or run every point: method = \"exhaustive\"",
                    file.string()));
  }
  return *reinterpret_cast<evolution::Evolve*>(
      plugin::open_function(file, evolution::kEvolveSymbol));
}

}  // namespace imbrex::experiment
