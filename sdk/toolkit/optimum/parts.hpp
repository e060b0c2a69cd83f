// Everything that is prepared once per question. [any thread]
#pragma once

#include "optimum/prefix.hpp"
#include "optimum/tables.hpp"

#include <imbrex/toolkit/optimum/optimum.hpp>

namespace imbrex::optimum {

inline double most_bytes(const Limits& limits) noexcept {
  return limits.max_bytes > 0 ? static_cast<double>(limits.max_bytes) : 224e6;
}

// Is a layer worth more that takes so much more time, or energy?
bool rises(const Question& question, std::int64_t latency_ps, double energy_pj);

struct Parts {
  const Question& question;
  Layout layout;
  Lattice lattice;
  Boundaries boundaries;
  bool by_latency;  // the objective depends on
  bool by_energy;
  Tables tables;
  Counter counter;

  explicit Parts(const Question& asked);
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  std::int64_t iterations() const noexcept { return question.space.bounds.macs(); }
  // What lies inside a tile at which a step begins at least, or inside a tile that it decides and
  // passes into it (`from`), where tensors that pass by take so much.
  Least behind(std::size_t step, std::uint32_t tile, const Loads& passing_by,
               bool from) const noexcept;
  // What a layer is worth that takes at least so much: `steps` of the MACs, `cycles` of ports,
  // in so many jobs (1: unknown).
  double worth(double energy_pj, std::int64_t steps, double cycles, std::int64_t jobs) const;
};

}  // namespace imbrex::optimum
