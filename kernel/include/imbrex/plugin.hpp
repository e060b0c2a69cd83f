// File: plugin.hpp
//
// The only include a plugin needs. A plugin is one shared library `NAME.imbrex.so` that exports one
// C symbol returning constant data; it may hold many components.
//
//   struct Config { double peak = 256; };
//   constexpr imbrex::ParamSpec kParams[] = {imbrex::param<&Config::peak>("peak", "MACs per
//   cycle")}; class Roofline final : public imbrex::CostModel {
//    public: Roofline(const Config& config, const imbrex::Context& context); ... };
//   constexpr imbrex::Component kComponents[] = {
//       imbrex::component<Roofline, Config>("acme.cost.roofline", "Max of compute and memory",
//       kParams)};
//   IMBREX_PLUGIN("acme.roofline", "1.2.0", "Roofline cost models", "MIT", kComponents)
#pragma once

#include <imbrex/abi.hpp>
#include <imbrex/architecture_model.hpp>
#include <imbrex/cost_model.hpp>
#include <imbrex/crossbar.hpp>
#include <imbrex/document.hpp>
#include <imbrex/error.hpp>
#include <imbrex/host.hpp>
#include <imbrex/layout.hpp>
#include <imbrex/machine.hpp>
#include <imbrex/overlap_analyzer.hpp>
#include <imbrex/params.hpp>
#include <imbrex/partitioner.hpp>
#include <imbrex/reporter.hpp>
#include <imbrex/search_strategy.hpp>
#include <imbrex/search_support.hpp>
#include <imbrex/work_graph.hpp>
#include <imbrex/workload_reader.hpp>

#include <span>
#include <stdexcept>
#include <typeinfo>

namespace imbrex {

enum class Kind : std::uint8_t {
  workload_reader,
  architecture_model,
  cost_model,
  partitioner,
  search_strategy,
  overlap_analyzer,
  reporter,
};

// What a component is constructed with. Outlives the instance. Pointers are null while the thing
// they name is still being made: workload for readers, architecture for architectures, cost for
// cost models.
struct Context {
  const Workload* workload = nullptr;
  const Architecture* architecture = nullptr;
  const CostModel* cost = nullptr;
  Host* host = nullptr;

  // Requires: workload, architecture and cost are not null.
  Machine machine() const noexcept { return {*workload, *architecture, *cost}; }
};

// What a component needs of the design and hardware before it runs, and what it leaves. Bits of a
// mask.
enum class Trait : std::uint32_t {
  none = 0,
  crossbars = 1u << 0,   // compute units of kind crossbar
  placements = 1u << 1,  // copies and dealing decided
  mappings = 1u << 2,    // a searched mapping per operator
  timeline = 1u << 3,
  weight_stationary = 1u << 4,   // all weights resident at once
  copies = 1u << 5,              // operators may have several copies
  sequential = 1u << 6,          // a timeline that delays operators on purpose: no overlap
  weight_replacement = 1u << 7,  // weights can be written during a run: segments
  bit_serial_banks = 1u << 8,    // compute units of kind bit_serial_bank in a grid of banks
  mac_array = 1u << 9,           // compute units of kind mac_array below a hierarchy of memories
  map_space = 1u << 10,          // loop nests to choose from
  energy = 1u << 11,             // energies, with parameters that state them
  links = 1u << 12,              // links between the elements of an array
};
constexpr Trait operator|(Trait a, Trait b) noexcept {
  return static_cast<Trait>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr bool has(Trait set, Trait wanted) noexcept {
  return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(wanted)) ==
         static_cast<std::uint32_t>(wanted);
}

// A fact that a component may leave in its entry of `stages` in result.json.
struct FactSpec {
  std::string_view name;     // "*" at one end stands for any text there
  std::string_view unit;     // singular; empty for texts and plain numbers
  std::string_view meaning;  // one sentence
};

struct Component {
  Kind kind = Kind::workload_reader;
  std::uint32_t interface_version = 1;
  std::string_view id;        // vendor.kind.name
  std::string_view summary;   // one line
  std::string_view citation;  // paper or other source; may be empty
  std::span<const ParamSpec> params;
  std::span<const FactSpec> facts;  // no other may be stated
  Trait requires_traits = Trait::none;
  Trait provides_traits = Trait::none;
  void* (*new_config)() = nullptr;
  void (*delete_config)(void*) noexcept = nullptr;
  // Returns a pointer to the interface class of `kind`.
  void* (*create)(const void* config, const Context& context) = nullptr;
  void (*destroy)(void*) noexcept = nullptr;

  constexpr Component requires_of_design(Trait traits) const {
    Component copy = *this;
    copy.requires_traits = traits;
    return copy;
  }
  constexpr Component provides(Trait traits) const {
    Component copy = *this;
    copy.provides_traits = traits;
    return copy;
  }
  constexpr Component states(std::span<const FactSpec> declared) const {
    Component copy = *this;
    copy.facts = declared;
    return copy;
  }
  constexpr Component cites(std::string_view source) const {
    Component copy = *this;
    copy.citation = source;
    return copy;
  }
};

// The first five members are C types and frozen for ever: they are checked before anything is
// called.
struct PluginDescriptor {
  std::uint32_t size = 0;
  std::uint32_t epoch = 0;
  const char* abi_tag = nullptr;
  std::uint64_t layout = 0;
  const void* runtime = nullptr;  // &typeid(std::runtime_error): one C++ runtime per process
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

#define IMBREX_PLUGIN(ID, VERSION, SUMMARY, LICENSE, COMPONENTS)                      \
  extern "C" __attribute__((visibility("default"))) const ::imbrex::PluginDescriptor* \
  imbrex_plugin_descriptor() noexcept;                                                \
  const ::imbrex::PluginDescriptor* imbrex_plugin_descriptor() noexcept {             \
    static constinit const ::imbrex::PluginDescriptor descriptor = {                  \
        sizeof(::imbrex::PluginDescriptor),                                           \
        IMBREX_ABI_EPOCH,                                                             \
        IMBREX_ABI_TAG,                                                               \
        ::imbrex::layout_fingerprint(),                                               \
        &typeid(std::runtime_error),                                                  \
        ID,                                                                           \
        VERSION,                                                                      \
        SUMMARY,                                                                      \
        LICENSE,                                                                      \
        __VERSION__,                                                                  \
        COMPONENTS};                                                                  \
    return &descriptor;                                                               \
  }
