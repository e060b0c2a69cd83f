// Adds phases, and what waits for what, to a model.
#pragma once

#include "model.hpp"

#include <utility>

namespace imbrex::simulator {

class PhaseBuilder {
 public:
  explicit PhaseBuilder(Model& model) : model_(model) {}

  // Returns its batch. Segment lists are the caller's.
  Index add_phase(std::int64_t duration_ps, Resource resource);
  // Opens when all these jobs have ended.
  Index add_gate(const std::vector<Index>& writers);
  // When a phase has ended.
  Index after(Index phase) { return add_gate({model_.batches[phase].first_job}); }
  // When all lanes of these operators have run to their ends.
  Index after_operators(Index first, Index end);
  void wait(Index batch, Index gate) { waits_.emplace_back(batch, gate); }
  // The first batch of every lane of an operator; the others wait for it anyway.
  void lanes_wait(const OperatorEntry& op, Index gate);

  // To be called once, last.
  void finish();

 private:
  Model& model_;
  std::vector<std::pair<Index, Index>> waits_;  // batch, gate
};

}  // namespace imbrex::simulator
