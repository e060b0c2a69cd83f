#include "link_time.hpp"

#include <algorithm>

namespace pipeorgan {

std::vector<LinkTime> link_times(const imbrex::Topology& topology,
                                 const imbrex::ElementLinks& links, const imbrex::FloorPlan& plan) {
  const imbrex::LinkLoads all = imbrex::link_loads(topology, plan);
  std::vector<LinkTime> result;
  for (const imbrex::HandOver& hand_over : plan.hand_overs) {
    imbrex::FlowSet flows;
    imbrex::add_flows(plan, hand_over, flows);
    const imbrex::LinkLoads own = imbrex::route_flows(topology, flows);
    double words = 0;
    for (std::size_t link = 0; link < own.load.size(); ++link) {
      words = own.load[link] > 0 ? std::max(words, all.load[link]) : words;
    }
    result.push_back(
        {links.words_per_ps > 0 ? words / links.words_per_ps : 0, links.hop_ps * own.most_hops});
  }
  return result;
}

}  // namespace pipeorgan
