#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <compare>
#include <functional>
#include <iterator>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

namespace imbrex {
namespace {

// Quoted lines are cut to about one terminal width, around the column that matters.
constexpr std::size_t kMaxQuotedBytes = 120;

bool continues_code_point(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

// Control characters of a hostile file must not reach the terminal; tabs keep columns in place.
std::string printable_line(std::string_view text) {
  std::string result;
  for (std::size_t tab = text.find('\t'); tab != std::string_view::npos; tab = text.find('\t')) {
    result += printable(text.substr(0, tab)) + "\t";
    text.remove_prefix(tab + 1);
  }
  return result + printable(text);
}

struct Excerpt {
  std::string_view text;
  std::size_t column = 0;  // 0-based, inside `text`
};

Excerpt cut_out(std::string_view line, std::size_t column) {
  column = std::min(column, line.size());
  if (line.size() <= kMaxQuotedBytes) {
    return {line, column};
  }
  std::size_t begin = column > kMaxQuotedBytes / 2 ? column - kMaxQuotedBytes / 2 : 0;
  std::size_t end = std::min(line.size(), begin + kMaxQuotedBytes);
  while (begin > 0 && continues_code_point(line[begin])) {
    --begin;
  }
  while (end < line.size() && continues_code_point(line[end])) {
    ++end;
  }
  return {line.substr(begin, end - begin), column - begin};
}

// Blank except for tabs, one character per code point, so that the caret stands below its column.
std::string caret_line(const Excerpt& excerpt) {
  std::string result;
  for (const char c : excerpt.text.substr(0, excerpt.column)) {
    if (!continues_code_point(c)) {
      result += c == '\t' ? '\t' : ' ';
    }
  }
  return result + '^';
}

std::string quote(const Document& document, SourcePosition position) {
  const Excerpt excerpt = cut_out(document.line(position.line), position.column - 1);
  return fmt::format("{:>5} | {}\n      | {}", position.line, printable_line(excerpt.text),
                     caret_line(excerpt));
}

// Shown of all complaints, those that stand first in the files; a person mends the first ones, and
// a hostile file could have a million.
constexpr std::size_t kMaxShown = 100;

// Where a complaint stands among all of them.
struct Place {
  std::size_t document = 0;  // in order of the first complaint
  bool is_nowhere = false;   // what has no position comes after what has one
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::size_t number = 0;  // among those of one position
  auto operator<=>(const Place&) const = default;
};

}  // namespace

struct Diagnostics::Impl {
  std::vector<std::string> documents;
  std::map<Place, std::string> shown;  // at most kMaxShown
  // Of all texts so far; of texts with equal hashes one is shown, which 2^32 of them would make
  // likely.
  std::unordered_set<std::size_t> seen;

  std::size_t number_of(std::string_view file_name) {
    const auto found = std::find(documents.begin(), documents.end(), file_name);
    const auto number = static_cast<std::size_t>(found - documents.begin());
    if (found == documents.end()) {
      documents.emplace_back(file_name);
    }
    return number;
  }

  // The same value may be checked twice, e.g. by the design and by its baseline.
  void add(Place place, std::string text) {
    if (!seen.insert(std::hash<std::string>()(text)).second) {
      return;
    }
    place.number = seen.size();
    shown.emplace(place, std::move(text));
    if (shown.size() > kMaxShown) {
      shown.erase(std::prev(shown.end()));
    }
  }
};

Diagnostics::Diagnostics() : impl_(std::make_unique<Impl>()) {}
Diagnostics::~Diagnostics() = default;

void Diagnostics::error(const Document& document, SourcePosition position,
                        std::string_view message) {
  const bool is_nowhere = position.line == 0 || position.column == 0;
  const Place place{impl_->number_of(document.file_name()), position.line == 0, position.line,
                    position.column, 0};
  impl_->add(place, is_nowhere ? fmt::format("{}: error: {}", document.file_name(),
                                             printable_line(message))
                               : fmt::format("{}:{}:{}: error: {}\n{}", document.file_name(),
                                             position.line, position.column,
                                             printable_line(message), quote(document, position)));
}

void Diagnostics::error(std::string_view message) {
  impl_->add({static_cast<std::size_t>(-1), true, 0, 0, 0},
             fmt::format("error: {}", printable_line(message)));
}

bool Diagnostics::empty() const noexcept {
  return impl_->seen.empty();
}

std::string Diagnostics::text() const {
  std::string result;
  for (const auto& [place, text] : impl_->shown) {
    result += (result.empty() ? "" : "\n") + text;
  }
  const std::size_t more = impl_->seen.size() - impl_->shown.size();
  return more == 0 ? result : result + fmt::format("\n... and {} more", more);
}

void Diagnostics::throw_if_any() const {
  if (!empty()) {
    throw InputError(text());
  }
}

}  // namespace imbrex
