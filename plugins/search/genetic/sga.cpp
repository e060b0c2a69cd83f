// pagmo's simple genetic algorithm (Biscani and Izzo, JOSS 5(53), 2020); it asks for one genome at
// a time.
#include "genome_evolution.hpp"

#include <utility>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/sga.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace imbrex::genetic {
namespace {

// What pagmo calls a user-defined problem: copied around, all variables integer. pagmo makes one
// without anything before it assigns the real one.
struct GenomeProblem {
  const Genome* largest = nullptr;
  GenomeObjective* objective = nullptr;

  pagmo::vector_double fitness(const pagmo::vector_double& genome) const {
    return {(*objective)(genome)};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    const pagmo::vector_double most = largest == nullptr ? pagmo::vector_double{1} : *largest;
    return {pagmo::vector_double(most.size(), 0), most};
  }
  pagmo::vector_double::size_type get_nix() const { return largest ? largest->size() : 1; }
};

std::int64_t evolve(const EvolutionRequest& request, GenomeObjective objective, GoesOn goes_on) {
  pagmo::population population(pagmo::problem(GenomeProblem{&request.largest, &objective}),
                               request.population - 2, request.first_seed);
  population.push_back(pagmo::vector_double(request.largest.size(), 0));
  population.push_back(request.best_alone);
  // One generation at a time, so that somebody else says when it is enough.
  const pagmo::algorithm generation(pagmo::sga(1, request.crossover, 1., request.mutation, 1., 2,
                                               "exponential", "uniform", "tournament",
                                               request.seed));
  std::int64_t done = 0;
  while (goes_on(done)) {
    population = generation.evolve(population);
    ++done;
  }
  return done;
}

}  // namespace
}  // namespace imbrex::genetic

extern "C" [[gnu::visibility("default")]] std::int64_t imbrex_evolve_sga_1(
    const imbrex::genetic::EvolutionRequest& request, imbrex::genetic::GenomeObjective objective,
    imbrex::genetic::GoesOn goes_on) {
  return imbrex::genetic::evolve(request, objective, goes_on);
}
