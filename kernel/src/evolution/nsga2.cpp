// Gives the generations of pagmo's NSGA-II to whoever evaluates them. pagmo evaluates one genome
// after another, or a batch, for which it starts threads, and who is called here forks. Since what
// a generation costs decides who survives and not who is born, it is bred twice: to learn whom to
// ask for, and with the answers.
#include "evolution/evolve.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace imbrex::evolution {
namespace {

// Those of pagmo, but for mutation: one gene of a genome, as in the paper.
constexpr double kCrossover = 0.95;
constexpr double kCrossoverIndex = 10;
constexpr double kMutationIndex = 50;

using Vector = pagmo::vector_double;

// What genomes cost, or which ones are asked for.
class Book {
 public:
  explicit Book(std::size_t objectives) : objectives_(objectives) {}

  std::size_t objectives() const noexcept { return objectives_; }
  void ask(bool asking) { asking_ = asking; }
  Vector costs(const Vector& genome) {
    if (asking_) {
      asked_.insert(asked_.end(), genome.begin(), genome.end());
      return Vector(objectives_, 0);
    }
    const auto at = known_.find(genome);
    if (at == known_.end()) {
      throw std::logic_error("NSGA-II bred other genomes when it knew the costs of the first ones");
    }
    return at->second;
  }
  // Has all evaluated that were asked for. False: stop.
  bool answer(std::size_t genes, EvaluateGenomes evaluate) {
    const std::vector<std::size_t> genomes(asked_.begin(), asked_.end());
    Vector costs(genomes.size() / genes * objectives_);
    const bool go_on = evaluate(genomes, costs);
    for (std::size_t i = 0; i < genomes.size() / genes; ++i) {
      known_[part(asked_, i, genes)] = part(costs, i, objectives_);
    }
    asked_.clear();
    return go_on;
  }

 private:
  static Vector part(const Vector& all, std::size_t index, std::size_t size) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index * size);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
  }

  std::size_t objectives_;
  bool asking_ = true;
  Vector asked_;
  std::map<Vector, Vector> known_;
};

// What pagmo calls a user-defined problem: copied around, all variables integer.
struct GenomeProblem {
  Book* book = nullptr;
  Vector largest = {1};  // pagmo makes one of its own before it assigns the real one

  Vector fitness(const Vector& genome) const { return book->costs(genome); }
  std::pair<Vector, Vector> get_bounds() const { return {Vector(largest.size(), 0), largest}; }
  Vector::size_type get_nobj() const { return book == nullptr ? 2 : book->objectives(); }
  Vector::size_type get_nix() const { return largest.size(); }
};

// The first generation, evaluated when `book` knows it.
pagmo::population first_generation(const EvolveRequest& request, Book& book) {
  GenomeProblem genomes{&book, {}};
  for (const std::size_t levels : request.levels) {
    genomes.largest.push_back(static_cast<double>(levels - 1));
  }
  pagmo::population population(pagmo::problem(std::move(genomes)), 0U, request.seed);
  for (std::size_t i = 0; i < request.population; ++i) {
    const auto genome = request.first.subspan(i * request.levels.size(), request.levels.size());
    population.push_back(Vector(genome.begin(), genome.end()));
  }
  return population;
}

void evolve(const EvolveRequest& request, EvaluateGenomes evaluate) {
  const std::size_t genes = request.levels.size();
  Book book(request.objectives);
  const pagmo::nsga2 nsga2(1, kCrossover, kCrossoverIndex, 1.0 / static_cast<double>(genes),
                           kMutationIndex, request.seed);
  first_generation(request, book);
  bool go_on = book.answer(genes, evaluate);
  book.ask(false);
  pagmo::population population = first_generation(request, book);
  for (std::size_t generation = 1; go_on && generation < request.generations; ++generation) {
    const pagmo::nsga2 rehearsal = nsga2;  // with the same random numbers to come
    book.ask(true);
    rehearsal.evolve(population);
    go_on = book.answer(genes, evaluate);
    book.ask(false);
    population = nsga2.evolve(std::move(population));
  }
}

}  // namespace
}  // namespace imbrex::evolution

extern "C" [[gnu::visibility("default")]] void imbrex_evolve_nsga2_1(
    const imbrex::evolution::EvolveRequest& request, imbrex::evolution::EvaluateGenomes evaluate) {
  imbrex::evolution::evolve(request, evaluate);
}
