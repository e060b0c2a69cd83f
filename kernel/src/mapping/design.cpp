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

}  // namespace imbrex
