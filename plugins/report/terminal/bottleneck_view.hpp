// Which operators stand in the way, as a table for the terminal.
#pragma once

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::terminal {

// At most `rows` rows, what bounds the makespan most first (0: all): an operator, operators that
// tie, or what data movement adds; who is as late as the operators on the critical path; what to
// try. Empty without operators or time.
std::string bottlenecks(const Result& result, const text::Style& style, std::size_t rows);

}  // namespace imbrex::terminal
