// What is stated about proofs in result.json.
#pragma once

#include "layer_optimum.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <optional>
#include <vector>

namespace imbrex::optimal {

inline constexpr FactSpec kCertificateFacts[] = {
    {"layers", "layer", "Layers with a choice of mappings"},
    {"proved", "layer", "Those whose mapping is proved to be within `gap` of the best"},
    {"bound", "",
     "What the layers are worth at least, each alone, added up, in the unit of the objective"},
    {"found", "",
     "What they are worth with the mappings found, each alone, added up; absent where a run was "
     "interrupted before a layer had any"},
    {"start", "",
     "What they are worth with the mappings that came in, each alone, added up; absent where one "
     "lies outside its map space or is not feasible"},
    {"start_gap", "%",
     "How much more that is than `bound`: the design that came in is no farther from the best one; "
     "absent where `start` is, or `bound` is 0"},
    {"mappings", "mapping", "In the map spaces of all layers"},
    {"states", "state", "Tiles and shares of elements looked at; layers that are alike once"},
    {"orders", "order", "Orders of loops counted, with what is inside a tile left open"},
    {"leaves", "mapping", "Whole mappings counted"},
    {"pruned_by_spread", "share", "Shares of elements left out, whatever tile is inside"},
    {"pruned_by_table", "tile", "Tiles left out by the least that can lie inside them"},
    {"pruned_by_tile", "tile", "Tiles left out by what passes into them, too"},
    {"pruned_by_order", "order", "Orders left out by what they keep"},
    {"dominated", "order", "Orders, and tiles under them, that another order is never worse than"},
    {"certificate", "",
     "Per layer, layers that are alike together: proved or why not, objective and bound, by how "
     "much what came in is more than the bound, how they were found as states:objective:bound"}};

// Returns `start_gap`, where it is stated.
std::optional<double> state_certificates(const std::vector<LayerTask>& tasks,
                                         search::SearchRun& run);

}  // namespace imbrex::optimal
