// The slow twin of link loads: walks every way link by link and adds the words as they come.
#pragma once

#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace imbrex {

namespace load_kit {

class WalkedLoads {
 public:
  WalkedLoads(const Topology& topology, const RoutingChoice& choice)
      : topology_(topology), choice_(choice) {
    loads_.load.assign(topology.links_and_ports().size(), 0);
  }

  LinkLoads run(const FlowSet& flows) {
    for (const Flow& flow : flows.flows()) {
      const auto all = flows.destinations(flow);
      const std::vector<std::int32_t> to(all.begin(), all.end());
      if (choice_.multicast && to.size() > 1) {
        add_tree(flow, to);
      } else {
        add_ways(flow, to);
      }
    }
    for (auto& [where, branch] : branches_) {
      release(where, branch);
    }
    for (std::size_t i = 0; i < loads_.load.size(); ++i) {
      loads_.max_load = std::max(loads_.max_load, loads_.load[i]);
      loads_.word_links += loads_.load[i];
      loads_.word_pitches += loads_.load[i] * topology_.links_and_ports()[i].pitches;
    }
    loads_.mean_hops = pairs_ > 0 ? hops_ / pairs_ : 0;
    return loads_;
  }

 private:
  using Links = std::vector<std::int32_t>;
  struct Branch {
    std::vector<std::int32_t> destinations;
    double words = 0;
  };

  Links way(std::int32_t from, std::int32_t to, ExpressUse use = ExpressUse::first) const {
    Links links;
    topology_.route(from, to, links, use);
    return links;
  }
  void put(const Links& links, double words) {
    for (const std::int32_t link : links) {
      loads_.load[static_cast<std::size_t>(link)] += words;
    }
  }
  void count(double words, std::size_t hops) {
    hops_ += words * static_cast<double>(hops);
    loads_.most_hops = std::max(loads_.most_hops, static_cast<std::int32_t>(hops));
  }

  void add_ways(const Flow& flow, const std::vector<std::int32_t>& to) {
    const bool split = choice_.balanced && to.size() == 1 && topology_.express_length() > 0;
    const double on_mesh = split ? 1.0 / (topology_.express_length() + 1) : 0;
    for (const std::int32_t destination : to) {
      const Links most =
          way(flow.source, destination, split ? ExpressUse::last : ExpressUse::first);
      put(most, flow.words * (1 - on_mesh));
      count(flow.words * (1 - on_mesh), most.size());
      if (split) {
        const Links rest = way(flow.source, destination, ExpressUse::none);
        put(rest, flow.words * on_mesh);
        count(flow.words * on_mesh, rest.size());
      }
      pairs_ += flow.words;
    }
  }

  // Every link of the tree once. What enters a column between elements waits until its readers
  // change.
  void add_tree(const Flow& flow, const std::vector<std::int32_t>& to) {
    const auto element = [&](std::int32_t node) { return node < topology_.nodes(); };
    const bool elements = element(flow.source) && std::all_of(to.begin(), to.end(), element);
    std::set<std::int32_t> tree;
    std::map<std::int32_t, std::vector<std::int32_t>> columns;
    for (const std::int32_t destination : to) {
      const Links links = way(flow.source, destination);
      count(flow.words, links.size());
      pairs_ += flow.words;
      if (elements) {
        const std::int32_t column = destination % topology_.columns();
        columns[topology_.node(flow.source / topology_.columns(), column)].push_back(destination);
      } else {
        tree.insert(links.begin(), links.end());
      }
    }
    for (const auto& [turn, here] : columns) {
      const Links links = way(flow.source, turn);
      tree.insert(links.begin(), links.end());
      Branch& branch = branches_[turn];
      if (branch.destinations != here) {
        release(turn, branch);
        branch.destinations = here;
      }
      branch.words += flow.words;
    }
    put({tree.begin(), tree.end()}, flow.words);
  }

  void release(std::int32_t turn, Branch& branch) {
    std::set<std::int32_t> tree;
    for (const std::int32_t destination : branch.destinations) {
      const Links links = way(turn, destination);
      tree.insert(links.begin(), links.end());
    }
    put({tree.begin(), tree.end()}, branch.words);
    branch.words = 0;
  }

  const Topology& topology_;
  const RoutingChoice choice_;
  LinkLoads loads_;
  std::map<std::int32_t, Branch> branches_;
  double hops_ = 0;
  double pairs_ = 0;
};

}  // namespace load_kit

}  // namespace imbrex
