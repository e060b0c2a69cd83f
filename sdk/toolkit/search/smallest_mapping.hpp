// Does every mapping of a space exceed the same capacity? Tiles grow with the loops inside them, so
// the mapping with the fewest loops inside a level tells for all.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <optional>

namespace imbrex::search {

// The mapping of the space with the smallest extents inside `level` in every dimension, and then
// inside the levels from the outermost on. Empty when limits that couple dimensions rule it out.
std::optional<Mapping> smallest_mapping(const MapSpaceSpec& spec, std::uint8_t level);

// What even the smallest tile of a level lacks. Only of levels after which the space names a slot
// ("LEVEL temporal" or "LEVEL spatial"): of those alone it is known that tiles grow with loops.
std::optional<Shortfall> inevitable_shortfall(const CostModel& cost, OperatorId op,
                                              const Placement& placement, const MapSpaceSpec& spec);

}  // namespace imbrex::search
