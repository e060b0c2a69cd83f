// File: design.cpp
#include <imbrex/design.hpp>
#include <imbrex/error.hpp>

#include <utility>

namespace imbrex {

Design::Design(std::shared_ptr<const Workload> workload) : workload_(std::move(workload)) {
  IMBREX_ASSERT(workload_ != nullptr);
  placements_.resize(workload_->operators().size());
  mappings_.resize(workload_->operators().size());
}

Design::Design(const Design&) = default;
Design::Design(Design&&) noexcept = default;
Design& Design::operator=(const Design&) = default;
Design& Design::operator=(Design&&) noexcept = default;
Design::~Design() = default;

const FloorPlans& Design::floor_plans() const noexcept {
  static const FloorPlans none;
  return floor_plans_ ? *floor_plans_ : none;
}

void Design::set_floor_plans(FloorPlans plans) {
  floor_plans_ = plans.empty() ? nullptr : std::make_shared<const FloorPlans>(std::move(plans));
}

}  // namespace imbrex
