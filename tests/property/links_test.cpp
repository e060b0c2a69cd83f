// The simulator with links, on random networks and random floor plans: its schedule is replayed
// over links stepped cycle by cycle, between jobs found by flooding the network element by element.
#include "decisions.hpp"
#include "scenario.hpp"
#include "slow_links.hpp"
#include "token_flood.hpp"

#include <imbrex/floor_plan.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

using Pair = DataPair;

struct Linked {
  Scenario scenario;
  FloodResult flooded;
  std::int64_t word_ps = 1;
};

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

// When what a job hands to an operator has arrived there.
struct Replay {
  std::map<std::pair<std::size_t, OperatorId>, std::int64_t> arrival;
  std::int64_t packets = 0;
  std::int64_t busiest_ps = 0;
  std::int64_t total_busy_ps = 0;
};

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

  std::vector<TreeLink> tree_of(const FlowSet& flows, std::size_t i) {
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
  MulticastTrees trees_;
  std::vector<test::SlowPacket> packets_;
  std::vector<std::pair<std::size_t, OperatorId>> carries_;
};

// Start and end by job of the flood; -1 without work.
struct Simulated {
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> end_ps;
};

Simulated times_of(const FloodResult& flooded, const Analysis& analysis) {
  Simulated result;
  std::size_t timed = 0;
  for (const FloodJob& job : flooded.jobs) {
    const bool works = !job.box.empty();
    result.start_ps.push_back(works ? analysis.jobs.at(timed).start_ps : -1);
    result.end_ps.push_back(works ? analysis.jobs.at(timed).end_ps : -1);
    timed += works ? 1 : 0;
  }
  return result;
}

// A job starts when the one before it on its server has ended and all it needs has arrived, and
// not a moment later, if there is always space for what it makes.
void expect_starts(const Linked& linked, const Simulated& times, const Replay& replay,
                   bool has_space = true) {
  const std::vector<FloodJob>& jobs = linked.flooded.jobs;
  const bool exact = has_space && linked.scenario.graph.strides_within_kernels();
  std::map<std::tuple<OperatorId, std::int64_t, std::int64_t>, std::int64_t> ready_ps;
  const auto batch = [&](const FloodJob& job, std::int64_t step) {
    return std::tuple(job.op, linked.scenario.cost->servers_in_lock_step ? 0 : job.server, step);
  };
  std::set<std::tuple<OperatorId, std::int64_t, std::int64_t>> idle;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    std::int64_t& ready = ready_ps[batch(jobs[i], jobs[i].step)];
    for (const auto& [writer, delay_ps] : jobs[i].needs) {
      const auto arrival = replay.arrival.find({writer, jobs[i].op});
      ready = std::max(ready, delay_ps + (arrival == replay.arrival.end() ? times.end_ps[writer]
                                                                          : arrival->second));
    }
    std::int64_t& next = ready_ps[batch(jobs[i], jobs[i].step + 1)];
    next = std::max(next, times.end_ps[i]);
    if (jobs[i].box.empty()) {
      idle.insert(batch(jobs[i], jobs[i].step + 1));  // idle steps take time that nobody reports
    }
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto key = batch(jobs[i], jobs[i].step);
    if (!jobs[i].box.empty() && idle.count(key) == 0) {
      if (exact) {
        ASSERT_EQ(times.start_ps[i], ready_ps[key]) << "job " << i;
      } else {
        ASSERT_GE(times.start_ps[i], ready_ps[key]) << "job " << i;
      }
    }
  }
}

void compare(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options) {
  std::size_t delayed = 0;
  for (std::uint64_t number = first; number < last; ++number) {
    const Linked linked = make_linked(number, options);
    SCOPED_TRACE(linked.scenario.description());
    const Analysis analysis = linked.scenario.simulate();
    ASSERT_EQ(analysis.result.verdict, Verdict::feasible);
    const Simulated times = times_of(linked.flooded, analysis);
    const Replay replay = Replayer(linked, times.end_ps).run();
    ASSERT_NO_FATAL_FAILURE(expect_starts(linked, times, replay));
    ASSERT_EQ(analysis.statistics.at("packets"), replay.packets);
    ASSERT_EQ(analysis.statistics.at("busiest_link_busy_ps"), replay.busiest_ps);
    ASSERT_GE(analysis.result.makespan_ps, replay.busiest_ps);
    AnalyzerOptions off = linked.scenario.options();
    off.links = 0;
    const Analysis without = analyze("imbrex.overlap.simulator", off, *linked.scenario.design,
                                     linked.scenario.architecture, *linked.scenario.cost);
    ASSERT_GE(analysis.result.makespan_ps, without.result.makespan_ps);
    delayed += analysis.result.makespan_ps > without.result.makespan_ps ? 1 : 0;
  }
  EXPECT_GT(delayed, (last - first) / 2) << "links hardly matter in these scenarios";
}

TEST(LinksReplayed, StartEveryJobWhenItsPacketsHaveArrived) {
  compare(70000, 70400, {});
}

TEST(LinksReplayed, WithMovementAndTransferDelaysBehindThem) {
  ScenarioOptions options;
  options.delays = true;
  compare(71000, 71200, options);
}

TEST(LinksReplayed, ForSearchedLoopNestsWithPartialSums) {
  ScenarioOptions options;
  options.random_mappings = true;
  options.delays = true;
  compare(72000, 72300, options);
}

void expect_same_times(const Analysis& a, const Analysis& b) {
  ASSERT_EQ(a.result.makespan_ps, b.result.makespan_ps);
  ASSERT_EQ(a.jobs.size(), b.jobs.size());
  for (std::size_t i = 0; i < a.jobs.size(); ++i) {
    ASSERT_EQ(a.jobs[i].start_ps, b.jobs[i].start_ps) << "job " << i;
  }
}

TEST(LinksReplayed, DelayNothingWithoutLimits) {
  for (std::uint64_t number = 74000; number < 74100; ++number) {
    Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    linked.scenario.architecture.links.words_per_ps = 0;
    linked.scenario.architecture.links.hop_ps = 0;
    const Analysis unlimited = linked.scenario.simulate();
    linked.scenario.design->set_floor_plans({});
    ASSERT_NO_FATAL_FAILURE(expect_same_times(unlimited, linked.scenario.simulate()));
  }
}

TEST(LinksReplayed, GiveTheSameTimesWithBuffersThatHoldEverything) {
  for (std::uint64_t number = 75000; number < 75100; ++number) {
    const Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    ASSERT_NO_FATAL_FAILURE(expect_same_times(linked.scenario.simulate(std::int64_t{1} << 40),
                                              linked.scenario.simulate()));
  }
}

// Whether finite buffers lock up is a matter of order, not of time. Where they do not, a job may
// start later than its input is there, but no sooner.
TEST(LinksReplayed, LockUpWhereBuffersDoWithoutLinks) {
  std::size_t locked = 0;
  std::size_t ran = 0;
  for (std::uint64_t number = 77000; number < 77300; ++number) {
    const Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    Random random(kSeed + 2, number);
    AnalyzerOptions options = linked.scenario.options();
    options.buffer_bytes = random.between(1, 250);
    const auto run = [&](std::int64_t links) {
      options.links = links;
      return analyze("imbrex.overlap.simulator", options, *linked.scenario.design,
                     linked.scenario.architecture, *linked.scenario.cost);
    };
    const Analysis with = run(1);
    ASSERT_EQ(with.result.verdict, run(0).result.verdict);
    if (with.result.verdict != Verdict::feasible) {
      ++locked;
      continue;
    }
    ++ran;
    const Simulated times = times_of(linked.flooded, with);
    ASSERT_NO_FATAL_FAILURE(
        expect_starts(linked, times, Replayer(linked, times.end_ps).run(), false));
  }
  EXPECT_GT(locked, 30U);
  EXPECT_GT(ran, 30U);
}

// Every row of an output is handed over in whole words: links are busy for exactly their loads.
TEST(LinksReplayed, KeepLinksBusyForTheWordsOfThePlan) {
  std::size_t compared = 0;
  for (std::uint64_t number = 76000; number < 76200; ++number) {
    Linked linked = make_linked(number, {});
    Scenario& scenario = linked.scenario;
    FloorPlan plan = scenario.design->floor_plans().front();
    for (HandOver& hand_over : plan.hand_overs) {
      // Flows of a hand-over are equal shares of it; no more than one per pair of elements.
      const Operator& producer = scenario.workload->at(hand_over.producer);
      hand_over.words = 27720 * scenario.workload->at(producer.output).shape.elements();
    }
    scenario.design->set_floor_plans({plan});
    SCOPED_TRACE(scenario.description());
    const LinkLoads loads = link_loads(topology_of(scenario.architecture), plan);
    const Analysis analysis = scenario.simulate();
    EXPECT_NEAR(static_cast<double>(analysis.statistics.at("busiest_link_busy_ps")),
                loads.max_load * static_cast<double>(linked.word_ps), 1e-9 * loads.max_load);
    compared += loads.max_load > 0 ? 1 : 0;
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace imbrex::property
