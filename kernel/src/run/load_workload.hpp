// From a planned reader to a finished workload.
#pragma once

#include "plugin/host_services.hpp"
#include "recipe/plan.hpp"

#include <imbrex/values/workload.hpp>

#include <memory>

namespace imbrex::run {

// Errors: InputError (unreadable or inconsistent file).
std::shared_ptr<const Workload> load_workload(const recipe::PlannedComponent& reader,
                                              std::uint64_t seed, plugin::HostServices& services);

}  // namespace imbrex::run
