// What somebody can write to mend a chain that does not fit its hardware.
#pragma once

#include "recipe/stage_chain.hpp"

#include <string>
#include <vector>

namespace imbrex::recipe {

// What each link of a chain lacks: the cost model's first, then every stage's.
std::vector<Trait> missing_of(const Chain& chain);

// "; on this hardware --set cost.use=imbrex.cost.loop-nest runs", or empty.
std::string cost_remedy(const Chain& chain, const ComponentLookup& lookup);

// The same for the stage with this index, which lacks something of the hardware: others of its kind
// that run there, and to leave it out where the chain does without.
std::string stage_remedy(const Chain& chain, std::size_t stage, const ComponentLookup& lookup);

}  // namespace imbrex::recipe
