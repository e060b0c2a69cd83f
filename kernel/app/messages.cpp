#include "messages.hpp"

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

bool g_json = false;

text::Paint paint_of(Severity severity) noexcept {
  return severity == Severity::error     ? text::Paint::error
         : severity == Severity::warning ? text::Paint::warning
                                         : text::Paint::note;
}

std::string place_text(const Message& message) {
  if (message.file.empty()) {
    return message.follows ? "" : "imbrex: ";
  }
  return message.line == 0 ? message.file + ": "
                           : message.file + ":" + std::to_string(message.line) + ":" +
                                 std::to_string(message.column) + ": ";
}

// The text in lines of the terminal, of which the first one begins with the place.
std::string wrapped_text(const Message& message, const text::Style& style) {
  const std::string place = place_text(message);
  const std::string word =
      message.says_severity ? std::string(to_string(message.severity)) + ": " : "";
  std::string_view rest = message.text;
  std::string out = place + word + std::string(rest.substr(0, rest.find('\n')));
  rest.remove_prefix(std::min(rest.size(), rest.find('\n')));
  if (style.is_terminal) {
    out = fmt::format("{}", fmt::join(text::wrapped(out, style.columns), "\n"));
  }
  if (style.colour && out.starts_with(place + word)) {
    out = text::painted(style, text::Paint::strong, place) +
          text::painted(style, paint_of(message.severity), word) +
          out.substr(place.size() + word.size());
  }
  return out + std::string(rest) + "\n";
}

// Who refuses a file is said of its first mistake only.
Message in_parts_behind(const Message& before, const Message& message) {
  Message parts = recipe::in_parts(message);
  if (parts.where.empty() && !parts.file.empty() && parts.file == before.file) {
    parts.where = before.where;
  }
  return parts;
}

std::string message_text(const Message& message, const text::Style& style) {
  std::string out = wrapped_text(message, style);
  for (const std::string& line : message.excerpt) {
    const bool is_caret = line.ends_with("| ^") || line.find_last_not_of(" \t^") == 6;
    out += (is_caret ? text::painted(style, paint_of(message.severity), line) : line) + "\n";
  }
  return out;
}

}  // namespace

void choose_message_format(int argc, const char* const* argv) noexcept {
  constexpr std::string_view kOption = "--message-format";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") {
      return;
    }
    if (word == kOption && i + 1 < argc) {
      g_json = std::string_view(argv[i + 1]) == "json";
    } else if (word.starts_with(kOption) && word.substr(kOption.size()).starts_with('=')) {
      g_json = word.substr(kOption.size() + 1) == "json";
    }
  }
}

bool messages_are_json() noexcept {
  return g_json;
}

void tell(std::string_view text, Severity severity) noexcept {
  try {
    const text::Style style = text::style_of_file(STDERR_FILENO);
    Message before;
    for (const Message& message : read_messages(text, severity)) {
      before = in_parts_behind(before, message);
      const std::string line = g_json ? message_json(before) + "\n" : message_text(message, style);
      std::fwrite(line.data(), 1, line.size(), stderr);
    }
  } catch (const std::exception&) {  // no memory for a message
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
}

}  // namespace imbrex::app
