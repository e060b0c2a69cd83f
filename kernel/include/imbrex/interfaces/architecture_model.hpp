#pragma once

#include <imbrex/values/architecture.hpp>

namespace imbrex {

// Describes the hardware. Immutable after construction. [any thread]
class IMBREX_API ArchitectureModel {
 public:
  virtual ~ArchitectureModel();
  // Valid as long as the model.
  virtual const Architecture& view() const noexcept = 0;
  // Does the sum of demands fit? Monotone: what fits still fits when it shrinks.
  virtual Verdict fits(const Demand& total) const noexcept = 0;
};

}  // namespace imbrex
