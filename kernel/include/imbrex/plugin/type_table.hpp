// Every type that crosses the plugin boundary, as the compiler that reads these headers lays it
// out: size, alignment, where each member lies, which slot each virtual function has. Plugin and
// kernel both carry the table; the loader compares them and names the first type that differs.
// The list of types and members, private ones too, is type_table.inc: generated together with
// tests/abi/abi.lock, and with the lock's digest of each type.
//
// Constant data without relocations. Pointers to members may not be looked into by a constant
// expression, so the table holds the pointers themselves; in the Itanium C++ ABI they are offsets.
#pragma once

#include <imbrex/interfaces/architecture_model.hpp>
#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/interfaces/partitioner.hpp>
#include <imbrex/interfaces/reporter.hpp>
#include <imbrex/interfaces/search_strategy.hpp>
#include <imbrex/interfaces/workload_reader.hpp>
#include <imbrex/plugin/abi.hpp>
#include <imbrex/plugin/component.hpp>
#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/plugin/param_spec.hpp>
#include <imbrex/plugin/params.hpp>
#include <imbrex/values/architecture.hpp>
#include <imbrex/values/backward_map.hpp>
#include <imbrex/values/completion.hpp>
#include <imbrex/values/decision_text.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/ids.hpp>
#include <imbrex/values/loop_nest.hpp>
#include <imbrex/values/map_space_spec.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/result.hpp>
#include <imbrex/values/segments.hpp>
#include <imbrex/values/topology.hpp>
#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/work_order.hpp>
#include <imbrex/values/workload.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace imbrex {

namespace detail {

template <std::size_t Index, class Value>
struct Word {
  Value value;
};
// Values one behind the other, as bases are laid out.
template <class Indices, class... Values>
struct WordRun;
template <std::size_t... Indices, class... Values>
struct WordRun<std::index_sequence<Indices...>, Values...> : Word<Indices, Values>... {};

template <class... Values>
consteval auto words(Values... values) {
  using Run = WordRun<std::index_sequence_for<Values...>, Values...>;
  static_assert(((sizeof(Values) % 8 == 0) && ...) && sizeof(Run) == (sizeof(Values) + ...));
  return Run{{values}...};
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
// The first byte behind the data of `Type`, its last padding not counted.
template <class Type>
struct Tail : Type {
  char end;
};
// The slot that the next virtual function of `Type` would have.
template <class Type>
struct Slots : Type {
  virtual void next_slot_of_the_type_table();
};
#pragma GCC diagnostic pop

template <class Type>
consteval auto ends() {
  if constexpr (!std::is_class_v<Type> || std::is_final_v<Type>) {
    return words(std::uint64_t{0});
  } else if constexpr (std::is_polymorphic_v<Type>) {
    return words(&Tail<Type>::end, &Slots<Type>::next_slot_of_the_type_table);
  } else {
    return words(&Tail<Type>::end);
  }
}

template <class Value>
consteval auto member_word(Value value) {
  if constexpr (std::is_enum_v<Value>) {
    return static_cast<std::uint64_t>(value);
  } else {
    return value;
  }
}

// What of a type decides how its bytes are read, whatever its name.
template <class Type>
consteval std::uint64_t kind_of_bytes() {
  // A pointer is meant where the type is one. NOLINTNEXTLINE(bugprone-sizeof-expression)
  const std::uint64_t size_and_alignment = sizeof(Type) * 64 + alignof(Type);
  const std::uint64_t number = std::is_floating_point_v<Type> ? 1
                               : std::is_unsigned_v<Type>     ? 2
                                                              : 0;
  const std::uint64_t structure = std::is_pointer_v<Type> ? 1 : std::is_class_v<Type> ? 2 : 0;
  return (size_and_alignment * 4 + number) * 4 + structure;
}
template <class Class, class Member>
consteval std::uint64_t kind_of_member(Member Class::*) {
  if constexpr (std::is_function_v<Member>) {
    return 1;
  } else {
    return kind_of_bytes<Member>();
  }
}
template <class Enumeration>
consteval std::uint64_t kind_of_member(Enumeration) {
  return kind_of_bytes<Enumeration>();
}

#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wnon-template-friend"  // a function per row is what is wanted
#endif
template <int Row>
struct TypeRow {
  friend consteval auto words_of(TypeRow);
};
#pragma GCC diagnostic pop

// Explicitly instantiated by type_table.inc: only there may private members be named.
template <int Row, std::uint64_t Lock, class Type, auto... Members>
struct DescribedType {
  friend consteval auto words_of(TypeRow<Row>) {
    std::uint64_t kinds = 0xcbf29ce484222325ull;
    ((kinds = (kinds ^ kind_of_member(Members)) * 0x100000001b3ull), ...);
    const auto members_and_ends = words(member_word(Members)..., ends<Type>());
    const std::uint64_t count = 5 + sizeof(members_and_ends) / 8;
    return words(count, Lock, std::uint64_t{sizeof(Type)}, std::uint64_t{alignof(Type)}, kinds,
                 members_and_ends);
  }
};

template <int... Rows>
consteval auto words_of_all(std::integer_sequence<int, Rows...>) {
  return words(words_of(TypeRow<Rows>{})...);
}

}  // namespace detail
}  // namespace imbrex

#include <imbrex/plugin/type_table.inc>

namespace imbrex::detail {

// To be kept in a variable that no other library can see: the loader compares what this library
// was built with.
consteval auto type_table_words() {
  return words_of_all(std::make_integer_sequence<int, kTypeCount>{});
}

}  // namespace imbrex::detail
