// Integer values of a layer that follow from the arguments of its block: "$filters * 4", "$width /
// 2".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace imbrex::toml_reader {

// What a block was called with. A text is the name of a layer or of an activation.
using Argument = std::variant<std::int64_t, std::string>;
using Arguments = std::map<std::string, Argument, std::less<>>;

// Value, or a complaint in words.
using Evaluation = std::variant<std::int64_t, std::string>;

// A product of numbers and $arguments with * and / from left to right; divisions must be exact.
Evaluation evaluate(std::string_view expression, const Arguments& arguments);

// The argument named by "$name", or null when `text` has another form or names none.
const Argument* find_argument(std::string_view text, const Arguments& arguments);

// "argument '$x' is not known; did you mean '$y'?"
std::string unknown_argument(std::string_view name, const Arguments& arguments);

}  // namespace imbrex::toml_reader
