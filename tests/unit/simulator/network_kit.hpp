// Flows over links, released at given times, without operators: every flow carries its words once
// per release.
#pragma once

#include "network.hpp"
#include "ways.hpp"

#include <imbrex/toolkit/spatial/multicast_tree.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::simulator {

inline ElementLinks rates(double words_per_ps, std::int64_t hop_ps) {
  ElementLinks links;
  links.word_bits = 8;
  links.words_per_ps = words_per_ps;
  links.hop_ps = hop_ps;
  return links;
}

struct Drained {
  std::vector<std::int64_t> arrival_ps;  // per release: all words at all destinations
  std::vector<std::int64_t> busy_ps;     // per link
  std::int64_t packets = 0;
  std::int64_t end_ps = 0;
  std::int64_t total_busy_ps() const {
    std::int64_t sum = 0;
    for (const std::int64_t one : busy_ps) {
      sum += one;
    }
    return sum;
  }
};

// Release times ascending. shares: per release; empty: all of the words each time.
inline Drained drain(const Topology& topology, const FlowSet& flows,
                     const std::vector<std::int64_t>& release_ps, const ElementLinks& links,
                     std::vector<double> shares = {}, bool through_buffer = false) {
  shares.resize(release_ps.size(), 1.0);
  spatial::MulticastTrees trees(topology);
  Ways ways;
  ways.add_channel(0, static_cast<Index>(release_ps.size()));
  ways.add_flows(trees, flows, through_buffer);
  Network network(ways, shares, links, topology.links_and_ports().size());
  Drained result;
  result.arrival_ps.assign(release_ps.size(), -1);
  const auto take = [&] {
    for (const Network::Delivery& delivery : network.delivered()) {
      result.arrival_ps[delivery.id] = delivery.time_ps;
      result.end_ps = std::max(result.end_ps, delivery.time_ps);
    }
    network.delivered().clear();
  };
  std::size_t next = 0;
  while (next < release_ps.size() || network.next_ps() != Network::kIdle) {
    const std::int64_t release = next < release_ps.size() ? release_ps[next] : Network::kIdle;
    const std::int64_t now = std::min(network.next_ps(), release);
    network.advance(now);
    for (; next < release_ps.size() && release_ps[next] == now; ++next) {
      network.send(0, static_cast<Index>(next));
    }
    network.release(now);
    take();
  }
  result.busy_ps.assign(network.busy_ps().begin(), network.busy_ps().end());
  result.packets = network.packets();
  return result;
}

inline FlowSet flow(std::int32_t from, std::vector<std::int32_t> to, double words) {
  FlowSet flows;
  flows.add(from, to, words);
  return flows;
}

}  // namespace imbrex::simulator
