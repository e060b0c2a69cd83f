// A parameter as data: its type, its documentation, its range, and how its value gets into and out
// of a config struct. Components declare them with params.hpp.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace imbrex {

// A file named in a recipe; the kernel makes it absolute relative to the file that names it.
struct Path {
  std::string value;
};
// One entry of a table of integers, e.g. [workload.bind] batch = 1.
struct NamedInteger {
  std::string name;
  std::int64_t value = 0;
};

enum class ParamType : std::uint8_t {
  boolean,
  integer,
  real,
  text,
  choice,
  path,
  integer_array,
  real_array,
  text_array,
  integer_table,
};

// A value on its way into or out of a config struct. Views are valid during the call.
struct ParamValue {
  ParamType type = ParamType::boolean;
  bool boolean = false;
  std::int64_t integer = 0;  // choice: index
  double real = 0;
  std::string_view text;  // text, path
  std::span<const std::int64_t> integers;
  std::span<const double> reals;
  std::span<const std::string> texts;
  std::span<const NamedInteger> table;
};

struct ParamSpec {
  std::string_view name;
  std::string_view doc;
  std::string_view unit_name;
  ParamType type = ParamType::boolean;
  bool required = false;
  bool has_range = false;
  double minimum = 0;  // inclusive; arrays: of every element
  double maximum = 0;
  std::span<const std::string_view> choices;
  void (*store)(void* config, const ParamValue& value) = nullptr;
  ParamValue (*load)(const void* config) = nullptr;

  constexpr ParamSpec unit(std::string_view name_of_unit) const {
    ParamSpec copy = *this;
    copy.unit_name = name_of_unit;
    return copy;
  }
  constexpr ParamSpec range(double low, double high) const {
    ParamSpec copy = *this;
    copy.has_range = true;
    copy.minimum = low;
    copy.maximum = high;
    return copy;
  }
  constexpr ParamSpec at_least(double low) const {
    return range(low, std::numeric_limits<double>::max());
  }
  constexpr ParamSpec mandatory() const {
    ParamSpec copy = *this;
    copy.required = true;
    return copy;
  }
};

}  // namespace imbrex
