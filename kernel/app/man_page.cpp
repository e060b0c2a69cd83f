// The manual in troff, from what the options say of themselves.
#include "command_text.hpp"
#include "help_layout.hpp"
#include "help_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

// A text as troff shows it: its own characters mean nothing special.
std::string troff(std::string_view text) {
  std::string out;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    begins_line = c == '\n';
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  }
  return out;
}

// Lines that are laid out already.
std::string as_it_is(std::string_view text) {
  return fmt::format(".nf\n{}{}.fi\n", troff(text), text.ends_with('\n') ? "" : "\n");
}

std::string option(const OptionLine& option) {
  std::string names;
  std::string_view rest = option.names;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    names += fmt::format("{}\\f{}{}\\fR", names.empty() ? "" : ", ", option.is_word() ? 'I' : 'B',
                         troff(name));
  }
  names += option.value.empty() ? "" : fmt::format(" \\fI{}\\fR", troff(option.value));
  std::string doc = option.doc;
  for (std::size_t i = 0; i < option.choices.size(); ++i) {
    doc += (i == 0 ? ": " : ", ") + option.choices[i];
  }
  return fmt::format(".TP\n{}\n{}.\n", names, troff(doc));
}

// Sections of a footer by their titles, which stand at the beginning of a line.
std::string section(std::string_view footer, std::string_view title) {
  std::string out;
  bool inside = false;
  while (!footer.empty()) {
    const std::string_view line = footer.substr(0, footer.find('\n'));
    footer.remove_prefix(std::min(footer.size(), line.size() + 1));
    if (!line.empty() && line.front() != ' ') {
      inside = line == title;
    } else if (inside && !line.empty()) {
      out += std::string(line.substr(std::min<std::size_t>(1, line.size()))) + "\n";
    }
  }
  return out;
}

std::string command(const CommandText& command) {
  std::string words;
  for (const OptionLine& one : command.options) {
    words += one.is_word() ? " " + one.names : "";
  }
  std::string out = fmt::format(".SS \"imbrex {}{} [options]\"\n{}.\n", command.name, troff(words),
                                troff(command.summary));
  const std::string description = section(command.footer, "DESCRIPTION");
  constexpr std::size_t kColumns = 72;  // beside the margin of the page
  out += description.empty() ? "" : ".PP\n" + as_it_is(reflowed(description, kColumns));
  for (const OptionLine& one : command.options) {
    out += option(one);
  }
  const std::string examples = section(command.footer, "EXAMPLES");
  return out + (examples.empty() ? "" : ".PP\nExamples:\n.PP\n" + as_it_is(examples));
}

}  // namespace

std::string man_page(const std::vector<CommandText>& commands) {
  // The date of this frame, not of the build: equal sources give equal bytes.
  std::string out = fmt::format(
      ".TH IMBREX 1 2026-11-30 \"imbrex {0}\" \"User Commands\"\n.nh\n.ad l\n"
      ".SH NAME\nimbrex \\- map neural networks onto accelerators and overlap their layers\n"
      ".SH SYNOPSIS\n\\fBimbrex\\fR \\fICOMMAND\\fR [\\fIWORDS\\fR] [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\n{1}\n.SH COMMANDS\n",
      IMBREX_VERSION, troff(kDescription));
  for (const CommandText& one : commands) {
    out += command(one);
  }
  for (const std::string_view title : {"EXIT CODES", "ENVIRONMENT", "EXAMPLES"}) {
    out += fmt::format(".SH {}\n{}", title, as_it_is(section(kMainHelp, title)));
  }
  return out;
}

}  // namespace imbrex::app
