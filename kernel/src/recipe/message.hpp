// What errors and notes say, as they carry it: texts with places, severities and quoted lines, read
// back into their parts for programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::recipe {

enum class Severity : std::uint8_t { error, warning, note };
std::string_view to_string(Severity severity) noexcept;

struct Message {
  Severity severity = Severity::note;
  bool says_severity = false;  // in its text for people
  std::string file;            // empty: of no file
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string where;  // "stage 1 (vendor.search.x)", once told apart (in_parts)
  std::string text;
  bool follows = false;              // belongs behind the message before it: "... and 30 more"
  std::vector<std::string> excerpt;  // lines of the file, and a caret below the column
  // What the message proposes instead: "did you mean 'x'?"
  std::optional<std::string> suggestion() const;
  // The component that `where` is about; empty where it names none.
  std::string_view component() const noexcept;
};

// The messages of a text as errors carry it: "file:line:column: error: text", quoted lines below
// them, several of them one after another. A line that says no severity continues the message
// before it, or follows that where it has quoted lines; the first one is then of `severity`.
std::vector<Message> read_messages(std::string_view text, Severity severity);

// For programs: a component in front of the file, or of the text, is told apart as `where`, and
// "FILE:LINE: " or "FILE:LINE:COLUMN: " behind it as a place, if there is such a file. A text that
// has no place keeps the component in it, for who shows nothing else.
Message in_parts(Message message);

}  // namespace imbrex::recipe
