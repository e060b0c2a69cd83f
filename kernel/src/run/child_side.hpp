// What happens on the child's side of `in_child` (child_process.hpp).
#pragma once

#include "run/isolation.hpp"

#include <imbrex/plugin/host.hpp>

#include <cstdint>
#include <string>

namespace imbrex::run {

// How the work of a child ended, first of what it writes: then follow a text, which is the value or
// what an error says, and whether memory was refused (`Isolation::memory_bytes`).
enum class Answer : std::uint8_t { value, bad_input, infeasible, blamed, cancelled, failed };

// Does the work, writes the answer to `channel` and ends the process.
[[noreturn]] void serve_as_child(int channel, const std::string& where, const Isolation& limits,
                                 FunctionRef<std::string()> work);

}  // namespace imbrex::run
