// Options of one sub-command, declared without the library that parses them: only
// command_line.cpp, which implements this, includes that.
#pragma once

#include "command_text.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace imbrex::app {

// Name, meaning, and the word for its value: {"--out,-o", "Result folder", "DIR"}.
struct OptionText {
  std::string name;
  std::string doc;
  std::string value = {};
};

template <class Number>
struct Bounds {
  Number least;
  Number most;
};

// Every value keeps what it holds when the option is not given.
class OptionSet {
 public:
  // What is declared is written down as well.
  OptionSet(CLI::App& app, CommandText& text) : app_(app), text_(text) {}

  void footer(std::string_view text);
  // `choices`: words that shells propose; whether it is one of them, its command says.
  void required(const OptionText& text, std::string& value,
                const std::vector<std::string>& choices = {});
  void optional(const OptionText& text, std::string& value);
  // The words that are no options, `least` or more of them.
  void rest(const OptionText& text, std::vector<std::string>& values, int least);
  // One of these words.
  void word(const OptionText& text, std::string& value, const std::vector<std::string>& words);
  void flag(const OptionText& text, bool& value);
  // A flag that stands for `bare`, and takes another value behind '=' alone.
  void flag_or_value(const OptionText& text, std::string& value, const std::string& bare);
  void text(const OptionText& text, std::string& value, bool show_default = false);
  void choice(const OptionText& text, std::string& value, const std::vector<std::string>& words);
  // One value per use, in order.
  void list(const OptionText& text, std::vector<std::string>& values);
  // The same, told as it is read: several options that share one order, or a value of a form of its
  // own. What `tell` throws as an InputError is a mistake of the command line.
  void each(const OptionText& text, std::function<void(const std::string&)> tell);
  void integer(const OptionText& text, int& value, Bounds<int> bounds);
  void integer(const OptionText& text, std::int64_t& value, Bounds<std::int64_t> bounds,
               bool show_default);
  void number(const OptionText& text, std::optional<double>& value, Bounds<double> bounds);
  // In bytes, written "8G".
  void size(const OptionText& text, std::int64_t& value, bool may_be_zero = false);

 private:
  void note(const OptionText& text, const std::vector<std::string>& choices = {});

  CLI::App& app_;
  CommandText& text_;
};

}  // namespace imbrex::app
