// Numbers as people read them.
#pragma once

#include <imbrex/toolkit/text/style.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace imbrex::text {

// 10041360000 -> "10.04 ms". Four significant digits, the largest unit that keeps them before the
// point.
std::string duration(std::int64_t time_ps);
// 2920000000 -> "2.92 G".
std::string magnitude(double value);
// A bar of at most `width` columns for a share in [0, 1].
std::string bar(const Style& style, double share, std::size_t width);

}  // namespace imbrex::text
