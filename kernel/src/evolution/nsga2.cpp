// Gives the generations of pagmo's NSGA-II to whoever evaluates them.
#include "evolution/evolve.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/bfe.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace imbrex::evolution {
namespace {

// Those of pagmo, whose default for mutation is meant for more genes than experiments have.
constexpr double kCrossover = 0.95;
constexpr double kCrossoverIndex = 10;
constexpr double kMutationIndex = 50;

struct Stopped {};

// What pagmo calls a user-defined problem: its bounds only, since whole generations are evaluated.
struct GenomeProblem {
  pagmo::vector_double largest = {1};
  std::size_t objectives = 2;

  pagmo::vector_double fitness(const pagmo::vector_double& /*genome*/) const {
    return pagmo::vector_double(objectives, 0);
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(largest.size(), 0), largest};
  }
  pagmo::vector_double::size_type get_nobj() const { return objectives; }
  pagmo::vector_double::size_type get_nix() const { return largest.size(); }
};

// And what it calls a batch fitness evaluator.
struct GenerationEvaluator {
  const EvaluateGenomes* evaluate = nullptr;

  pagmo::vector_double operator()(const pagmo::problem& problem,
                                  const pagmo::vector_double& genes) const {
    const std::vector<std::size_t> genomes(genes.begin(), genes.end());
    pagmo::vector_double costs(genomes.size() / problem.get_nx() * problem.get_nobj());
    if (!(*evaluate)(genomes, costs)) {
      throw Stopped();
    }
    return costs;
  }
};

pagmo::population first_generation(const EvolveRequest& request,
                                   const GenerationEvaluator& evaluate) {
  GenomeProblem genomes{{}, request.objectives};
  for (const std::size_t levels : request.levels) {
    genomes.largest.push_back(static_cast<double>(levels - 1));
  }
  pagmo::population population(pagmo::problem(std::move(genomes)), 0U, request.seed);
  const pagmo::vector_double genes(request.first.begin(), request.first.end());
  const pagmo::vector_double costs = evaluate(population.get_problem(), genes);
  const auto part = [](const pagmo::vector_double& all, std::size_t index, std::size_t size) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index * size);
    return pagmo::vector_double(begin, begin + static_cast<std::ptrdiff_t>(size));
  };
  for (std::size_t i = 0; i < request.population; ++i) {
    population.push_back(part(genes, i, request.levels.size()), part(costs, i, request.objectives));
  }
  return population;
}

void evolve(const EvolveRequest& request, EvaluateGenomes evaluate) {
  const GenerationEvaluator evaluator{&evaluate};
  const double mutation = 1.0 / static_cast<double>(request.levels.size());
  pagmo::nsga2 nsga2(1, kCrossover, kCrossoverIndex, mutation, kMutationIndex, request.seed);
  nsga2.set_bfe(pagmo::bfe(evaluator));
  try {
    pagmo::population population = first_generation(request, evaluator);
    for (std::size_t generation = 1; generation < request.generations; ++generation) {
      population = nsga2.evolve(std::move(population));
    }
  } catch (const Stopped&) {
    // Whoever stopped it knows.
  }
}

}  // namespace
}  // namespace imbrex::evolution

extern "C" [[gnu::visibility("default")]] void imbrex_evolve_nsga2_1(
    const imbrex::evolution::EvolveRequest& request, imbrex::evolution::EvaluateGenomes evaluate) {
  imbrex::evolution::evolve(request, evaluate);
}
