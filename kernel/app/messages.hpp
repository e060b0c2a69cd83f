// What the command tells a person, or a program that reads stderr: errors, warnings and notes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::app {

enum class Severity : std::uint8_t { error, warning, note };
std::string_view to_string(Severity severity) noexcept;

struct Message {
  Severity severity = Severity::note;
  bool says_severity = false;  // in its text for people
  std::string file;            // empty: of no file
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string text;
  std::vector<std::string> excerpt;  // lines of the file, and a caret below the column
  // What the message proposes instead: "did you mean 'x'?"
  std::optional<std::string> suggestion() const;
};

// Whether the words of a command line ask for messages as JSON; known before they are understood,
// because what is wrong with them is a message as well.
void choose_message_format(int argc, const char* const* argv) noexcept;
bool messages_are_json() noexcept;

// The messages of a text as errors carry it: "file:line:column: error: text", quoted lines below
// them, several of them one after another. A line that says no severity continues the message
// before it; the first one is then of `severity`.
std::vector<Message> read_messages(std::string_view text, Severity severity);

// On stderr: with colours where that is a terminal, or an object of JSON per message. Text that
// names no file gets "imbrex: " in front. Never throws: the terminal may be gone.
void tell(std::string_view text, Severity severity) noexcept;

// One line, without its end: {"severity":"error","file":...}.
std::string message_json(const Message& message);

}  // namespace imbrex::app
