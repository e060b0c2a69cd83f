#include "language/multicast.hpp"

#include <imbrex/values/floor_plan.hpp>

#include <algorithm>

namespace imbrex {
namespace {

// Adds one flow after another; remembers which flow used a link last, so that a multicast counts
// each link once.
class Router {
 public:
  Router(const Topology& topology, const RoutingChoice& choice)
      : topology_(topology),
        choice_(choice),
        trees_(topology),
        last_user_(topology.links_and_ports().size(), -1),
        load_(last_user_.size(), 0.0) {}

  void add(const Flow& flow, std::span<const std::int32_t> destinations) {
    ++flow_;
    const bool once = choice_.multicast && destinations.size() > 1;
    if (once && between_elements(flow, destinations)) {
      trees_.add(flow.source, destinations, flow.words, load_);
      for (const std::int32_t destination : destinations) {
        count(flow.words, topology_.hops(flow.source, destination));
      }
      return;
    }
    const bool split =
        choice_.balanced && destinations.size() == 1 && topology_.express_length() > 0;
    for (const std::int32_t destination : destinations) {
      path_.clear();
      topology_.route(flow.source, destination, path_,
                      split ? ExpressUse::last : ExpressUse::first);
      const double on_mesh =
          split ? 1.0 / static_cast<double>(topology_.express_length() + 1) : 0.0;
      put(flow.words * (1 - on_mesh), once);
      if (split) {
        path_.clear();
        topology_.route(flow.source, destination, path_, ExpressUse::none);
        put(flow.words * on_mesh, false);
      }
      pairs_ += flow.words;
    }
  }

  LinkLoads finish() {
    trees_.finish(load_);
    loads_.load = std::move(load_);
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
  bool between_elements(const Flow& flow, std::span<const std::int32_t> destinations) const {
    return flow.source < topology_.nodes() &&
           std::all_of(destinations.begin(), destinations.end(),
                       [&](std::int32_t node) { return node < topology_.nodes(); });
  }
  void count(double words, std::int32_t hops) {
    hops_ += words * hops;
    pairs_ += words;
    loads_.most_hops = std::max(loads_.most_hops, hops);
  }
  void put(double words, bool once) {
    for (const std::int32_t link : path_) {
      if (!once || last_user_[link] != flow_) {
        load_[link] += words;
        last_user_[link] = flow_;
      }
    }
    hops_ += words * static_cast<double>(path_.size());
    loads_.most_hops = std::max(loads_.most_hops, static_cast<std::int32_t>(path_.size()));
  }

  const Topology& topology_;
  RoutingChoice choice_;
  MulticastLoads trees_;
  LinkLoads loads_;
  IndexVector<std::int32_t, std::int64_t> last_user_;
  IndexVector<std::int32_t, double> load_;
  std::vector<std::int32_t> path_;
  std::int64_t flow_ = -1;
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
