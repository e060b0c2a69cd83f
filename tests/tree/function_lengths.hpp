// How long the functions of a C++ file are, read from its braces, without a compiler.
//
// Seen: functions and constructors at namespace and class scope (tests included: TEST(A, B) {...}),
// operators, templates, lambdas that initialise a variable there. A length reaches from the first
// line of the declaration to the line of the closing brace. What stands inside a function (lambdas,
// local classes) counts as part of it.
// Not seen: what a macro's definition would expand to; a lambda that is an argument or inside
// braces outside functions; both branches of an #if that open the same brace (the braces no longer
// balance, which is an error); digraphs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

struct FunctionLength {
  std::string name;  // as it is declared: "Class::member" outside the class, "TEST(A, B)"
  std::size_t first_line = 1;
  std::size_t lines = 0;
};

// In the order of the file. Errors: std::runtime_error when braces do not balance.
std::vector<FunctionLength> function_lengths(std::string_view source);

}  // namespace imbrex::test
