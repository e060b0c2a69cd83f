// A stage in a process of its own (isolation.hpp): the same that it leaves in this one.
#pragma once

#include "plugin/host_services.hpp"
#include "run/analysis.hpp"
#include "run/isolation.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/result.hpp>

#include <string>
#include <vector>

namespace imbrex::run {

// What a partitioner or search leaves.
struct StageLeft {
  Design design;  // without a timeline
  std::vector<Fact> facts;
  bool scored = false;       // something would be lost with the design
  bool interrupted = false;  // the design is the best that was known
};

// `change` starts from `before`. Stopped and not ended in time: what `before` was, interrupted.
// Errors: those of `change`, and of `in_child`.
StageLeft changed_in_child(plugin::HostServices& services, const std::string& where,
                           const Isolation& limits, const Design& before,
                           FunctionRef<StageLeft()> change);
// Errors: those of `analyze`, and of `in_child`.
Analysis analyzed_in_child(plugin::HostServices& services, const std::string& where,
                           const Isolation& limits, const Design& design,
                           FunctionRef<Analysis()> analyze);

}  // namespace imbrex::run
