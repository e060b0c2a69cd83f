#include "plugin/param_check.hpp"

#include "plugin/registry.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

using Problem = std::optional<std::string>;

bool is_name(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

constexpr std::string_view kNameRule =
    "names are lower-case letters, digits and underscores and start with a letter";

bool has_numbers(ParamType type) {
  return type == ParamType::integer || type == ParamType::real ||
         type == ParamType::integer_array || type == ParamType::real_array ||
         type == ParamType::integer_table;
}

// What does not depend on the default.
Problem spec_problem(const ParamSpec& spec) {
  if (!is_name(spec.name) || spec.name == "use") {  // a recipe says `use` itself
    return std::string(kNameRule) + ", and are not 'use'";
  }
  if (spec.doc.empty()) {
    return "it has no documentation";
  }
  if (spec.type > ParamType::integer_table || spec.store == nullptr || spec.load == nullptr) {
    return "it cannot be stored; declare it with imbrex::param or imbrex::choice";
  }
  if (spec.has_range && (!has_numbers(spec.type) || !(spec.minimum <= spec.maximum))) {
    return has_numbers(spec.type)
               ? fmt::format("its range is from {} to {}", spec.minimum, spec.maximum)
               : std::string("it has a range, but holds no numbers");
  }
  if ((spec.type == ParamType::choice) == spec.choices.empty()) {
    return "a choice, and nothing else, has a list of choices";
  }
  for (std::size_t i = 0; i < spec.choices.size(); ++i) {
    const auto first = std::find(spec.choices.begin(), spec.choices.end(), spec.choices[i]);
    if (spec.choices[i].empty() || first != spec.choices.begin() + static_cast<std::ptrdiff_t>(i)) {
      return fmt::format("its choice '{}' is empty or there twice", spec.choices[i]);
    }
  }
  return std::nullopt;
}

bool in_range(const ParamSpec& spec, long double value) {
  return std::isfinite(value) &&
         (!spec.has_range || (value >= static_cast<long double>(spec.minimum) &&
                              value <= static_cast<long double>(spec.maximum)));
}

// The numbers of a value, wherever its type keeps them.
std::vector<long double> numbers_of(const ParamValue& value) {
  switch (value.type) {
    case ParamType::integer:
      return {static_cast<long double>(value.integer)};
    case ParamType::real:
      return {static_cast<long double>(value.real)};
    case ParamType::integer_array:
      return {value.integers.begin(), value.integers.end()};
    case ParamType::real_array:
      return {value.reals.begin(), value.reals.end()};
    case ParamType::integer_table: {
      std::vector<long double> numbers;
      for (const NamedInteger& entry : value.table) {
        numbers.push_back(static_cast<long double>(entry.value));
      }
      return numbers;
    }
    default:
      break;
  }
  return {};
}

// Every choice must come back as it was stored; the default is stored last and stays.
Problem choice_problem(const ParamSpec& spec, void* config, const ParamValue& given) {
  if (given.integer < 0 || given.integer >= static_cast<std::int64_t>(spec.choices.size())) {
    return fmt::format("its default is choice number {} of {}", given.integer, spec.choices.size());
  }
  const std::int64_t standard = given.integer;
  ParamValue value;
  value.type = ParamType::choice;
  for (std::size_t i = 0; i < spec.choices.size(); ++i) {
    value.integer = static_cast<std::int64_t>(i);
    spec.store(config, value);
    if (spec.load(config).integer != value.integer) {
      return fmt::format("its choice '{}' is not kept", spec.choices[i]);
    }
  }
  value.integer = standard;
  spec.store(config, value);
  return std::nullopt;
}

Problem default_problem(const ParamSpec& spec, void* config) {
  const ParamValue value = spec.load(config);
  if (value.type != spec.type) {
    return "its value is of another type than it says";
  }
  if (spec.type == ParamType::choice) {
    return choice_problem(spec, config, value);
  }
  for (const long double number : numbers_of(value)) {
    if (!spec.required && !in_range(spec, number)) {
      return spec.has_range ? fmt::format("its default {} is not within {} to {}",
                                          static_cast<double>(number), spec.minimum, spec.maximum)
                            : std::string("its default is not a finite number");
    }
  }
  return std::nullopt;
}

Problem facts_problem(std::span<const FactSpec> facts) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    std::string_view name = facts[i].name;
    if (name.ends_with('*')) {
      name.remove_suffix(1);
    } else if (name.starts_with('*')) {
      name.remove_prefix(1);
      name.remove_prefix(name.starts_with('_') ? 1 : 0);
    }
    if (!is_name(name)) {
      return fmt::format("fact '{}' is not well named; {}, with * at one end at most",
                         facts[i].name, kNameRule);
    }
    if (facts[i].meaning.empty()) {
      return fmt::format("fact '{}' has no meaning", facts[i].name);
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (facts[j].name == facts[i].name) {
        return fmt::format("fact '{}' is declared twice", facts[i].name);
      }
    }
  }
  return std::nullopt;
}

Problem params_problem(const Component& component) {
  const std::unique_ptr<void, void (*)(void*) noexcept> config(component.new_config(),
                                                               component.delete_config);
  for (std::size_t i = 0; i < component.params.size(); ++i) {
    const ParamSpec& spec = component.params[i];
    Problem problem = spec_problem(spec);
    if (!problem) {
      problem = default_problem(spec, config.get());
    }
    for (std::size_t j = 0; j < i && !problem; ++j) {
      if (component.params[j].name == spec.name) {
        problem = "it is declared twice";
      }
    }
    if (problem) {
      return fmt::format("parameter '{}': {}", spec.name, *problem);
    }
  }
  return facts_problem(component.facts);
}

}  // namespace

std::string declaration_problem(const Component& component) {
  Problem problem;
  try {
    guard(component.id, "its parameters", [&] { problem = params_problem(component); });
  } catch (const Error&) {
    return {};  // a config struct that cannot be made is told when somebody wants one
  }
  return problem ? fmt::format("component '{}', {}", component.id, *problem) : std::string();
}

}  // namespace imbrex::plugin
