// What a component says of itself before anybody makes one: its kind, parameters, what it needs of
// a design and of the hardware, what it leaves, and the facts it may state. Constant data.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/plugin/params.hpp>

#include <cstdint>
#include <span>
#include <string_view>

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

}  // namespace imbrex
