#include "expression.hpp"

#include <imbrex/plugin/document.hpp>

#include <charconv>
#include <limits>
#include <vector>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

constexpr std::string_view kWordCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

Evaluation term(std::string_view text, const Arguments& arguments) {
  if (!text.empty() && text.front() == '$') {
    const auto found = arguments.find(text.substr(1));
    if (found == arguments.end()) {
      return unknown_argument(text.substr(1), arguments);
    }
    if (const auto* value = std::get_if<std::int64_t>(&found->second)) {
      return *value;
    }
    return fmt::format("argument '{}' is the text '{}', expected a number", text,
                       std::get<std::string>(found->second));
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fmt::format("expected a number or an $argument, given '{}'", text);
  }
  return value;
}

Evaluation apply(char sign, std::int64_t left, std::int64_t right) {
  if (sign == '*') {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(left, right, &product)) {
      return fmt::format("{} * {} is too large", left, right);
    }
    return product;
  }
  const bool overflows = right == -1 && left == std::numeric_limits<std::int64_t>::min();
  if (right == 0 || overflows || left % right != 0) {
    return fmt::format("{} / {} is not a whole number", left, right);
  }
  return left / right;
}

}  // namespace

Evaluation evaluate(std::string_view expression, const Arguments& arguments) {
  std::int64_t value = 1;
  char sign = '*';
  for (;;) {
    const std::size_t end = expression.find_first_of("*/");
    Evaluation right = term(without_spaces(expression.substr(0, end)), arguments);
    if (std::holds_alternative<std::string>(right)) {
      return right;
    }
    Evaluation result = apply(sign, value, std::get<std::int64_t>(right));
    if (end == std::string_view::npos || std::holds_alternative<std::string>(result)) {
      return result;
    }
    value = std::get<std::int64_t>(result);
    sign = expression[end];
    expression.remove_prefix(end + 1);
  }
}

const Argument* find_argument(std::string_view text, const Arguments& arguments) {
  if (text.empty() || text.front() != '$' ||
      text.find_first_not_of(kWordCharacters, 1) != std::string_view::npos) {
    return nullptr;
  }
  const auto found = arguments.find(text.substr(1));
  return found == arguments.end() ? nullptr : &found->second;
}

std::string unknown_argument(std::string_view name, const Arguments& arguments) {
  std::vector<std::string_view> known;
  for (const auto& [key, value] : arguments) {
    known.push_back(key);
  }
  const std::string_view nearest = nearest_name(name, known);
  std::string message = fmt::format("argument '${}' is not known here", name);
  return nearest.empty() ? message : message + fmt::format("; did you mean '${}'?", nearest);
}

}  // namespace imbrex::toml_reader
