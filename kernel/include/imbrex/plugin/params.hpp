// Parameters of a component, declared once from a plain struct. Member initialisers are the
// defaults; a constexpr array binds members to names, docs, units and ranges. The kernel validates
// recipes against it, echoes defaults, prints help and generates reference documentation.
//
//   struct Config { std::int64_t rows = 256; Mode mode = Mode::fast; };
//   constexpr std::string_view kModes[] = {"fast", "exact"};          // in the order of the enum
//   constexpr imbrex::ParamSpec kParams[] = {
//       imbrex::param<&Config::rows>("rows", "Crossbar rows").unit("row").range(1, 65536),
//       imbrex::choice<&Config::mode>("mode", "How to count", kModes)};
#pragma once

#include <imbrex/plugin/param_spec.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace imbrex {
namespace detail {

template <class Member>
struct MemberTraits;
template <class Class, class Field>
struct MemberTraits<Field Class::*> {
  using class_type = Class;
  using field_type = Field;
};

template <class Field>
consteval ParamType param_type() {
  if constexpr (std::is_same_v<Field, bool>)
    return ParamType::boolean;
  else if constexpr (std::is_same_v<Field, std::int64_t>)
    return ParamType::integer;
  else if constexpr (std::is_same_v<Field, double>)
    return ParamType::real;
  else if constexpr (std::is_same_v<Field, std::string>)
    return ParamType::text;
  else if constexpr (std::is_same_v<Field, Path>)
    return ParamType::path;
  else if constexpr (std::is_enum_v<Field>)
    return ParamType::choice;
  else if constexpr (std::is_same_v<Field, std::vector<std::int64_t>>)
    return ParamType::integer_array;
  else if constexpr (std::is_same_v<Field, std::vector<double>>)
    return ParamType::real_array;
  else if constexpr (std::is_same_v<Field, std::vector<std::string>>)
    return ParamType::text_array;
  else if constexpr (std::is_same_v<Field, std::vector<NamedInteger>>)
    return ParamType::integer_table;
  else
    static_assert(!sizeof(Field*),
                  "a parameter is bool, int64, double, string, Path, enum or an array");
}

template <auto Member, class Config>
void store_param(void* config, const ParamValue& value) {
  using Field = typename MemberTraits<decltype(Member)>::field_type;
  Field& field = static_cast<Config*>(config)->*Member;
  constexpr ParamType type = param_type<Field>();
  if constexpr (type == ParamType::boolean)
    field = value.boolean;
  else if constexpr (type == ParamType::integer)
    field = value.integer;
  else if constexpr (type == ParamType::real)
    field = value.real;
  else if constexpr (type == ParamType::text)
    field = std::string(value.text);
  else if constexpr (type == ParamType::path)
    field.value = std::string(value.text);
  else if constexpr (type == ParamType::choice)
    field = static_cast<Field>(value.integer);
  else if constexpr (type == ParamType::integer_array)
    field.assign(value.integers.begin(), value.integers.end());
  else if constexpr (type == ParamType::real_array)
    field.assign(value.reals.begin(), value.reals.end());
  else if constexpr (type == ParamType::text_array)
    field.assign(value.texts.begin(), value.texts.end());
  else
    field.assign(value.table.begin(), value.table.end());
}

template <auto Member, class Config>
ParamValue load_param(const void* config) {
  using Field = typename MemberTraits<decltype(Member)>::field_type;
  const Field& field = static_cast<const Config*>(config)->*Member;
  ParamValue value;
  value.type = param_type<Field>();
  if constexpr (std::is_same_v<Field, bool>)
    value.boolean = field;
  else if constexpr (std::is_same_v<Field, std::int64_t>)
    value.integer = field;
  else if constexpr (std::is_same_v<Field, double>)
    value.real = field;
  else if constexpr (std::is_same_v<Field, std::string>)
    value.text = field;
  else if constexpr (std::is_same_v<Field, Path>)
    value.text = field.value;
  else if constexpr (std::is_enum_v<Field>)
    value.integer = static_cast<std::int64_t>(field);
  else if constexpr (std::is_same_v<Field, std::vector<std::int64_t>>)
    value.integers = field;
  else if constexpr (std::is_same_v<Field, std::vector<double>>)
    value.reals = field;
  else if constexpr (std::is_same_v<Field, std::vector<std::string>>)
    value.texts = field;
  else
    value.table = field;
  return value;
}

// Not constexpr: reaching it while a schema is built stops the compilation with its name in the
// error.
inline void parameter_needs_a_name_and_a_doc() {}

template <auto Member, class Config>
constexpr ParamSpec make_spec(std::string_view name, std::string_view doc) {
  if (name.empty() || doc.empty()) {
    parameter_needs_a_name_and_a_doc();
  }
  ParamSpec spec;
  spec.name = name;
  spec.doc = doc;
  spec.type = param_type<typename MemberTraits<decltype(Member)>::field_type>();
  spec.store = &store_param<Member, Config>;
  spec.load = &load_param<Member, Config>;
  return spec;
}

template <auto Member>
using ClassOf = typename MemberTraits<decltype(Member)>::class_type;

}  // namespace detail

// Names are lower case with underscores; a name or doc that is empty does not compile.
// `Config` is named only for a member that the config struct inherits (&Config::x names the base).
template <auto Member, class Config = detail::ClassOf<Member>>
consteval ParamSpec param(std::string_view name, std::string_view doc) {
  return detail::make_spec<Member, Config>(name, doc);
}

// `names` in the order of the enumerators, which must be 0, 1, 2, ...
template <auto Member, class Config = detail::ClassOf<Member>>
consteval ParamSpec choice(std::string_view name, std::string_view doc,
                           std::span<const std::string_view> names) {
  ParamSpec spec = detail::make_spec<Member, Config>(name, doc);
  if (names.empty()) {
    detail::parameter_needs_a_name_and_a_doc();
  }
  spec.choices = names;
  return spec;
}

}  // namespace imbrex
