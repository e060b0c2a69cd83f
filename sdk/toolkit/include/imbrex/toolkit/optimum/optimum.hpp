// The best mapping of one operator on a hierarchy of storage levels, with a proof that none in its
// map space is better: branch and bound from the outermost level inwards. What is decided is
// counted by imbrex/toolkit/nests itself, as loops inside a tile do not change what passes into it;
// what is not decided yet is bounded from below. sdk/docs/optimal.md has the argument. [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace imbrex::optimum {

// Everything outlives the search.
struct Question {
  const MapSpaceSpec& space;
  const nests::Problem& problem;
  const nests::Hierarchy& hierarchy;
  // What a layer of that cost is worth, lower is better; never falls when time or energy rise.
  FunctionRef<double(const LayerCost&)> objective;
};

struct Limits {
  double gap = 0;                 // that may remain between the answer and the bound, of the answer
  std::int64_t max_states = 0;    // 0: no limit
  std::int64_t max_bytes = 0;     // of tables; 0: 224 MB
  FunctionRef<bool()> cancelled;  // asked now and then; ends the search as `max_states` does
  // States, one at least, after which the best mapping is first improved by small random changes.
  std::int64_t improves_at = 50'000;
};

// What left no trace because it could not be better than the best known then.
struct Pruned {
  std::int64_t by_spread = 0;  // shares of all elements, with whatever tile inside
  std::int64_t by_table = 0;   // tiles, by what lies inside them
  std::int64_t by_tile = 0;    // tiles, with what passes into them
  std::int64_t by_order = 0;   // orders of loops, by their first loops or counted
  std::int64_t dominated = 0;  // orders that another one is never worse than
};

struct Answer {
  std::optional<Mapping> mapping;  // none: no mapping of the space is feasible, if `proved`
  LayerCost cost;
  double objective = 0;
  double bound = 0;      // no mapping is worth less; at most `objective`
  bool proved = false;   // `bound` is within `Limits::gap` of `objective`
  std::string unproved;  // why not
  // "states:objective:bound ..." of every improvement: no mapping is worth less than the bound,
  // which never falls and is at most the final one.
  std::string convergence;
  std::int64_t states = 0;  // tiles and shares looked at
  std::int64_t orders = 0;  // orders counted
  std::int64_t leaves = 0;  // whole mappings counted
  Pruned pruned;
};

// Costs that are sums of many words are compared with this relative margin, as sums in another
// order differ: a mapping that is better by less may be missed. Latencies are compared exactly.
inline constexpr double kMargin = 1e-9;

// Why nothing more is known once `Limits::cancelled` has said so: the best mapping and the bound
// are those of that moment.
inline constexpr const char* kInterrupted = "interrupted";

// Deterministic, unless interrupted. Time: exponential in the worst case; memory: O(tiles of the
// lattice of divisors).
Answer solve(const Question& question, const Limits& limits);

// Why `solve` would not prove anything about such a space; empty where it does.
std::string not_covered(const Question& question, const Limits& limits);

}  // namespace imbrex::optimum
