// File: type_table.hpp
//
// Every type that crosses the plugin boundary, as the compiler that reads these headers lays it
// out: size, alignment, where each member lies, which slot each virtual function has. Plugin and
// kernel both carry the table; the loader compares them and names the first type that differs.
// The list of types and members, private ones too, is type_table.inc: generated together with
// tests/abi/abi.lock, and with the lock's digest of each type.
//
// Constant data without relocations. Pointers to members may not be looked into by a constant
// expression, so the table holds the pointers themselves; in the Itanium C++ ABI they are offsets.
#pragma once

#include <imbrex/analysis_request.hpp>
#include <imbrex/apply_segments.hpp>
#include <imbrex/architecture.hpp>
#include <imbrex/backward_map.hpp>
#include <imbrex/batch.hpp>
#include <imbrex/completion.hpp>
#include <imbrex/dealing.hpp>
#include <imbrex/dealt_order.hpp>
#include <imbrex/decision_text.hpp>
#include <imbrex/descriptor.hpp>
#include <imbrex/design.hpp>
#include <imbrex/edge_path.hpp>
#include <imbrex/evaluator.hpp>
#include <imbrex/finish_index.hpp>
#include <imbrex/floor_plan.hpp>
#include <imbrex/forward_pass.hpp>
#include <imbrex/function_ref.hpp>
#include <imbrex/ids.hpp>
#include <imbrex/job_shape_params.hpp>
#include <imbrex/link_load.hpp>
#include <imbrex/loop_nest.hpp>
#include <imbrex/map_constraints.hpp>
#include <imbrex/map_space.hpp>
#include <imbrex/mapping.hpp>
#include <imbrex/multicast_tree.hpp>
#include <imbrex/order_completions.hpp>
#include <imbrex/overlap_math.hpp>
#include <imbrex/pipeline_depth.hpp>
#include <imbrex/pipeline_granularity.hpp>
#include <imbrex/printable.hpp>
#include <imbrex/random.hpp>
#include <imbrex/region.hpp>
#include <imbrex/replication.hpp>
#include <imbrex/result.hpp>
#include <imbrex/search_facts.hpp>
#include <imbrex/segment_layout.hpp>
#include <imbrex/segment_memory.hpp>
#include <imbrex/segment_pass.hpp>
#include <imbrex/segment_traffic.hpp>
#include <imbrex/segments.hpp>
#include <imbrex/spatial_layout.hpp>
#include <imbrex/split_workload.hpp>
#include <imbrex/tile_times.hpp>
#include <imbrex/time_math.hpp>
#include <imbrex/topology.hpp>
#include <imbrex/uneven_nest.hpp>
#include <imbrex/weight_units.hpp>
#include <imbrex/work_order.hpp>
#include <imbrex/workload.hpp>
#include <imbrex/workload_builder.hpp>

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

#include <imbrex/type_table.inc>

namespace imbrex::detail {

// To be kept in a variable that no other library can see: the loader compares what this library
// was built with.
consteval auto type_table_words() {
  return words_of_all(std::make_integer_sequence<int, kTypeCount>{});
}

}  // namespace imbrex::detail
