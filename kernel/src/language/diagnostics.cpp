#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <tuple>

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

struct Entry {
  std::size_t document = 0;  // in order of the first complaint
  SourcePosition position;
  std::string text;

  // What has no position comes after what has one.
  auto place() const noexcept {
    return std::tuple(document, position.line == 0, position.line, position.column);
  }
};

}  // namespace

struct Diagnostics::Impl {
  std::vector<std::string> documents;
  std::vector<Entry> entries;

  std::size_t number_of(std::string_view file_name) {
    const auto found = std::find(documents.begin(), documents.end(), file_name);
    const auto number = static_cast<std::size_t>(found - documents.begin());
    if (found == documents.end()) {
      documents.emplace_back(file_name);
    }
    return number;
  }

  // The same value may be checked twice, e.g. by the design and by its baseline.
  void add(Entry entry) {
    for (const Entry& known : entries) {
      if (known.text == entry.text) {
        return;
      }
    }
    entries.push_back(std::move(entry));
  }
};

Diagnostics::Diagnostics() : impl_(std::make_unique<Impl>()) {}
Diagnostics::~Diagnostics() = default;

void Diagnostics::error(const Document& document, SourcePosition position,
                        std::string_view message) {
  Entry entry{impl_->number_of(document.file_name()), position, {}};
  if (position.line == 0 || position.column == 0) {
    entry.text = fmt::format("{}: error: {}", document.file_name(), printable_line(message));
  } else {
    entry.text = fmt::format("{}:{}:{}: error: {}\n{}", document.file_name(), position.line,
                             position.column, printable_line(message), quote(document, position));
  }
  impl_->add(std::move(entry));
}

void Diagnostics::error(std::string_view message) {
  impl_->add({static_cast<std::size_t>(-1), {}, fmt::format("error: {}", printable_line(message))});
}

bool Diagnostics::empty() const noexcept {
  return impl_->entries.empty();
}

std::string Diagnostics::text() const {
  std::vector<Entry> sorted = impl_->entries;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.place() < b.place(); });
  std::string result;
  for (const Entry& entry : sorted) {
    result += (result.empty() ? "" : "\n") + entry.text;
  }
  return result;
}

void Diagnostics::throw_if_any() const {
  if (!empty()) {
    throw InputError(text());
  }
}

}  // namespace imbrex
