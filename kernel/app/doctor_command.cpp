// `imbrex doctor`: is this installation whole, and if not, what has to be done?
#include "command_parts.hpp"
#include "commands.hpp"
#include "diagnosis.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

std::size_t how_many(const Findings& findings, Health health) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [health](const Finding& finding) { return finding.health == health; }));
}

void print_findings(const Findings& findings) {
  constexpr std::size_t kIndent = 9;  // behind the longest word for a state
  for (const Finding& finding : findings) {
    fmt::print("{:<{}}{}", word_of(finding.health), kIndent,
               paragraph(finding.check + ": " + finding.found, kIndent).substr(kIndent));
    if (!finding.remedy.empty()) {
      fmt::print("{}", paragraph("-> " + finding.remedy, kIndent));
    }
  }
  fmt::print("\n{} checks, {} warnings, {} problems\n", findings.size(),
             how_many(findings, Health::warning), how_many(findings, Health::problem));
}

}  // namespace

std::string_view word_of(Health health) noexcept {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::problem:
      break;
  }
  return "problem";
}

Findings diagnose(const DoctorOptions& options) {
  Findings findings;
  diagnose_command(findings);
  plugin::PluginSearchPath path = plugin::default_search_path();
  path.files.assign(options.common.plugin_files.begin(), options.common.plugin_files.end());
  diagnose_search_path(path, findings);
  diagnose_machine(findings);
  diagnose_completion(findings);
  try {
    const plugin::Registry registry(path);
    diagnose_plugins(registry, findings);
    diagnose_run(registry, findings);
  } catch (const InputError& error) {
    findings.push_back(
        {Health::problem, "plugins", error.what(),
         "correct what the message names; until then nothing that needs a component runs"});
  }
  return findings;
}

int doctor_command(const DoctorOptions& options) {
  const Findings findings = diagnose(options);
  if (options.json) {
    fmt::print("{}", findings_json(findings));
  } else {
    print_findings(findings);
  }
  return how_many(findings, Health::problem) == 0 ? kExitDone : kExitFailed;
}

}  // namespace imbrex::app
