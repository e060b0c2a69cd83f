// NSGA-II as a library of its own, opened when a search asks for it: pagmo and what it links would
// make every start of the command slower. It is built with the engine, and only plain values cross.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace imbrex::evolution {

// A genome is a number per gene; the genomes of a generation lie one behind the other.
struct EvolveRequest {
  std::span<const std::size_t> levels;  // of each gene, at least two; at least one gene
  std::size_t objectives = 2;           // at least two
  std::size_t population = 0;           // a multiple of four, at least eight
  std::size_t generations = 1;          // the first one is among them
  std::uint32_t seed = 0;
  std::span<const std::size_t> first;  // the first generation
};

// Fills in what the genomes of a generation cost: a finite number per objective, less is better,
// those of a genome side by side. False ends the evolution. What it throws goes through.
using EvaluateGenomes =
    FunctionRef<bool(std::span<const std::size_t> genomes, std::span<double> costs)>;

// Nondominated sorting and crowding distance (Deb, Pratap, Agarwal and Meyarivan, IEEE Trans.
// Evolutionary Computation 6(2), 2002), by pagmo. Deterministic; starts no thread.
using Evolve = void(const EvolveRequest& request, EvaluateGenomes evaluate);

// What the library exports. The number changes with the types above, so that a library of another
// build is not called.
inline constexpr const char* kEvolveSymbol = "imbrex_evolve_nsga2_1";
inline constexpr const char* kEvolveLibrary = "libimbrex_nsga2.so";

}  // namespace imbrex::evolution
