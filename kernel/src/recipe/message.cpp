#include "recipe/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace imbrex::recipe {
namespace {

constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities = {
    {{"error", Severity::error}, {"warning", Severity::warning}, {"note", Severity::note}}};

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
void read_message_place(std::string_view place, Message& message) {
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
std::optional<Message> begun_message(std::string_view line) {
  for (const auto& [word, severity] : kSeverities) {
    const std::string mark = std::string(word) + ": ";
    const std::size_t at = line.starts_with(mark) ? 0 : line.find(": " + mark);
    if (at == std::string_view::npos) {
      continue;
    }
    Message message;
    message.severity = severity;
    message.says_severity = true;
    read_message_place(line.substr(0, at), message);
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

// The "stage 1 (vendor.search.x)" that stands, with ": ", in front of a text; else nothing.
std::string_view leading_component(std::string_view text) noexcept {
  constexpr std::string_view kOfIds = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  const std::string_view where = text.substr(0, text.find("): ") + 1);
  const std::size_t bracket = where.find(" (");
  if (where.size() == text.size() || where.empty() || bracket == std::string_view::npos ||
      where.find_first_of("/:'\n") != std::string_view::npos) {
    return {};
  }
  const std::string_view id = where.substr(bracket + 2, where.size() - bracket - 3);
  return id.find('.') != std::string_view::npos &&
                 id.find_first_not_of(kOfIds) == std::string_view::npos
             ? where
             : std::string_view();
}

// "FILE:LINE" and "FILE:LINE:COLUMN" of files that there are.
bool take_place(std::string_view place, Message& message) {
  std::optional<std::uint32_t> line = take_number(place);
  if (!line) {
    return false;
  }
  std::uint32_t column = 0;
  if (const auto before = take_number(place)) {
    column = *line;
    line = before;
  }
  std::error_code ignored;
  if (*line == 0 || !std::filesystem::is_regular_file(std::filesystem::path(place), ignored)) {
    return false;
  }
  message.file = place;
  message.line = *line;
  message.column = column;
  return true;
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

std::string_view Message::component() const noexcept {
  const std::string_view all = where;
  const std::size_t bracket = all.find(" (");
  return bracket == std::string_view::npos ? std::string_view()
                                           : all.substr(bracket + 2, all.size() - bracket - 3);
}

Message in_parts(Message message) {
  constexpr std::size_t kColon = 2;  // ": "
  const bool has_file = !message.file.empty();
  const std::string front = has_file ? message.file : message.text;
  message.where = leading_component(front);
  const std::size_t skipped = message.where.empty() ? 0 : message.where.size() + kColon;
  const std::string_view rest = std::string_view(front).substr(skipped);
  if (has_file) {
    message.file = rest;
    if (message.line == 0) {
      take_place(rest, message);
    }
    return message;
  }
  const std::size_t end = rest.find(": ");
  if (end != std::string_view::npos && take_place(rest.substr(0, end), message)) {
    message.text = rest.substr(end + kColon);
  }
  return message;
}

std::vector<Message> read_messages(std::string_view text, Severity severity) {
  std::vector<Message> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!out.empty() && is_excerpt(line)) {
      out.back().excerpt.emplace_back(line);
    } else if (std::optional<Message> head = begun_message(line)) {
      out.push_back(std::move(*head));
    } else if (out.empty()) {
      out.emplace_back();
      out.back().severity = severity;
      out.back().says_severity = severity != Severity::note;  // which says what goes on
      out.back().text = line;
    } else if (!out.back().excerpt.empty()) {
      const Severity of_last = out.back().severity;
      out.emplace_back();
      out.back().severity = of_last;
      out.back().follows = true;
      out.back().text = line;
    } else {
      out.back().text += "\n" + std::string(line);
    }
  }
  return out;
}

}  // namespace imbrex::recipe
