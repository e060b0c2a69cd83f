// File: link_time.hpp
//
// What the links of an array ask of the stages that hand results over them.
#pragma once

#include <imbrex/floor_plan.hpp>
#include <imbrex/topology.hpp>

#include <cstdint>
#include <vector>

namespace pipeorgan {

// Per hand-over of a plan, in its order.
struct LinkTime {
  double busiest_ps = 0;           // that the busiest of its links carries all words of the segment
  std::int64_t first_word_ps = 0;  // along the longest of its ways
};

// O(elements * hops * hand-overs).
std::vector<LinkTime> link_times(const imbrex::Topology& topology,
                                 const imbrex::ElementLinks& links, const imbrex::FloorPlan& plan);

}  // namespace pipeorgan
