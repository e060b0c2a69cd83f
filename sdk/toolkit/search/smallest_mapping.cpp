#include "search/smallest_mapping.hpp"

#include "mapspace/map_space_impl.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace imbrex::search {
namespace {

// Iterations inside a level, then the bounds outermost first as large as can be.
struct FewestInside {
  const MapSpaceSpec& spec;
  std::uint8_t level;

  std::int64_t inside(const SlotBounds& bounds) const noexcept {
    std::int64_t product = 1;
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      product *= spec.slots[slot].level >= level ? bounds[slot] : 1;
    }
    return product;
  }
  bool operator()(const SlotBounds& a, const SlotBounds& b) const noexcept {
    const std::int64_t inside_a = inside(a);
    const std::int64_t inside_b = inside(b);
    return inside_a != inside_b ? inside_a < inside_b : a > b;
  }
};

std::optional<std::uint8_t> level_named(const MapSpaceSpec& spec, std::string_view name) {
  for (const MapSlot& slot : spec.slots) {
    const std::string kind = slot.kind == LoopKind::temporal ? " temporal" : " spatial";
    if (slot.name == std::string(name) + kind) {
      return slot.level;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Mapping> smallest_mapping(const MapSpaceSpec& spec, std::uint8_t level) {
  MapSpaceSpec fixed = spec;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const std::vector<SlotBounds> all = mapspace::factorisations_of(spec, d);
    if (all.empty()) {
      return std::nullopt;
    }
    const SlotBounds& smallest =
        *std::min_element(all.begin(), all.end(), FewestInside{spec, level});
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      fixed.factors.push_back(
          {static_cast<Dim>(d), slot, smallest[slot], smallest[slot], std::string()});
    }
  }
  const mapspace::MapSpace space(std::move(fixed));
  return space.empty() ? std::nullopt : std::optional(space.at(0));
}

std::optional<Shortfall> inevitable_shortfall(const CostModel& cost, OperatorId op,
                                              const Placement& placement,
                                              const MapSpaceSpec& spec) {
  std::uint8_t level = spec.slots.front().level;
  // The second round proves what the first one found.
  for (int round = 0; round < 2; ++round) {
    const std::optional<Mapping> smallest = smallest_mapping(spec, level);
    const auto found = smallest ? cost.shortfall(op, placement, *smallest) : std::nullopt;
    const auto named = found ? level_named(spec, found->level) : std::nullopt;
    if (!named) {
      return std::nullopt;
    }
    if (*named == level && round > 0) {
      return found;
    }
    level = *named;
  }
  return std::nullopt;
}

}  // namespace imbrex::search
