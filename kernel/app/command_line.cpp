// The only source that includes CLI11: maps argv to `Command`.
#include "command_options.hpp"
#include "commands.hpp"
#include "help_layout.hpp"
#include "help_text.hpp"
#include "usage.hpp"
#include "version_text.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace imbrex::app {
void OptionSet::note(const OptionText& text, const std::vector<std::string>& choices) {
  text_.options.push_back({text.name, text.value, text.doc, choices});
}

void OptionSet::footer(std::string_view text) {
  text_.footer = text;
  app_.footer(reflowed(text));
}

void OptionSet::required(const OptionText& text, std::string& value,
                         const std::vector<std::string>& choices) {
  note(text, choices);
  app_.add_option(text.name, value, laid_out(text.doc))->required();
}

void OptionSet::optional(const OptionText& text, std::string& value) {
  note(text);
  app_.add_option(text.name, value, laid_out(text.doc));
}

void OptionSet::rest(const OptionText& text, std::vector<std::string>& values, int least) {
  note(text);
  app_.add_option(text.name, values, laid_out(text.doc))
      ->required()
      ->expected(least, CLI::detail::expected_max_vector_size);
}

void OptionSet::word(const OptionText& text, std::string& value,
                     const std::vector<std::string>& words) {
  note(text, words);
  app_.add_option(text.name, value, laid_out(text.doc))->required()->check(CLI::IsMember(words));
}

void OptionSet::flag(const OptionText& text, bool& value) {
  note(text);
  app_.add_flag(text.name, value, laid_out(text.doc));
}

void OptionSet::flag_or_value(const OptionText& text, std::string& value, const std::string& bare) {
  note(text);
  app_.add_flag(text.name + "{" + bare + "}", value, laid_out(text.doc));
}

void OptionSet::text(const OptionText& text, std::string& value, bool show_default) {
  note(text);
  CLI::Option* const option =
      app_.add_option(text.name, value, laid_out(text.doc))->type_name(text.value);
  if (show_default) {
    option->capture_default_str();
  }
}

void OptionSet::choice(const OptionText& text, std::string& value,
                       const std::vector<std::string>& words) {
  note(text, words);
  app_.add_option(text.name, value, laid_out(text.doc))
      ->check(CLI::IsMember(words))
      ->type_name(text.value)
      ->capture_default_str();
}

// CLI11 lets a list option swallow every following word, the recipe included; one value per use.
void OptionSet::list(const OptionText& text, std::vector<std::string>& values) {
  note(text);
  app_.add_option(text.name, values, laid_out(text.doc))
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(text.value);
}

void OptionSet::each(const OptionText& text, std::function<void(const std::string&)> tell) {
  note(text);
  const auto told = [tell = std::move(tell), name = text.name](const std::string& value) {
    try {
      tell(value);
    } catch (const InputError& error) {
      throw CLI::ValidationError(name, error.what());
    }
  };
  app_.add_option_function<std::string>(text.name, told, laid_out(text.doc))
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->trigger_on_parse()
      ->type_name(text.value);
}

void OptionSet::integer(const OptionText& text, int& value, Bounds<int> bounds) {
  note(text);
  app_.add_option(text.name, value, laid_out(text.doc))
      ->check(CLI::Range(bounds.least, bounds.most))
      ->type_name(text.value)
      ->capture_default_str();
}

void OptionSet::integer(const OptionText& text, std::int64_t& value, Bounds<std::int64_t> bounds,
                        bool show_default) {
  note(text);
  CLI::Option* const option = app_.add_option(text.name, value, laid_out(text.doc))
                                  ->check(CLI::Range(bounds.least, bounds.most))
                                  ->type_name(text.value);
  if (show_default) {
    option->capture_default_str();
  }
}

void OptionSet::number(const OptionText& text, std::optional<double>& value,
                       Bounds<double> bounds) {
  note(text);
  app_.add_option(text.name, value, laid_out(text.doc))
      ->check(CLI::Range(bounds.least, bounds.most))
      ->type_name(text.value);
}

void OptionSet::size(const OptionText& text, std::int64_t& value, bool may_be_zero) {
  note(text);
  app_.add_option(text.name, value, laid_out(text.doc))
      ->transform(CLI::AsSizeValue(false))
      ->check(may_be_zero ? CLI::Validator(CLI::NonNegativeNumber)
                          : CLI::Validator(CLI::PositiveNumber))
      ->type_name(text.value);
}

namespace {

// CLI11 knows no "did you mean": name the stray word and the nearest option.
std::string describe_extras(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return describe_stray(app.remaining(true), {names.begin(), names.end()});
}

Command report_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    return ExitNow{app.exit(error)};  // --help, --version
  }
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App& at = chosen.empty() ? app : *chosen.front();
  const std::string command = chosen.empty() ? std::string() : at.get_name();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return ExitNow{usage_error(describe_extras(at), command)};
  }
  return ExitNow{usage_error(error.what(), command)};
}

// All commands, and what is asked of one of them.
class CommandLine {
 public:
  CommandLine();
  Command parse(int argc, const char* const* argv);

 private:
  OptionSet add(std::string_view name, std::string_view summary);
  void declare_words();
  std::vector<std::string_view> names() const;
  Command chosen();
  int help();

  CLI::App app_{std::string(kDescription), "imbrex"};
  std::vector<CLI::App*> commands_;  // those of kCommandEntries first
  std::vector<CommandText> texts_;   // of the commands
  Parsed parsed_;
  std::string message_format_ = "text";  // choose_message_format() has read it
  std::string about_;                    // of `help`
  std::string shell_;                    // of `completion`
};

CommandLine::CommandLine() {
  constexpr std::size_t kOwnCommands = 3;
  texts_.reserve(kCommandEntries.size() + kOwnCommands);  // so that none moves
  app_.footer(reflowed(kMainHelp));
  app_.set_version_flag("--version", version_text());
  app_.require_subcommand(1);
  for (const CommandEntry& entry : kCommandEntries) {
    OptionSet options = add(entry.name, entry.summary);
    entry.declare(options, parsed_);
    options.choice({"--message-format",
                    "Errors, warnings and notes on stderr: for people, or an object of JSON per "
                    "line with severity, message, file, line, column and suggestion",
                    "FORMAT"},
                   message_format_, {"text", "json"});
  }
  declare_words();
}

OptionSet CommandLine::add(std::string_view name, std::string_view summary) {
  commands_.push_back(app_.add_subcommand(std::string(name), laid_out(std::string(summary))));
  texts_.push_back({std::string(name), std::string(summary), "", {}});
  return {*commands_.back(), texts_.back()};
}

// Commands about the command line itself.
void CommandLine::declare_words() {
  add("help", "Explain a command and its options")
      .optional({"COMMAND", "Name of the command; none: all of them"}, about_);
  OptionSet completion = add("completion",
                             "Print what a shell reads to complete commands, options, component "
                             "ids and parameters");
  completion.footer(kCompletionHelp);
  completion.word({"SHELL", "bash or zsh"}, shell_, {"bash", "zsh"});
  add("man", "Print the manual as a man page").footer(kManHelp);
}

std::vector<std::string_view> CommandLine::names() const {
  std::vector<std::string_view> names;
  for (const CommandText& text : texts_) {
    names.push_back(text.name);
  }
  return names;
}

int CommandLine::help() {
  if (about_.empty()) {
    app_.clear();  // else it explains the command `help`
    std::fputs(app_.help().c_str(), stdout);
    return kExitDone;
  }
  const std::vector<std::string_view> known = names();
  const auto at = std::find(known.begin(), known.end(), about_);
  if (at == known.end()) {
    return usage_error(with_suggestion("no command " + in_quotes(about_), about_, known), "");
  }
  std::fputs(commands_[static_cast<std::size_t>(at - known.begin())]->help("imbrex").c_str(),
             stdout);
  return kExitDone;
}

Command CommandLine::chosen() {
  for (std::size_t i = 0; i < kCommandEntries.size(); ++i) {
    if (commands_[i]->parsed()) {
      return kCommandEntries[i].take(parsed_);
    }
  }
  if (app_.got_subcommand("help")) {
    return ExitNow{help()};
  }
  const std::string text =
      app_.got_subcommand("completion") ? completion_script(shell_) : man_page(texts_);
  std::fputs(text.c_str(), stdout);
  return ExitNow{kExitDone};
}

Command CommandLine::parse(int argc, const char* const* argv) {
  if (argc <= 1) {
    std::fputs(app_.help().c_str(), stdout);
    return ExitNow{kExitBadInput};
  }
  // Asked by the scripts of shells: hidden, and never a usage error.
  if (std::string_view(argv[1]) == "complete") {
    std::fputs(complete(argc > 2 ? argv[2] : "", texts_).c_str(), stdout);
    return ExitNow{kExitDone};
  }
  if (const int code = check_command_word(argc, argv, names()); code != kExitDone) {
    return ExitNow{code};
  }
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_parse_error(app_, error);
  }
  return chosen();
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  return CommandLine().parse(argc, argv);
}

}  // namespace imbrex::app
