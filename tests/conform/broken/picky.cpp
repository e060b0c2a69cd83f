// A chip and a cost model that knows this chip alone, in libraries of their own.
#include "fakes/cost_model.hpp"

#include <imbrex/plugin.hpp>

#include <array>
#include <string>

namespace {

constexpr std::string_view kChip = "the chip of the picky one";

class Chip final : public imbrex::ArchitectureModel {
 public:
  Chip(const imbrex::NoConfig&, const imbrex::Context&) {
    units_[0].name = "unit";
    units_[0].rows = units_[0].columns = 1;
    units_[0].operation_ps = 10;
    pools_[0] = {"unit", 100, 1};
    view_.name = kChip;
    view_.units = units_;
    view_.resources = pools_;
  }
  const imbrex::Architecture& view() const noexcept override { return view_; }
  imbrex::Verdict fits(const imbrex::Demand& total) const noexcept override {
    return total.units <= 100 ? imbrex::Verdict::feasible : imbrex::Verdict::infeasible;
  }

 private:
  std::array<imbrex::ComputeUnit, 1> units_;
  std::array<imbrex::ResourcePool, 1> pools_;
  imbrex::Architecture view_;
};

class Cost final : public imbrex::test::FakeCostModel {
 public:
  Cost(const imbrex::NoConfig&, const imbrex::Context& context) : FakeCostModel(*context.workload) {
    if (context.architecture->name != kChip) {
      throw imbrex::InputError("expects " + std::string(kChip));
    }
  }
};

constexpr imbrex::Component kComponents[] = {
#ifdef PICKY_CHIP
    imbrex::component<Chip, imbrex::NoConfig>("broken.architecture.picky", "A chip", {})
        .provides(imbrex::Trait::crossbars)
#else
    imbrex::component<Cost, imbrex::NoConfig>("broken.cost.picky", "Knows one chip", {})
#endif
};

}  // namespace

#ifdef PICKY_CHIP
IMBREX_PLUGIN("broken.picky-chip", "1.0.0", "A chip", "MIT", kComponents)
#else
IMBREX_PLUGIN("broken.picky-cost", "1.0.0", "Knows one chip", "MIT", kComponents)
#endif
