// Spaces whose factors need not divide. [any thread]
#pragma once

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <string>

namespace imbrex::optimum {

// Does any slot take factors that do not divide?
bool is_uneven(const MapSpaceSpec& space) noexcept;

// Both as in optimum.hpp.
std::string uneven_not_covered(const Question& question, const Limits& limits);
void solve_uneven(const Question& question, const Limits& limits, Answer& answer);

}  // namespace imbrex::optimum
