// The command line as texts: what the help, the man page and the completion of shells are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::app {

struct OptionLine {
  std::string names;  // "--out,-o"; of a word that is no option, what it stands for: "RECIPE"
  std::string value;  // "DIR"; empty: takes none
  std::string doc;
  std::vector<std::string> choices;

  bool is_word() const noexcept { return !names.starts_with('-'); }
};

struct CommandText {
  std::string name;
  std::string summary;
  std::string footer;  // sections of --help, without a blank line in front
  std::vector<OptionLine> options;
};

// Section 1 of the manual, for man(1).
std::string man_page(const std::vector<CommandText>& commands);

// What a shell reads once to complete words: "bash" or "zsh".
std::string completion_script(std::string_view shell);

// What may stand where the last word of `line` stands, up to the cursor: a line each, "WORD" or
// "WORD<tab>meaning". Nothing where names of files belong, and when anything goes wrong.
std::string complete(std::string_view line, const std::vector<CommandText>& commands) noexcept;

}  // namespace imbrex::app
