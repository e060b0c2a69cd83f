// Spaces whose factors need not divide. [any thread]
#pragma once

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <string>

namespace imbrex::optimum::uneven {

// Does any slot take factors that do not divide?
bool is_uneven(const MapSpaceSpec& space) noexcept;

// Both as in optimum.hpp.
std::string not_covered(const Question& question, const Limits& limits);
void solve(const Question& question, const Limits& limits, Answer& answer);

}  // namespace imbrex::optimum::uneven
