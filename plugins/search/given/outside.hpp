// Why a nest that a recipe gives is none that the hardware can run, in words.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>

#include <optional>
#include <string>

namespace imbrex::given_mapping {

// The first rule of the map space that the mapping breaks; empty: it is in the space, or
// an uneven nest. O(loops *
// slots).
std::string why_outside(const MapSpaceSpec& space, const Mapping& mapping);

// What the cost model does by itself for jobs of the given shape, for whole layers, or for jobs as
// large as the mapping's own, where that is the mapping but for loops of bound 1.
std::optional<Mapping> canonical_like(const CostModel& cost, OperatorId op,
                                      const Placement& placement, const Mapping& mapping,
                                      const JobShape& shape);

}  // namespace imbrex::given_mapping
