// What a plugin says of itself, and how a component is described. Plugins include plugin.hpp, which
// adds the table of boundary types and IMBREX_PLUGIN.
#pragma once

#include <imbrex/interfaces/architecture_model.hpp>
#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/interfaces/partitioner.hpp>
#include <imbrex/interfaces/reporter.hpp>
#include <imbrex/interfaces/search_strategy.hpp>
#include <imbrex/interfaces/workload_reader.hpp>
#include <imbrex/plugin/abi.hpp>
#include <imbrex/plugin/component.hpp>
#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/plugin/params.hpp>
#include <imbrex/values/work_graph.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>
#include <variant>
#include <vector>

namespace imbrex {

// --- The standard library ------------------------------------------------------------------------
//
// A fingerprint of the standard library's types that boundary types are made of. Catches what the
// ABI tag cannot: a standard library that is built differently. The boundary's own types have a
// table with names (type_table.hpp).

namespace detail {

consteval std::uint64_t fnv1a(std::uint64_t hash, std::uint64_t value) {
  for (int byte = 0; byte < 8; ++byte) {
    hash = (hash ^ ((value >> (8 * byte)) & 0xff)) * 0x100000001b3ull;
  }
  return hash;
}

template <class... Types>
consteval std::uint64_t layout_of() {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  ((hash = fnv1a(fnv1a(hash, sizeof(Types)), alignof(Types))), ...);
  return hash;
}

}  // namespace detail

inline consteval std::uint64_t layout_fingerprint() {
  return detail::layout_of<std::string, std::string_view, std::vector<int>, std::vector<bool>,
                           std::span<int>, std::span<int, 2>, std::array<int, 3>,
                           std::optional<std::string>, std::unique_ptr<int>, std::shared_ptr<int>,
                           std::map<int, int>, std::function<void()>, std::variant<int, double>>();
}

// Every type that crosses the boundary as one compiler laid it out (type_table.hpp).
//
// `names` is one line per type, sorted: its name, then its members, with "()" behind functions and
// "=" behind enumerators.
// `words` is one run per line: number of words of the run, digest in the lock, size, alignment,
// kinds of the members; per member its offset (functions: slot and adjustment; enumerators: value);
// for classes that can be derived from the end of their data and, if virtual, of their slots.
struct TypeTable {
  const char* names = nullptr;
  const void* words = nullptr;
  std::uint64_t word_count = 0;
};

// The first five members are C types and frozen for ever: they are checked before anything is
// called.
struct PluginDescriptor {
  std::uint32_t size = 0;
  std::uint32_t epoch = 0;
  const char* abi_tag = nullptr;
  std::uint64_t layout = 0;
  const void* runtime = nullptr;  // &typeid(std::runtime_error): one C++ runtime per process
  TypeTable types;
  const char* headers = nullptr;  // a line per public header, name and digest; null: not known
  std::string_view id;
  std::string_view version;
  std::string_view summary;
  std::string_view license;
  std::string_view compiler;  // recorded, not compared
  std::span<const Component> components;
};

inline constexpr const char* kEntrySymbol = "imbrex_plugin_descriptor";

namespace detail {

template <class Type>
consteval Kind kind_of() {
  if constexpr (std::is_base_of_v<WorkloadReader, Type>)
    return Kind::workload_reader;
  else if constexpr (std::is_base_of_v<ArchitectureModel, Type>)
    return Kind::architecture_model;
  else if constexpr (std::is_base_of_v<CostModel, Type>)
    return Kind::cost_model;
  else if constexpr (std::is_base_of_v<Partitioner, Type>)
    return Kind::partitioner;
  else if constexpr (std::is_base_of_v<SearchStrategy, Type>)
    return Kind::search_strategy;
  else if constexpr (std::is_base_of_v<OverlapAnalyzer, Type>)
    return Kind::overlap_analyzer;
  else {
    static_assert(std::is_base_of_v<Reporter, Type>);
    return Kind::reporter;
  }
}

template <class Type>
using InterfaceOf = std::conditional_t<
    kind_of<Type>() == Kind::workload_reader, WorkloadReader,
    std::conditional_t<
        kind_of<Type>() == Kind::architecture_model, ArchitectureModel,
        std::conditional_t<
            kind_of<Type>() == Kind::cost_model, CostModel,
            std::conditional_t<
                kind_of<Type>() == Kind::partitioner, Partitioner,
                std::conditional_t<kind_of<Type>() == Kind::search_strategy, SearchStrategy,
                                   std::conditional_t<kind_of<Type>() == Kind::overlap_analyzer,
                                                      OverlapAnalyzer, Reporter>>>>>>;

// Not constexpr: reaching it stops the compilation with its name in the error.
inline void component_needs_an_id_and_a_summary() {}

}  // namespace detail

struct NoConfig {};

// Describes `Type`, constructed as Type(const Config&, const Context&).
template <class Type, class Config>
consteval Component component(std::string_view id, std::string_view summary,
                              std::span<const ParamSpec> params) {
  if (id.empty() || summary.empty()) {
    detail::component_needs_an_id_and_a_summary();
  }
  using Interface = detail::InterfaceOf<Type>;
  Component result;
  result.kind = detail::kind_of<Type>();
  result.id = id;
  result.summary = summary;
  result.params = params;
  result.new_config = []() -> void* { return new Config(); };
  result.delete_config = [](void* config) noexcept { delete static_cast<Config*>(config); };
  result.create = [](const void* config, const Context& context) -> void* {
    Interface* instance = new Type(*static_cast<const Config*>(config), context);
    return instance;
  };
  result.destroy = [](void* instance) noexcept {
    delete static_cast<Type*>(static_cast<Interface*>(instance));
  };
  return result;
}

}  // namespace imbrex
