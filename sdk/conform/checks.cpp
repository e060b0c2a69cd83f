#include "checks.hpp"

namespace imbrex::conform {

std::vector<const Check*> all_checks() {
  std::vector<const Check*> all;
  for (const auto group : {library_checks, metadata_checks, parameter_checks, lifecycle_checks,
                           determinism_checks, error_checks, workload_checks, architecture_checks,
                           cost_checks, cost_time_checks, mapping_checks, segment_checks,
                           decision_checks, overlap_checks, report_checks, performance_checks}) {
    for (const Check& check : group()) {
      all.push_back(&check);
    }
  }
  return all;
}

bool is_law(const Check& check) noexcept {
  for (const std::string_view group :
       {"workload/", "architecture/", "cost/", "mapping/", "decision/", "overlap/", "report/"}) {
    if (check.id.starts_with(group)) {
      return true;
    }
  }
  return false;
}

}  // namespace imbrex::conform
