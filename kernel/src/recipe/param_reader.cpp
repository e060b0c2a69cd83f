#include "recipe/param_reader.hpp"

#include "base/files.hpp"
#include "recipe/load_recipe.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

// Checks one value; every complaint names the parameter, and the element where it has several.
class ParamReader {
 public:
  ParamReader(const RecipeValue& value, const ParamSpec& spec, Diagnostics& diagnostics)
      : value_(value), spec_(spec), diagnostics_(diagnostics) {
    result_.spec = &spec;
  }

  std::optional<CheckedParam> read() {
    read_value();
    return good_ ? std::optional(std::move(result_)) : std::nullopt;
  }

 private:
  void read_value() {
    switch (spec_.type) {
      case ParamType::boolean:
        return read_boolean();
      case ParamType::integer:
        result_.integer = integer(value_);
        return;
      case ParamType::real:
        result_.real = real(value_);
        return;
      case ParamType::text:
        result_.text = text(value_);
        return;
      case ParamType::choice:
        return read_choice();
      case ParamType::path:
        return read_path();
      case ParamType::integer_table:
        return read_table();
      case ParamType::integer_array:
        return read_array([&](const RecipeValue& e) { result_.integers.push_back(integer(e)); });
      case ParamType::real_array:
        return read_array([&](const RecipeValue& e) { result_.reals.push_back(real(e)); });
      case ParamType::text_array:
        return read_array([&](const RecipeValue& e) { result_.texts.push_back(text(e)); });
    }
  }

  void fail(const RecipeValue& at, std::string_view message) {
    complain(diagnostics_, at, message);
    good_ = false;
  }

  std::string name_of(const RecipeValue& at) const {
    if (&at == &value_) {
      return fmt::format("'{}'", spec_.name);
    }
    if (!at.key.empty()) {
      return fmt::format("'{}' in '{}'", at.key, spec_.name);
    }
    return fmt::format("element {} of '{}'", &at - value_.children.data() + 1, spec_.name);
  }

  void fail_type(const RecipeValue& at, std::string_view expected) {
    fail(at, fmt::format("{} expects {}, found {}", name_of(at), expected, to_string(at.kind)));
  }

  void read_boolean() {
    if (value_.kind != NodeKind::boolean) {
      fail_type(value_, "true or false");
    }
    result_.boolean = value_.boolean;
  }

  std::int64_t integer(const RecipeValue& at) {
    if (at.kind != NodeKind::integer) {
      fail_type(at, "an integer");
      return 0;
    }
    // long double holds every 64-bit integer, so borders are compared exactly.
    check_range(at, static_cast<long double>(at.integer), fmt::format("{}", at.integer));
    return at.integer;
  }

  double real(const RecipeValue& at) {
    if (at.kind != NodeKind::real && at.kind != NodeKind::integer) {
      fail_type(at, "a real number");
      return 0;
    }
    if (!at.real) {
      fail(at, fmt::format("{} = {} is not exactly representable as a real number", name_of(at),
                           at.integer));
      return 0;
    }
    if (!std::isfinite(*at.real)) {
      fail(at, fmt::format("{} expects a finite number, found {}", name_of(at), *at.real));
      return 0;
    }
    check_range(at, static_cast<long double>(*at.real), fmt::format("{}", *at.real));
    return *at.real;
  }

  void check_range(const RecipeValue& at, long double number, std::string_view written) {
    if (!spec_.has_range || (number >= static_cast<long double>(spec_.minimum) &&
                             number <= static_cast<long double>(spec_.maximum))) {
      return;
    }
    const bool open = spec_.maximum == std::numeric_limits<double>::max();
    const std::string bound = open ? fmt::format("below {}", spec_.minimum)
                                   : fmt::format("outside [{}, {}]", spec_.minimum, spec_.maximum);
    const std::string unit =
        spec_.unit_name.empty() ? "" : fmt::format(" (unit: {})", spec_.unit_name);
    fail(at, fmt::format("{} = {} is {}{}", name_of(at), written, bound, unit));
  }

  std::string text(const RecipeValue& at) {
    if (at.kind != NodeKind::string) {
      fail_type(at, "a string");
    }
    return at.text;
  }

  void read_choice() {
    if (value_.kind != NodeKind::string) {
      return fail_type(value_, fmt::format("one of {}", fmt::join(spec_.choices, ", ")));
    }
    for (std::size_t i = 0; i < spec_.choices.size(); ++i) {
      if (spec_.choices[i] == value_.text) {
        result_.integer = static_cast<std::int64_t>(i);
        return;
      }
    }
    fail(value_,
         fmt::format("'{}' = '{}' is not one of {}{}", spec_.name, value_.text,
                     fmt::join(spec_.choices, ", "), did_you_mean(value_.text, spec_.choices)));
  }

  void read_path() {
    if (value_.kind != NodeKind::string) {
      return fail_type(value_, "the path of a file");
    }
    if (value_.text.empty()) {
      return;  // not given
    }
    const std::filesystem::path path = absolute_path(value_, value_.text);
    const std::string reason = why_unreadable(path);
    if (!reason.empty()) {
      return fail(value_, fmt::format("'{}': the file '{}' {}", spec_.name, value_.text, reason));
    }
    result_.text = path.string();
  }

  template <class ReadElement>
  void read_array(ReadElement read_element) {
    if (value_.kind != NodeKind::array) {
      return fail_type(value_, "an array");
    }
    for (const RecipeValue& element : value_.children) {
      read_element(element);
    }
  }

  void read_table() {
    if (value_.kind != NodeKind::table) {
      return fail_type(value_, "a table of integers");
    }
    for (const RecipeValue& entry : value_.children) {
      if (entry.kind == NodeKind::array) {
        read_list(entry);
        continue;
      }
      // Values that steer an `If` of a network are booleans by nature.
      const bool is_boolean = entry.kind == NodeKind::boolean;
      result_.table.push_back({entry.key, is_boolean ? entry.boolean : integer(entry)});
    }
  }

  // A list in a table is one entry per element, NAME.0 and on, and "NAME." when it is empty: the
  // words for the axes of a tensor, so that its shape is written as a list.
  void read_list(const RecipeValue& entry) {
    if (entry.children.empty()) {
      result_.table.push_back({entry.key + ".", 0});
    }
    for (std::size_t i = 0; i < entry.children.size(); ++i) {
      const RecipeValue& element = entry.children[i];
      if (element.kind != NodeKind::integer) {
        fail(element, fmt::format("element {} of {} expects an integer, found {}", i + 1,
                                  name_of(entry), to_string(element.kind)));
        return;
      }
      result_.table.push_back({fmt::format("{}.{}", entry.key, i), integer(element)});
    }
  }

  const RecipeValue& value_;
  const ParamSpec& spec_;
  Diagnostics& diagnostics_;
  CheckedParam result_;
  bool good_ = true;
};

}  // namespace

ParamValue CheckedParam::view() const {
  ParamValue value;
  value.type = spec->type;
  value.boolean = boolean;
  value.integer = integer;
  value.real = real;
  value.text = text;
  value.integers = integers;
  value.reals = reals;
  value.texts = texts;
  value.table = table;
  return value;
}

std::optional<CheckedParam> check_param(const RecipeValue& value, const ParamSpec& spec,
                                        Diagnostics& diagnostics) {
  return ParamReader(value, spec, diagnostics).read();
}

}  // namespace imbrex::recipe
