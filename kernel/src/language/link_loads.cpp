#include "language/lane_loads.hpp"
#include "language/multicast.hpp"

#include <imbrex/values/floor_plan.hpp>

#include <algorithm>

namespace imbrex {
namespace {

class Router {
 public:
  Router(const Topology& topology, const RoutingChoice& choice)
      : topology_(topology), choice_(choice), lanes_(topology), trees_(topology, lanes_) {}

  void add(const Flow& flow, std::span<const std::int32_t> destinations) {
    if (choice_.multicast && destinations.size() > 1) {
      const WayLengths ways = trees_.add(flow.source, destinations, flow.words);
      hops_ += flow.words * static_cast<double>(ways.hops);
      pairs_ += flow.words * static_cast<double>(destinations.size());
      loads_.most_hops = std::max(loads_.most_hops, ways.most);
      return;
    }
    trees_.settle();
    const bool split =
        choice_.balanced && destinations.size() == 1 && topology_.express_length() > 0;
    const double on_mesh = split ? 1.0 / static_cast<double>(topology_.express_length() + 1) : 0.0;
    for (const std::int32_t destination : destinations) {
      add_way(flow.source, destination, split ? ExpressUse::last : ExpressUse::first,
              flow.words * (1 - on_mesh));
      if (split) {
        add_way(flow.source, destination, ExpressUse::none, flow.words * on_mesh);
      }
      pairs_ += flow.words;
    }
  }

  LinkLoads finish() {
    trees_.finish();
    loads_.load = lanes_.finish();
    const std::span<const Link> links = topology_.links_and_ports();
    for (std::size_t i = 0; i < links.size(); ++i) {
      loads_.max_load = std::max(loads_.max_load, loads_.load[i]);
      loads_.word_links += loads_.load[i];
      loads_.word_pitches += loads_.load[i] * links[i].pitches;
    }
    loads_.mean_hops = pairs_ > 0 ? hops_ / pairs_ : 0;
    return std::move(loads_);
  }

 private:
  void add_way(std::int32_t from, std::int32_t to, ExpressUse use, double words) {
    std::int32_t hops = 0;
    std::int32_t start = from;
    if (from >= topology_.nodes()) {
      start = topology_.node(from - topology_.nodes(), 0);
      lanes_.pass_port(from, start, words);
      ++hops;
    }
    const bool port = to >= topology_.nodes();
    const std::int32_t row = port ? to - topology_.nodes() : to / topology_.columns();
    const std::int32_t column = port ? 0 : to % topology_.columns();
    const std::int32_t turn = topology_.node(start / topology_.columns(), column);
    hops += lanes_.move(true, start, column, use, words);
    hops += lanes_.move(false, turn, row, use, words);
    if (port) {
      lanes_.pass_port(topology_.node(row, 0), to, words);
      ++hops;
    }
    hops_ += words * static_cast<double>(hops);
    loads_.most_hops = std::max(loads_.most_hops, hops);
  }

  const Topology& topology_;
  const RoutingChoice choice_;
  LaneLoads lanes_;
  MulticastLoads trees_;
  LinkLoads loads_;
  double hops_ = 0;
  double pairs_ = 0;
};

}  // namespace

LinkLoads route_flows(const Topology& topology, const FlowSet& flows, const RoutingChoice& choice) {
  Router router(topology, choice);
  for (const Flow& flow : flows.flows()) {
    router.add(flow, flows.destinations(flow));
  }
  return router.finish();
}

}  // namespace imbrex
