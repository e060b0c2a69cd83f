#include <imbrex/plugin/error.hpp>
#include <imbrex/values/design.hpp>

#include <algorithm>
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

const std::shared_ptr<const DealtOrder>& Design::dealt_order(OperatorId id) const noexcept {
  static const std::shared_ptr<const DealtOrder> none;
  return dealt_orders_.empty() ? none : dealt_orders_[id];
}

void Design::set_dealt_order(OperatorId id, std::shared_ptr<const DealtOrder> order) {
  if (dealt_orders_.empty() && order != nullptr) {
    dealt_orders_.resize(workload_->operators().size());
  }
  if (!dealt_orders_.empty()) {
    dealt_orders_[id] = std::move(order);
  }
}

bool Design::has_dealt_orders() const noexcept {
  return std::any_of(dealt_orders_.begin(), dealt_orders_.end(),
                     [](const auto& order) { return order != nullptr; });
}

void Design::set_floor_plans(FloorPlans plans) {
  floor_plans_ = plans.empty() ? nullptr : std::make_shared<const FloorPlans>(std::move(plans));
}

}  // namespace imbrex
