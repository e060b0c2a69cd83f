// Work in a child process: what ends or corrupts that process leaves this one as it was.
#pragma once

#include "plugin/host_services.hpp"
#include "run/isolation.hpp"

#include <imbrex/plugin/host.hpp>

#include <string>

namespace imbrex::run {

// Calls `work` in a fork of this process, with worker threads of the child's own, and returns what
// it returned. Nothing else that it does is seen here. No parallel loop may run meanwhile.
// `where` is the stage: it is named when nobody else is known to be to blame. A request to stop is
// passed on; a child that has not ended ten seconds later is ended. Errors: those of `work`, of the
// same kind and text; BlamedError of whoever ended the child, or did not come to an end within
// `limits.seconds`; CancelledError; Error when there is no process.
std::string in_child(plugin::HostServices& services, const std::string& where,
                     const Isolation& limits, FunctionRef<std::string()> work);

}  // namespace imbrex::run
