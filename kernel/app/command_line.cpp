// The only source that includes CLI11: maps argv to `Command`.
#include "command_options.hpp"
#include "commands.hpp"
#include "help_text.hpp"
#include "messages.hpp"
#include "version_text.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace imbrex::app {

void OptionSet::footer(std::string_view text) {
  app_.footer(std::string(text));
}

void OptionSet::required(const OptionText& text, std::string& value) {
  app_.add_option(text.name, value, text.doc)->required();
}

void OptionSet::optional(const OptionText& text, std::string& value) {
  app_.add_option(text.name, value, text.doc);
}

void OptionSet::rest(const OptionText& text, std::vector<std::string>& values, int least) {
  app_.add_option(text.name, values, text.doc)
      ->required()
      ->expected(least, CLI::detail::expected_max_vector_size);
}

void OptionSet::flag(const OptionText& text, bool& value) {
  app_.add_flag(text.name, value, text.doc);
}

void OptionSet::text(const OptionText& text, std::string& value, bool show_default) {
  CLI::Option* const option = app_.add_option(text.name, value, text.doc)->type_name(text.value);
  if (show_default) {
    option->capture_default_str();
  }
}

void OptionSet::choice(const OptionText& text, std::string& value,
                       const std::vector<std::string>& words) {
  app_.add_option(text.name, value, text.doc)
      ->check(CLI::IsMember(words))
      ->type_name(text.value)
      ->capture_default_str();
}

// CLI11 lets a list option swallow every following word, the recipe included; one value per use.
void OptionSet::list(const OptionText& text, std::vector<std::string>& values) {
  app_.add_option(text.name, values, text.doc)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(text.value);
}

void OptionSet::each(const OptionText& text, std::function<void(const std::string&)> tell) {
  const auto told = [tell = std::move(tell), name = text.name](const std::string& value) {
    try {
      tell(value);
    } catch (const InputError& error) {
      throw CLI::ValidationError(name, error.what());
    }
  };
  app_.add_option_function<std::string>(text.name, told, text.doc)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->trigger_on_parse()
      ->type_name(text.value);
}

void OptionSet::integer(const OptionText& text, int& value, Bounds<int> bounds) {
  app_.add_option(text.name, value, text.doc)
      ->check(CLI::Range(bounds.least, bounds.most))
      ->type_name(text.value)
      ->capture_default_str();
}

void OptionSet::integer(const OptionText& text, std::int64_t& value, Bounds<std::int64_t> bounds,
                        bool show_default) {
  CLI::Option* const option = app_.add_option(text.name, value, text.doc)
                                  ->check(CLI::Range(bounds.least, bounds.most))
                                  ->type_name(text.value);
  if (show_default) {
    option->capture_default_str();
  }
}

void OptionSet::number(const OptionText& text, std::optional<double>& value,
                       Bounds<double> bounds) {
  app_.add_option(text.name, value, text.doc)
      ->check(CLI::Range(bounds.least, bounds.most))
      ->type_name(text.value);
}

void OptionSet::size(const OptionText& text, std::int64_t& value, bool may_be_zero) {
  app_.add_option(text.name, value, text.doc)
      ->transform(CLI::AsSizeValue(false))
      ->check(may_be_zero ? CLI::Validator(CLI::NonNegativeNumber)
                          : CLI::Validator(CLI::PositiveNumber))
      ->type_name(text.value);
}

namespace {

std::string in_quotes(std::string_view word) {
  return "'" + std::string(word) + "'";
}

int usage_error(const std::string& message, std::string_view command) {
  const std::string help =
      command.empty() ? "imbrex --help" : "imbrex " + std::string(command) + " --help";
  tell(message + "\nTry '" + help + "'.", Severity::error);
  return kExitBadInput;
}

std::string with_suggestion(const std::string& message, std::string_view given,
                            const std::vector<std::string_view>& known) {
  const std::string_view nearest = nearest_name(given, known);
  return nearest.empty() ? message : message + "; did you mean " + in_quotes(nearest) + "?";
}

// CLI11 knows no "did you mean": name the stray word and the nearest option.
std::string describe_extras(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  const std::vector<std::string> extras = app.remaining(true);
  if (extras.empty()) {
    return "unexpected argument";
  }
  const std::string word = extras.front().substr(0, extras.front().find('='));
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (!word.starts_with("-")) {
    return "unexpected argument " + in_quotes(extras.front());
  }
  return with_suggestion("no option " + in_quotes(word), word, known);
}

// The first word that is no option must be a command.
int check_command_word(int argc, const char* const* argv) {
  std::vector<std::string_view> known;
  for (const CommandEntry& entry : kCommandEntries) {
    known.push_back(entry.name);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("-")) {
      continue;
    }
    for (const std::string_view command : known) {
      if (word == command) {
        return kExitDone;
      }
    }
    return usage_error(with_suggestion("no command " + in_quotes(word), word, known), "");
  }
  return kExitDone;
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

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Parsed parsed;
  CLI::App app(std::string(kDescription), "imbrex");
  app.footer(std::string(kMainHelp));
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  std::string message_format = "text";  // choose_message_format() has read it
  std::vector<const CLI::App*> commands;
  for (const CommandEntry& entry : kCommandEntries) {
    CLI::App* const command =
        app.add_subcommand(std::string(entry.name), std::string(entry.summary));
    OptionSet options(*command);
    entry.declare(options, parsed);
    options.choice({"--message-format",
                    "Errors, warnings and notes on stderr: for people, or an object of JSON per "
                    "line with severity, message, file, line, column and suggestion",
                    "FORMAT"},
                   message_format, {"text", "json"});
    commands.push_back(command);
  }
  if (argc <= 1) {
    std::fputs(app.help().c_str(), stdout);
    return ExitNow{kExitBadInput};
  }
  if (const int code = check_command_word(argc, argv); code != kExitDone) {
    return ExitNow{code};
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_parse_error(app, error);
  }
  for (std::size_t i = 0; i + 1 < commands.size(); ++i) {
    if (commands[i]->parsed()) {
      return kCommandEntries[i].take(parsed);
    }
  }
  return kCommandEntries.back().take(parsed);
}

}  // namespace imbrex::app
