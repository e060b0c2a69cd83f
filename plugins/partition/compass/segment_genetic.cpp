#include "segment_genetic.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace imbrex::compass {
namespace {

class Population {
 public:
  Population(const segments::Spans& spans, const GeneticGoal& goal, const GeneticOptions& options,
             Random random)
      : spans_(spans), goal_(goal), options_(options), random_(random) {}

  void fill() {
    for (std::int64_t i = 0; i < options_.population; ++i) {
      groups_.emplace_back();
      append_random(spans_, 0, spans_.units(), random_, groups_.back());
    }
  }

  // Cheapest first; equal costs keep their order.
  void sort() {
    std::vector<double> costs;
    costs.reserve(groups_.size());
    for (const segments::Ends& group : groups_) {
      costs.push_back(cost_of(group));
    }
    std::vector<std::size_t> order(groups_.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return costs[a] < costs[b]; });
    std::vector<segments::Ends> sorted;
    for (const std::size_t i : order) {
      sorted.push_back(std::move(groups_[i]));
    }
    groups_ = std::move(sorted);
  }

  // Requires a sorted population. The selected survive; mutants of selected ones, drawn with
  // replacement, take the place of the others. Scores are those of the population before.
  void advance() {
    const std::vector<double> costs = span_costs();
    const Scores scores(spans_, groups_, costs);
    const auto selected = static_cast<std::size_t>(options_.selected);
    std::vector<segments::Ends> next(groups_.begin(), groups_.begin() + options_.selected);
    while (next.size() < groups_.size()) {
      segments::Ends mutant = groups_[random_.below(selected)];
      while (!mutate(spans_, scores, static_cast<Mutation>(random_.below(4)), random_, mutant)) {
      }
      next.push_back(std::move(mutant));
    }
    groups_ = std::move(next);
  }

  const segments::Ends& best() const noexcept { return groups_.front(); }
  double cost_of(const segments::Ends& group) const noexcept {
    const double x = segments::total(spans_, group, goal_.x);
    return goal_.y.empty() ? x : x * segments::total(spans_, group, goal_.y);
  }

 private:
  // What scores compare. A product has no cost per span: its gradient at the population's mean.
  std::vector<double> span_costs() const {
    if (goal_.y.empty()) {
      return {goal_.x.begin(), goal_.x.end()};
    }
    double mean_x = 0;
    double mean_y = 0;
    for (const segments::Ends& group : groups_) {
      mean_x += segments::total(spans_, group, goal_.x) / static_cast<double>(groups_.size());
      mean_y += segments::total(spans_, group, goal_.y) / static_cast<double>(groups_.size());
    }
    std::vector<double> costs;
    costs.reserve(goal_.x.size());
    for (std::size_t i = 0; i < goal_.x.size(); ++i) {
      costs.push_back(goal_.x[i] * mean_y + goal_.y[i] * mean_x);
    }
    return costs;
  }

  const segments::Spans& spans_;
  const GeneticGoal& goal_;
  const GeneticOptions& options_;
  Random random_;
  std::vector<segments::Ends> groups_;
};

}  // namespace

GeneticResult genetic(const segments::Spans& spans, const GeneticGoal& goal,
                      const GeneticOptions& options, Random random, FunctionRef<void()> check) {
  Population population(spans, goal, options, random);
  population.fill();
  population.sort();
  GeneticResult result;
  result.trace.push_back(population.cost_of(population.best()));
  std::int64_t stale = 0;
  for (std::int64_t generation = 0; generation < options.generations; ++generation) {
    check();
    population.advance();
    population.sort();
    const double cost = population.cost_of(population.best());
    stale = cost < result.trace.back() ? 0 : stale + 1;
    result.trace.push_back(cost);
    if (options.patience > 0 && stale >= options.patience) {
      break;
    }
  }
  result.best = population.best();
  result.cost = result.trace.back();
  return result;
}

}  // namespace imbrex::compass
