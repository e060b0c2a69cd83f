#include "search/shortfall_text.hpp"

#include <imbrex/toolkit/search/candidates.hpp>

#include <algorithm>

namespace imbrex::search {
namespace {

double excess(const Shortfall& shortfall) noexcept {
  return static_cast<double>(shortfall.needed) /
         static_cast<double>(std::max<std::int64_t>(1, shortfall.available));
}

}  // namespace

void LeastShortfall::add(const CostModel& cost, OperatorId op, const Placement& placement,
                         const Mapping& mapping) {
  const std::optional<Shortfall> found = cost.shortfall(op, placement, mapping);
  if (found && (!least_ || excess(*found) < excess(*least_))) {
    least_ = found;
  }
}

std::string LeastShortfall::text() const {
  if (!least_) {
    return "its placement is too small for it";
  }
  return "the least bad needs " + counted(least_->needed, least_->unit) + " of a " +
         std::string(least_->level) + ", which has " + std::to_string(least_->available) + ": " +
         std::to_string(least_->needed - least_->available) + " too few; give it more resources";
}

}  // namespace imbrex::search
