// Hardware of tests that bring no plugin: 8 x 8 tiles of one unit each.
#pragma once

#include <imbrex/interfaces/architecture_model.hpp>

namespace imbrex::test {

// An architecture with the pool of units that it refers to.
struct FakeChip {
  explicit FakeChip(std::int64_t units = 64) : pool{"unit", units, 1} {
    architecture.name = "fake";
    architecture.resources = {&pool, 1};
    architecture.grid = {8, 8};
  }
  FakeChip(const FakeChip&) = delete;
  FakeChip& operator=(const FakeChip&) = delete;

  ResourcePool pool;
  Architecture architecture;
};

class FakeArchitectureModel : public ArchitectureModel {
 public:
  explicit FakeArchitectureModel(std::int64_t units) : chip(units) {}
  const Architecture& view() const noexcept override { return chip.architecture; }
  Verdict fits(const Demand&) const noexcept override { return Verdict::feasible; }

  FakeChip chip;
};

}  // namespace imbrex::test
