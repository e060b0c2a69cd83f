#include "experiment/fields.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::experiment {

Fields::Fields(const Document& document, DocumentNode table, std::string_view what,
               std::span<const std::string_view> known, Diagnostics& diagnostics)
    : document_(document), table_(table), diagnostics_(diagnostics) {
  if (table.kind() != NodeKind::table) {
    expected(table, fmt::format("a table {}", what));
    table_ = DocumentNode();
    return;
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    const DocumentNode child = table[i];
    if (std::find(known.begin(), known.end(), child.key()) == known.end()) {
      diagnostics_.error(
          document_, child.key_position(),
          fmt::format("{} has no key '{}'{}", what, child.key(), suggestion(child.key(), known)));
    }
  }
}

std::string Fields::suggestion(std::string_view given, std::span<const std::string_view> known) {
  const std::string_view near = nearest_name(given, known);
  return near.empty() ? fmt::format("; there is {}", fmt::join(known, ", "))
                      : fmt::format("; did you mean '{}'?", near);
}

void Fields::complain(DocumentNode at, std::string_view message) const {
  diagnostics_.error(document_, at.position(), message);
}

void Fields::expected(DocumentNode at, std::string_view what) const {
  complain(at, at.key().empty() ? fmt::format("expected {}, found {}", what, to_string(at.kind()))
                                : fmt::format("'{}' expects {}, found {}", at.key(), what,
                                              to_string(at.kind())));
}

std::string Fields::text(std::string_view key) const {
  const DocumentNode at = node(key);
  const auto text = at.string();
  if (at && !text) {
    expected(at, "a string");
  }
  return std::string(text.value_or(""));
}

std::optional<double> Fields::number(std::string_view key) const {
  const DocumentNode at = node(key);
  const auto number = at.real();
  if (at && !number) {
    expected(at, "a number");
  }
  return number;
}

std::optional<std::int64_t> Fields::integer(std::string_view key) const {
  const DocumentNode at = node(key);
  const auto number = at.integer();
  if (at && !number) {
    expected(at, "an integer");
  }
  return number;
}

bool Fields::boolean(std::string_view key) const {
  const DocumentNode at = node(key);
  const auto value = at.boolean();
  if (at && !value) {
    expected(at, "true or false");
  }
  return value.value_or(false);
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  const DocumentNode at = node(key);
  if (const auto text = at.string()) {
    return {std::string(*text)};
  }
  std::vector<std::string> out;
  if (at && at.kind() != NodeKind::array) {
    expected(at, "a list of strings");
  }
  for (std::size_t i = 0; at.kind() == NodeKind::array && i < at.size(); ++i) {
    if (const auto text = at[i].string()) {
      out.emplace_back(*text);
    } else {
      expected(at[i], "a string");
    }
  }
  return out;
}

std::vector<DocumentNode> Fields::tables(std::string_view key) const {
  const DocumentNode at = node(key);
  std::vector<DocumentNode> out;
  if (at.kind() == NodeKind::table) {
    out.push_back(at);
  } else if (at.kind() == NodeKind::array) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      out.push_back(at[i]);
    }
  } else if (at) {
    expected(at, "a list of tables");
  }
  return out;
}

std::optional<std::size_t> Fields::word(std::string_view key,
                                        std::span<const std::string_view> words) const {
  const DocumentNode at = node(key);
  const std::string given = text(key);
  if (given.empty()) {
    return std::nullopt;
  }
  const auto found = std::find(words.begin(), words.end(), given);
  if (found == words.end()) {
    complain(at, fmt::format("'{}' has no '{}'{}", key, given, suggestion(given, words)));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace imbrex::experiment
