#include "link_replay.hpp"

#include "problems.hpp"
#include "slow_links.hpp"

#include <imbrex/toolkit/spatial/multicast_tree.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

namespace imbrex::property {
namespace {

using Pair = DataPair;

// Which part of its operator's output each job is the last to write, counted element by element.
std::vector<double> final_shares(const std::vector<FloodJob>& jobs) {
  constexpr Dim kOutput[] = {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q};
  std::map<std::tuple<OperatorId, std::array<std::int64_t, 5>>, std::size_t> last;
  std::map<OperatorId, double> elements;
  const auto runs_after = [&](std::size_t a, std::size_t b) {
    return std::tuple(jobs[a].step, jobs[a].server) > std::tuple(jobs[b].step, jobs[b].server);
  };
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (jobs[job].box.empty()) {
      continue;
    }
    std::int64_t count = 1;
    for (const Dim dim : kOutput) {
      count *= jobs[job].box[dim].extent();
    }
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t rest = i;
      std::array<std::int64_t, 5> at{};
      for (std::size_t d = 0; d < at.size(); ++d) {
        const Interval& interval = jobs[job].box[kOutput[d]];
        at[d] = interval.begin + rest % interval.extent();
        rest /= interval.extent();
      }
      const auto [entry, is_new] = last.try_emplace({jobs[job].op, at}, job);
      elements[jobs[job].op] += is_new ? 1 : 0;
      entry->second = runs_after(job, entry->second) ? job : entry->second;
    }
  }
  std::vector<double> shares(jobs.size(), 0);
  for (const auto& [element, job] : last) {
    shares[job] += 1 / elements[jobs[job].op];
  }
  return shares;
}

class Replayer {
 public:
  Replayer(const Linked& linked, std::vector<std::int64_t> end_ps)
      : scenario_(linked.scenario),
        jobs_(linked.flooded.jobs),
        word_ps_(linked.word_ps),
        end_ps_(std::move(end_ps)),
        shares_(final_shares(jobs_)),
        topology_(topology_of(scenario_.architecture)),
        trees_(topology_) {}

  Replay run() {
    for (const auto& [pair, hand_overs] : in_order()) {
      for (const HandOver* hand_over : hand_overs) {
        add_packets(*hand_over);
      }
    }
    test::SlowLinks slow(packets_, scenario_.architecture.links.hop_ps, word_ps_);
    slow.run();
    Replay replay;
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      std::int64_t& arrival = replay.arrival[carries_[i]];
      arrival = std::max(arrival, packets_[i].arrival);
      replay.packets += packets_[i].tree.empty() ? 0 : 1;
    }
    for (const auto& [link, busy_ps] : slow.busy()) {
      replay.busiest_ps = std::max(replay.busiest_ps, busy_ps);
      replay.total_busy_ps += busy_ps;
    }
    return replay;
  }

 private:
  // Hand-overs of one pair go together, pairs in the order of the first of theirs.
  std::vector<std::pair<Pair, std::vector<const HandOver*>>> in_order() const {
    std::vector<std::pair<Pair, std::vector<const HandOver*>>> result;
    for (const HandOver& hand_over : plan().hand_overs) {
      const Pair pair(hand_over.producer, hand_over.consumer);
      auto at = std::find_if(result.begin(), result.end(),
                             [&](const auto& one) { return one.first == pair; });
      if (at == result.end()) {
        at = result.insert(result.end(), {pair, {}});
      }
      at->second.push_back(&hand_over);
    }
    return result;
  }

  void add_packets(const HandOver& hand_over) {
    FlowSet flows;
    add_flows(plan(), hand_over, flows);
    const bool buffered = hand_over.pattern == FlowPattern::global_buffer;
    for (std::size_t i = 0; i < flows.flows().size(); i += buffered ? 2 : 1) {
      for (const std::size_t job : jobs_of(hand_over.producer)) {
        test::SlowPacket packet;
        packet.release = end_ps_[job];
        packet.tree = tree_of(flows, i);
        if (buffered) {
          packet.from_port = tree_of(flows, i + 1);
        }
        const double ps = flows.flows()[i].words * shares_[job] * static_cast<double>(word_ps_);
        packet.service = static_cast<std::int64_t>(std::ceil(ps - 1e-7));
        packets_.push_back(std::move(packet));
        carries_.emplace_back(job, hand_over.consumer);
      }
    }
  }

  std::vector<spatial::TreeLink> tree_of(const FlowSet& flows, std::size_t i) {
    const auto tree = trees_.tree(flows.flows()[i].source, flows.destinations(flows.flows()[i]));
    return {tree.begin(), tree.end()};
  }

  // In the order in which ties are broken: servers in lock-step count step by step.
  std::vector<std::size_t> jobs_of(OperatorId op) const {
    std::vector<std::size_t> result;
    for (std::size_t job = 0; job < jobs_.size(); ++job) {
      if (jobs_[job].op == op && shares_[job] > 0) {
        result.push_back(job);
      }
    }
    if (scenario_.cost->servers_in_lock_step) {
      std::stable_sort(result.begin(), result.end(),
                       [&](std::size_t a, std::size_t b) { return jobs_[a].step < jobs_[b].step; });
    }
    return result;
  }

  const FloorPlan& plan() const { return scenario_.design->floor_plans().front(); }

  const Scenario& scenario_;
  const std::vector<FloodJob>& jobs_;
  std::int64_t word_ps_;
  std::vector<std::int64_t> end_ps_;
  std::vector<double> shares_;
  Topology topology_;
  spatial::MulticastTrees trees_;
  std::vector<test::SlowPacket> packets_;
  std::vector<std::pair<std::size_t, OperatorId>> carries_;
};

}  // namespace

Linked make_linked(std::uint64_t number, const ScenarioOptions& options) {
  Linked result{make_scenario(number, options), {}, 1};
  Scenario& scenario = result.scenario;
  Random random(kSeed + 1, number);
  const WorkGraph graph = scenario.work_graph();
  result.flooded = flood(scenario.graph, graph, *scenario.cost);
  std::set<Pair> pairs;
  for (const FloodJob& job : result.flooded.jobs) {
    for (const auto& [writer, delay_ps] : job.needs) {
      pairs.emplace(result.flooded.jobs[writer].op, job.op);
    }
  }
  SpatialLayout layout = random_layout(static_cast<std::int32_t>(graph.mapped().size()), random);
  const FloorPlan plan = random_plan(graph, pairs, std::move(layout), random);
  scenario.architecture.grid = {plan.layout.rows, plan.layout.columns};
  ElementLinks& links = scenario.architecture.links;
  links.word_bits = 8;
  links.topology = static_cast<TopologyKind>(random.below(4));
  links.express_length = 2;
  result.word_ps = random.between(1, 3);
  links.words_per_ps = 1.0 / static_cast<double>(result.word_ps);
  links.hop_ps = random.between(1, 4);
  scenario.design->set_floor_plans({plan});
  return result;
}

Replay replay_links(const Linked& linked, std::vector<std::int64_t> end_ps) {
  return Replayer(linked, std::move(end_ps)).run();
}

}  // namespace imbrex::property
