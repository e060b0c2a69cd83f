#include "transcript.hpp"

#include "run/load_workload.hpp"
#include "stage_trial.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

std::string kind_transcript(const Stand& stand, plugin::HostServices& services,
                            std::uint64_t seed) {
  switch (stand.setting().subject.config.component().kind) {
    case Kind::workload_reader:
      return run::load_workload(stand.setting().subject, seed, services)->canonical_text();
    case Kind::architecture_model:
      return architecture_transcript(stand);
    case Kind::cost_model:
      return cost_transcript(stand);
    case Kind::partitioner:
    case Kind::search_strategy:
      return stage_transcript(stand, services, seed);
    case Kind::overlap_analyzer:
      return analyzer_transcript(stand, services, seed);
    case Kind::reporter:
      break;
  }
  return report_transcript(stand, services, seed);
}

}  // namespace

std::string transcript(const Stand& stand, plugin::HostServices& services, std::uint64_t seed) {
  std::string text;
  try {
    plugin::guard(stand.setting().subject.where, "what its kind is asked",
                  [&] { text = kind_transcript(stand, services, seed); });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input && error.code() != ErrorCode::infeasible) {
      throw;
    }
    text = fmt::format("{}{}", kRefused, error.what());
  }
  return text;
}

std::string stage_transcript(const Stand& stand, plugin::HostServices& services,
                             std::uint64_t seed) {
  const StageTrial::Left left = StageTrial(stand, services, seed).run();
  std::string text = text_of(left.design);
  for (const Fact& fact : left.facts) {
    text += text_of(fact);
  }
  return text;
}

}  // namespace imbrex::conform
