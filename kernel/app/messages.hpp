// What the command tells a person, or a program that reads stderr: errors, warnings and notes.
#pragma once

#include "recipe/message.hpp"

#include <string>
#include <string_view>

namespace imbrex::app {

using recipe::Message;
using recipe::Severity;

// Whether the words of a command line ask for messages as JSON; known before they are understood,
// because what is wrong with them is a message as well.
void choose_message_format(int argc, const char* const* argv) noexcept;
bool messages_are_json() noexcept;

// On stderr: with colours where that is a terminal, or an object of JSON per message. Text that
// names no file gets "imbrex: " in front. Never throws: the terminal may be gone.
void tell(std::string_view text, Severity severity) noexcept;

// One line, without its end: {"severity":"error","file":...}. Requires: in parts.
std::string message_json(const Message& message);

}  // namespace imbrex::app
