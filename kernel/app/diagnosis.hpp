// What `imbrex doctor` finds out about an installation: one finding per thing that can be wrong,
// each with what to do about it.
#pragma once

#include "options.hpp"
#include "plugin/registry.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::app {

enum class Health : std::uint8_t {
  ok,
  warning,  // works, but not all of it, or not for long
  problem,  // something that was installed or named cannot be used
};

std::string_view word_of(Health health) noexcept;

struct Finding {
  Health health = Health::ok;
  std::string check;   // "plugin folder"
  std::string found;   // one sentence
  std::string remedy;  // what to do; empty when nothing has to be done
};
using Findings = std::vector<Finding>;

// Never throws because of what is wrong: that is a finding.
Findings diagnose(const DoctorOptions& options);

// The groups of it, in this order.
void diagnose_command(Findings& findings);
void diagnose_search_path(const plugin::PluginSearchPath& path, Findings& findings);
void diagnose_plugins(const plugin::Registry& registry, Findings& findings);
void diagnose_machine(Findings& findings);
void diagnose_completion(Findings& findings);
// Runs a recipe of two layers from a temporary folder to its makespan.
void diagnose_run(const plugin::Registry& registry, Findings& findings);

// {"schema": 1, "healthy": true, "findings": [...]}; ends with a newline.
std::string findings_json(const Findings& findings);

}  // namespace imbrex::app
