// pagmo's simple genetic algorithm as a library of its own, opened when a search asks for it: pagmo
// copies tables of test functions when it is loaded, and every start of the command would pay for
// them. Both are built together, and only plain values cross.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::genetic {

using Genome = std::vector<double>;  // whole numbers from 0 on, one per gene; what pagmo takes

struct EvolutionRequest {
  const Genome& largest;       // value of each gene; at least one gene
  const Genome& best_alone;    // of the first population, as is the genome of zeros
  std::size_t population = 0;  // at least 4
  double crossover = 0;
  double mutation = 0;
  std::uint32_t first_seed = 0;  // of the first population
  std::uint32_t seed = 0;        // of the generations
};

// What a genome is worth, finite; less is better.
using GenomeObjective = FunctionRef<double(const Genome& genome)>;
// Whether there is another generation behind so many; what it throws goes through.
using GoesOn = FunctionRef<bool(std::int64_t done)>;

// Returns how many generations there were. Deterministic; starts no thread.
using EvolveGenomes = std::int64_t(const EvolutionRequest& request, GenomeObjective objective,
                                   GoesOn goes_on);

// What the library exports. The number changes with the types above, so that a library of another
// build is not called.
inline constexpr const char* kEvolveSymbol = "imbrex_evolve_sga_1";
inline constexpr const char* kEvolveLibrary = "libimbrex_sga.so";

// The function, out of the folder above that of the plugin's own library. Errors: Error{failed}
// that says what is missing.
EvolveGenomes* open_evolution();

}  // namespace imbrex::genetic
