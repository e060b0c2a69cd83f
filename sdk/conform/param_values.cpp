#include "param_values.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::conform {
namespace {

// The largest integer that a recipe's number is sure to keep.
constexpr double kLargest = 9007199254740992.0;

std::array<double, 2> ends_of(const ParamSpec& spec) noexcept {
  if (!spec.has_range) {
    return {-1, kLargest};
  }
  return {std::max(spec.minimum, -kLargest), std::min(spec.maximum, kLargest)};
}

ParamValue typed(const ParamSpec& spec) noexcept {
  ParamValue value;
  value.type = spec.type;
  return value;
}

using Use = FunctionRef<void(const ParamValue& value)>;

void use_numbers(const ParamSpec& spec, Use use) {
  for (const double end : ends_of(spec)) {
    ParamValue value = typed(spec);
    value.integer = static_cast<std::int64_t>(end);
    value.real = end;
    use(value);
  }
}

void use_number_lists(const ParamSpec& spec, Use use) {
  const auto [low, high] = ends_of(spec);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    for (const double end : {low, high}) {
      const std::vector<double> reals(size, end);
      const std::vector<std::int64_t> integers(size, static_cast<std::int64_t>(end));
      const std::vector<NamedInteger> table(size, {"x", static_cast<std::int64_t>(end)});
      ParamValue value = typed(spec);
      value.reals = reals;
      value.integers = integers;
      value.table = table;
      use(value);
    }
  }
}

void use_texts(const ParamSpec& spec, Use use) {
  for (const std::string_view text : {std::string_view(), std::string_view("x 1")}) {
    const std::vector<std::string> texts(text.size() / 2, std::string(text));
    ParamValue value = typed(spec);
    value.text = text;
    value.texts = texts;
    use(value);
  }
}

}  // namespace

void for_each_value(const ParamSpec& spec, FunctionRef<void(const ParamValue& value)> use) {
  ParamValue value = typed(spec);
  switch (spec.type) {
    case ParamType::boolean:
      use(value);
      value.boolean = true;
      use(value);
      return;
    case ParamType::choice:
      for (std::size_t i = 0; i < spec.choices.size(); ++i) {
        value.integer = static_cast<std::int64_t>(i);
        use(value);
      }
      return;
    case ParamType::integer:
    case ParamType::real:
      return use_numbers(spec, use);
    case ParamType::text:
    case ParamType::text_array:
      return use_texts(spec, use);
    case ParamType::path:
      value.text = "/dev/null";  // the kernel lets only files through that exist
      return use(value);
    case ParamType::integer_array:
    case ParamType::real_array:
    case ParamType::integer_table:
      return use_number_lists(spec, use);
  }
}

std::string text_of(const ParamSpec& spec, const ParamValue& value) {
  switch (spec.type) {
    case ParamType::boolean:
      return value.boolean ? "true" : "false";
    case ParamType::integer:
      return std::to_string(value.integer);
    case ParamType::real:
      return fmt::format("{}", value.real);
    case ParamType::choice: {
      const auto number = static_cast<std::size_t>(value.integer);
      return number < spec.choices.size() ? fmt::format("'{}'", spec.choices[number])
                                          : fmt::format("choice {}", value.integer);
    }
    case ParamType::text:
    case ParamType::path:
      return fmt::format("'{}'", value.text);
    case ParamType::integer_array:
      return fmt::format("[{}]", fmt::join(value.integers, ", "));
    case ParamType::real_array:
      return fmt::format("[{}]", fmt::join(value.reals, ", "));
    case ParamType::text_array:
      return fmt::format("['{}']", fmt::join(value.texts, "', '"));
    case ParamType::integer_table:
      break;
  }
  std::string text;
  for (const NamedInteger& entry : value.table) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", entry.name, entry.value);
  }
  return "{" + text + "}";
}

}  // namespace imbrex::conform
