// All that a component says, does and leaves on one network, as text: two runs that must be equal
// have equal transcripts.
#pragma once

#include "stand.hpp"

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <string>

namespace imbrex::conform {

// Makes an instance of the subject and asks it everything that its kind can be asked. What it
// refuses in words is part of the transcript. Errors: whatever else the component throws.
inline constexpr std::string_view kRefused = "refused: ";  // such a transcript begins so
std::string transcript(const Stand& stand, plugin::HostServices& services, std::uint64_t seed);

// The parts of it.
std::string architecture_transcript(const Stand& stand);
std::string cost_transcript(const Stand& stand);
std::string stage_transcript(const Stand& stand, plugin::HostServices& services,
                             std::uint64_t seed);
std::string analyzer_transcript(const Stand& stand, plugin::HostServices& services,
                                std::uint64_t seed);
std::string report_transcript(const Stand& stand, plugin::HostServices& services,
                              std::uint64_t seed);

std::string text_of(const Mapping& mapping);
std::string text_of(const Fact& fact);
// Everything that stages decide.
std::string text_of(const Design& design);

// What a reporter gets: the result of the stages that the setting names. Errors: as run_chain.
Result result_on(const Stand& stand, plugin::HostServices& services, std::uint64_t seed);

}  // namespace imbrex::conform
