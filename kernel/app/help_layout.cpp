#include "help_layout.hpp"

#include "command_parts.hpp"

#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

// One paragraph, or one entry of a list: what stands first, and where its text begins.
class Reflow {
 public:
  explicit Reflow(std::size_t columns) : columns_(columns) {}

  void line(std::string_view line) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (indent == 0) {  // a heading, or nothing
      end();
      are_examples_ = line == "EXAMPLES" || (are_examples_ && line.empty());
      out_ += std::string(line) + "\n";
      return;
    }
    // "    result.json       metrics": two blanks end the name of an entry.
    const std::size_t gap = line.find("  ", indent);
    const bool is_entry = gap != std::string_view::npos;
    if (!is_entry && indent == indent_ && !words_.empty() && !are_examples_) {
      words_ += " " + std::string(line.substr(indent));
      return;
    }
    end();
    indent_ = is_entry ? std::min(line.find_first_not_of(' ', gap), line.size()) : indent;
    name_ = line.substr(0, indent_);
    words_ = line.substr(indent_);
  }

  std::string text() {
    end();
    return std::move(out_);
  }

 private:
  void end() {
    if (words_.empty()) {
      return;
    }
    constexpr std::size_t kNarrowest = 24;
    const std::size_t room = std::max(kNarrowest, columns_ - std::min(columns_, indent_));
    for (const std::string& part : text::wrapped(words_, room)) {
      out_ += name_ + part + "\n";
      name_.assign(indent_, ' ');
    }
    words_.clear();
  }

  std::size_t columns_;
  bool are_examples_ = false;
  std::size_t indent_ = 0;
  std::string name_;
  std::string words_;
  std::string out_;
};

}  // namespace

std::string laid_out(const std::string& doc) {
  constexpr std::size_t kDocColumn = 30;
  const text::Style& style = stdout_style();
  return style.is_terminal && style.columns > 2 * kDocColumn
             ? fmt::format("{}",
                           fmt::join(text::wrapped(doc, style.columns - kDocColumn - 1), "\n"))
             : doc;
}

std::string reflowed(std::string_view text, std::size_t columns) {
  Reflow reflow(columns);
  const bool ends_line = text.ends_with('\n');
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    reflow.line(line);
  }
  std::string out = reflow.text();
  if (!ends_line && out.ends_with('\n')) {
    out.pop_back();
  }
  return out;
}

std::string reflowed(std::string_view text) {
  constexpr std::size_t kLaidOutFor = 96;
  const text::Style& style = stdout_style();
  return style.is_terminal && style.columns < kLaidOutFor ? reflowed(text, style.columns)
                                                          : std::string(text);
}

}  // namespace imbrex::app
