#include "run/stage_admission.hpp"

#include "run/capacity.hpp"

#include <imbrex/plugin/error.hpp>

#include <optional>

#include <fmt/format.h>

namespace imbrex::run {

void StageAdmission::begins(const Design& design, const BoundMachine& machine) {
  trail_.clear();
  trail_.push_back({std::string(), design, &machine});
}

void StageAdmission::require_left(const Design& design, const BoundMachine& machine,
                                  std::string_view where) {
  const Admission admission(machine, {});
  if (const std::optional<Refusal> refusal = admission.refusal_so_far(design)) {
    if (refusal->breaks_contract) {
      throw BlamedError(where, "left a design that is not right: " + refusal->reason);
    }
    throw InfeasibleError(fmt::format("{}: {}", where, refusal->reason));
  }
  trail_.push_back({std::string(where), design, &machine});
}

// The stage since which nothing fits; nobody where the beginning did not.
const StageAdmission::Left* StageAdmission::culprit() const {
  const Left* first_misfit = nullptr;
  for (auto left = trail_.rbegin(); left != trail_.rend(); ++left) {
    if (fits(left->design, *left->machine)) {
      return first_misfit;
    }
    first_misfit = &*left;
  }
  return nullptr;
}

void StageAdmission::require_whole(const Design& design, const BoundMachine& machine,
                                   const JobShape& shape, std::string_view where) const {
  const Admission admission(machine, shape);
  const std::optional<Refusal> refusal = admission.refusal(design);
  if (!refusal) {
    return;
  }
  if (const Left* const left = refusal->lacks_room ? culprit() : nullptr) {
    throw InfeasibleError(
        fmt::format("{}: left a design that does not fit: {}", left->where,
                    misfit_message(left->design, *left->machine, "it").value_or(refusal->reason)));
  }
  throw InfeasibleError(fmt::format("{}: {}", where, refusal->reason));
}

}  // namespace imbrex::run
