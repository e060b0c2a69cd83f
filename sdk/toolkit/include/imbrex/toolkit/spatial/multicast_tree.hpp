// The ways of one flow, link by link: what route_flows counts and a simulation walks. Pure.
// Source: specification pipeorgan, section 2.3.
#pragma once

#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::spatial {

struct TreeLink {
  std::int32_t link = 0;     // index in Topology::links_and_ports()
  std::int32_t parent = -1;  // index in the tree of the link before; -1: it leaves the source
  friend constexpr bool operator==(const TreeLink&, const TreeLink&) = default;
};

// Lists trees one after another. Keeps a reference to the topology and memory of the size of its
// links. [one thread]
class MulticastTrees {
 public:
  explicit MulticastTrees(const Topology& topology);

  // Union of Topology::route from one node to each destination, every link once, parents before
  // their children, destinations in their order: one way to every node, since routes to the nodes
  // on a route are its beginnings. A destination that is the source adds nothing. Valid until the
  // next call. O(destinations * hops).
  std::span<const TreeLink> tree(std::int32_t source, std::span<const std::int32_t> destinations);

 private:
  const Topology& topology_;
  IndexVector<std::int32_t, std::int32_t> position_;  // of a link in the tree; -1: not in it
  std::vector<std::int32_t> path_;
  IndexVector<std::int32_t, TreeLink> tree_;
};

}  // namespace imbrex::spatial
