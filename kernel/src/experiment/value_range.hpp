// The values that one axis of a sweep takes, written as one text: "row,pixel", "16,32,64",
// "0..64", "0..64:16" (steps of 16), "1..1024:*2" (times 2), "0.1..0.5:0.1".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

// More values than this on one axis are a slip of the keyboard.
inline constexpr std::size_t kMostValues = 100'000;

// Whether the text has more than one value in it: a comma outside brackets and quotes, or a range
// of numbers. "../net.onnx" and "[1, 2]" are one value.
bool names_several_values(std::string_view text) noexcept;

// The values in order, as an override writes them. Both ends of a range belong to it when a step
// meets them; a range of factors may start at 0, which is then a value of its own before 1.
// Decimals are added exactly. Errors: InputError without a position (empty value, step of 0 or in
// the wrong direction, too many values).
std::vector<std::string> values_of(std::string_view text);

}  // namespace imbrex::experiment
