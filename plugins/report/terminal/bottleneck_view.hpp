// Which operators stand in the way, as a table for the terminal.
#pragma once

#include "terminal_style.hpp"

#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::terminal {

// At most `rows` operators, those that bound the makespan most first (0: all), what data movement
// adds, and who is as late as the operators on the critical path. Empty without operators or time.
std::string bottlenecks(const Result& result, const Style& style, std::size_t rows);

}  // namespace imbrex::terminal
