// The links that what operators hand to one another travels over, as flat tables:
//   way      the tree of links of one flow; the words it carries leave its source together;
//   step     one link of one way;
//   channel  all ways between a producer and a consumer.
// Of every job of the producer each way carries one packet: the job's share of the way's words.
#pragma once

#include "model.hpp"

#include <imbrex/toolkit/spatial/multicast_tree.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::simulator {

inline constexpr Index kNone = 0xffffffff;

struct Step {
  std::int32_t link = 0;  // as in Topology::links_and_ports()
  Index way = 0;
  Index child = kNone;    // first step behind this link
  Index sibling = kNone;  // next step behind the same link
  bool stored = false;    // starts when all of the packet has crossed the link before
};

struct Way {
  double words = 0;
  Index first = kNone;  // step; its siblings leave the source, too. kNone: nothing to cross
};

struct Channel {
  Index first_way = 0;
  Index end_way = 0;
  Index ends = 0;  // steps without children: a delivery is complete when all packets passed them
  Index first_job = 0;  // jobs of the producer
  Index end_job = 0;
  Index first_delivery = 0;  // one per job
};

// Steps are numbered way by way, ways channel by channel, so that the number of a step orders
// packets by channel, then flow.
class Ways {
 public:
  // A channel of the producer's jobs [first_job, end_job), to which add_flows appends.
  void add_channel(Index first_job, Index end_job);
  // Flows are elements to elements, or, through the global buffer, pairs: to a port, which holds a
  // packet back until all of it is there, and from a port.
  void add_flows(spatial::MulticastTrees& trees, const FlowSet& flows, bool through_buffer);

  std::span<const Step> steps() const noexcept { return steps_; }
  std::span<const Way> ways() const noexcept { return ways_; }
  std::span<const Channel> channels() const noexcept { return channels_; }
  Index deliveries() const noexcept { return deliveries_; }
  const Channel& channel_of(Index delivery) const noexcept;

 private:
  // Steps behind `last` (kNone: behind the source); returns the last one added.
  Index add_tree(std::span<const spatial::TreeLink> tree, Index last, bool stored);

  std::vector<Step> steps_;
  std::vector<Way> ways_;
  std::vector<Channel> channels_;
  Index deliveries_ = 0;
};

// The ways of a model, and which of its gates wait for them.
struct LinkModel {
  Topology topology;
  ElementLinks links;
  Ways ways;
  Lists operator_channels;          // operator -> channels it produces for
  std::vector<Index> gate_channel;  // kNone: open when its jobs have ended
};

// numbers: of the model's segments. Hand-overs of operators that are not in the plan's segment are
// left out. Requires: all gates are there.
LinkModel build_links(const Model& model, std::span<const std::int32_t> numbers,
                      const FloorPlans& plans, const Architecture& architecture);

}  // namespace imbrex::simulator
