#include "messages.hpp"

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

bool g_json = false;

constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities = {
    {{"error", Severity::error}, {"warning", Severity::warning}, {"note", Severity::note}}};

text::Paint paint_of(Severity severity) noexcept {
  return severity == Severity::error     ? text::Paint::error
         : severity == Severity::warning ? text::Paint::warning
                                         : text::Paint::note;
}

// Takes ":12" from the end of a text.
std::optional<std::uint32_t> take_number(std::string_view& text) noexcept {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) {
    return std::nullopt;
  }
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, number);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  text = text.substr(0, colon);
  return number;
}

// "file:line:column", "file", or nothing.
void read_place(std::string_view place, Message& message) {
  std::string_view rest = place;
  const auto column = take_number(rest);
  const auto line = column ? take_number(rest) : std::nullopt;
  if (line) {
    message.line = *line;
    message.column = *column;
    place = rest;
  }
  message.file = place == "imbrex" ? "" : place;
}

// A line that begins a message.
std::optional<Message> read_head(std::string_view line) {
  for (const auto& [word, severity] : kSeverities) {
    const std::string mark = std::string(word) + ": ";
    const std::size_t at = line.starts_with(mark) ? 0 : line.find(": " + mark);
    if (at == std::string_view::npos) {
      continue;
    }
    Message message;
    message.severity = severity;
    message.says_severity = true;
    read_place(line.substr(0, at), message);
    message.text = line.substr(at + (at == 0 ? 0 : 2) + mark.size());
    return message;
  }
  return std::nullopt;
}

// "   12 | seed = 7" and "      | ^".
bool is_excerpt(std::string_view line) noexcept {
  const std::size_t bar = line.find_first_not_of(" 0123456789");
  return line.starts_with(' ') && bar != std::string_view::npos && bar >= 6 && line[bar] == '|';
}

std::string place_text(const Message& message) {
  if (message.file.empty()) {
    return "imbrex: ";
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

std::string message_text(const Message& message, const text::Style& style) {
  std::string out = wrapped_text(message, style);
  for (const std::string& line : message.excerpt) {
    const bool is_caret = line.ends_with("| ^") || line.find_last_not_of(" \t^") == 6;
    out += (is_caret ? text::painted(style, paint_of(message.severity), line) : line) + "\n";
  }
  return out;
}

}  // namespace

std::string_view to_string(Severity severity) noexcept {
  for (const auto& [word, known] : kSeverities) {
    if (known == severity) {
      return word;
    }
  }
  return "";
}

std::optional<std::string> Message::suggestion() const {
  constexpr std::string_view kMark = "did you mean '";
  const std::size_t at = text.find(kMark);
  const std::size_t end = at == std::string::npos ? at : text.find('\'', at + kMark.size());
  if (end == std::string::npos) {
    return std::nullopt;
  }
  return text.substr(at + kMark.size(), end - at - kMark.size());
}

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

std::vector<Message> read_messages(std::string_view text, Severity severity) {
  std::vector<Message> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!out.empty() && is_excerpt(line)) {
      out.back().excerpt.emplace_back(line);
    } else if (std::optional<Message> head = read_head(line)) {
      out.push_back(std::move(*head));
    } else if (out.empty()) {
      out.emplace_back();
      out.back().severity = severity;
      out.back().says_severity = severity != Severity::note;  // which says what goes on
      out.back().text = line;
    } else {
      out.back().text += "\n" + std::string(line);
    }
  }
  return out;
}

void tell(std::string_view text, Severity severity) noexcept {
  try {
    const text::Style style = text::style_of_file(STDERR_FILENO);
    for (const Message& message : read_messages(text, severity)) {
      const std::string line = g_json ? message_json(message) + "\n" : message_text(message, style);
      std::fwrite(line.data(), 1, line.size(), stderr);
    }
  } catch (const std::exception&) {  // no memory for a message
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
}

}  // namespace imbrex::app
