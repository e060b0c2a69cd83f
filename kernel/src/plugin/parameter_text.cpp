#include "plugin/parameter_text.hpp"

#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

std::string in_double_quotes(std::string_view text) {
  return fmt::format("\"{}\"", text);
}

template <class Range, class Format>
std::string bracketed(const Range& items, const char* brackets, Format format) {
  std::string out(1, brackets[0]);
  for (const auto& item : items) {
    out += (out.size() > 1 ? ", " : "") + format(item);
  }
  return out + brackets[1];
}

std::string number_text(double value) {
  // Whole limits such as 65536 read better without an exponent or a fraction.
  return value == static_cast<double>(static_cast<std::int64_t>(value))
             ? fmt::format("{}", static_cast<std::int64_t>(value))
             : fmt::format("{}", value);
}

// Limits beyond what a person would type count as "no limit"; also keeps the cast above defined.
bool is_bound(double value) {
  return value > -1e15 && value < 1e15;
}

}  // namespace

std::string type_text(ParamType type) {
  switch (type) {
    case ParamType::boolean:
      return "boolean";
    case ParamType::integer:
      return "integer";
    case ParamType::real:
      return "real";
    case ParamType::text:
      return "text";
    case ParamType::choice:
      return "choice";
    case ParamType::path:
      return "path";
    case ParamType::integer_array:
      return "integers";
    case ParamType::real_array:
      return "reals";
    case ParamType::text_array:
      return "texts";
    case ParamType::integer_table:
      return "table of integers";
  }
  return "?";
}

std::string value_text(const ParamSpec& spec, const ParamValue& value) {
  if (spec.required) {
    return "-";
  }
  switch (value.type) {
    case ParamType::boolean:
      return value.boolean ? "true" : "false";
    case ParamType::integer:
      return fmt::format("{}", value.integer);
    case ParamType::real:
      return fmt::format("{}", value.real);
    case ParamType::text:
    case ParamType::path:
      return in_double_quotes(value.text);
    case ParamType::choice:
      return in_double_quotes(spec.choices[static_cast<std::size_t>(value.integer)]);
    case ParamType::integer_array:
      return bracketed(value.integers, "[]", [](std::int64_t i) { return fmt::format("{}", i); });
    case ParamType::real_array:
      return bracketed(value.reals, "[]", [](double r) { return fmt::format("{}", r); });
    case ParamType::text_array:
      return bracketed(value.texts, "[]", [](const std::string& t) { return in_double_quotes(t); });
    case ParamType::integer_table:
      return bracketed(value.table, "{}", [](const NamedInteger& entry) {
        return fmt::format("{} = {}", entry.name, entry.value);
      });
  }
  return "?";
}

std::string allowed_text(const ParamSpec& spec) {
  std::string out;
  for (const std::string_view choice : spec.choices) {
    out += (out.empty() ? "" : " | ") + std::string(choice);
  }
  if (!spec.has_range) {
    return out;
  }
  if (is_bound(spec.minimum) && is_bound(spec.maximum)) {
    return fmt::format("{} .. {}", number_text(spec.minimum), number_text(spec.maximum));
  }
  if (is_bound(spec.minimum)) {
    return fmt::format(">= {}", number_text(spec.minimum));
  }
  return is_bound(spec.maximum) ? fmt::format("<= {}", number_text(spec.maximum)) : out;
}

}  // namespace imbrex::plugin
