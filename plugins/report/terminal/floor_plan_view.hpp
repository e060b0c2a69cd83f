// Where the layers of pipelined segments sit on an array, and which of its links are hot.
#pragma once

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::terminal {

// The segments of several layers that take longest, at most `count` of them; nothing when there is
// none. `links` say what a link can carry; null or without limits: unknown.
std::string floor_plans(const Result& result, const text::Style& style, std::size_t count,
                        const ElementLinks* links);

}  // namespace imbrex::terminal
