// What the ways between mapped operators cost: transfers between their tiles, and the links of
// floor plans as rates.
#include "language/tile_spans.hpp"
#include "language/work_graph_impl.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <cmath>

namespace imbrex {
namespace {

// Bits that leave an operator when one of its jobs ends; the first job is never clipped.
std::int64_t bits_of_one_job(const Workload& workload, OperatorId id, const WorkOrder& order) {
  const Tensor& output = workload.at(workload.at(id).output);
  return workload.output_region(id, order.job(0, 0).box).elements() * output.bits_per_element;
}

// Per hand-over of a plan, in its order.
struct LinkTime {
  double busiest_ps = 0;           // that the busiest of its links carries all words of the segment
  std::int64_t first_word_ps = 0;  // along the longest of its ways
};

// O(elements * hops * hand-overs).
std::vector<LinkTime> link_times(const Topology& topology, const ElementLinks& links,
                                 const FloorPlan& plan) {
  const LinkLoads all = link_loads(topology, plan);
  std::vector<LinkTime> result;
  for (const HandOver& hand_over : plan.hand_overs) {
    FlowSet flows;
    add_flows(plan, hand_over, flows);
    const LinkLoads own = route_flows(topology, flows);
    double words = 0;
    for (std::size_t link = 0; link < own.load.size(); ++link) {
      words = own.load[link] > 0 ? std::max(words, all.load[link]) : words;
    }
    result.push_back(
        {links.words_per_ps > 0 ? words / links.words_per_ps : 0, links.hop_ps * own.most_hops});
  }
  return result;
}

// Rounded up, but sums of words that miss a whole number only by the rounding of doubles are it. At
// most kTimeLimitPs, which is refused as too long.
std::int64_t whole(double ps) {
  if (!(ps < static_cast<double>(kTimeLimitPs))) {
    return kTimeLimitPs;
  }
  const double nearest = std::round(ps);
  return static_cast<std::int64_t>(std::abs(ps - nearest) <= 1e-12 * ps ? nearest : std::ceil(ps));
}

}  // namespace

// What operators are to one another; of how far data may travel only where that can matter.
OperatorRange<Maker> WorkGraph::Impl::makers() const {
  DimBox one;
  one.dim.fill({0, 1});
  OperatorRange<Maker> result(span);
  for (std::size_t i = span.begin; i < span.end; ++i) {
    const OperatorId id = operator_id(i);
    if (is_there(id)) {
      result[id].role = Maker::Role::there;
    } else if (orders[id]) {
      const std::int64_t bits = bits_of_one_job(*workload, id, *orders[id]);
      result[id] = {Maker::Role::mapped, 0, clocks[id].duration_ps(one),
                    machine.cost().most_transfer(bits).latency_ps};
    }
  }
  return result;
}

// First words of hand-overs delay pairs of operators by more than the cost model says of them, so
// that no pair may be left out then.
void WorkGraph::Impl::add_ways() {
  Gathering gathering =
      gather(*workload, makers(), has_limited_links() ? kAnyNumberGathered : request.gathered);
  left_out = std::move(gathering.left_out);
  const TileSpans spans(*design, machine, mapped);
  std::vector<Transfer> transfers;
  first_link.reserve(span.size() + 1);
  for (std::size_t i = span.begin; i < span.end; ++i) {
    const OperatorId id = operator_id(i);
    first_link.push_back(transfers.size());
    if (!orders[id]) {
      continue;
    }
    for (const OperatorId producer : gathering.producers[id]) {
      transfers.push_back(spans.farthest(producer, id));
      transfers.back().bits = bits_of_one_job(*workload, producer, *orders[producer]);
    }
  }
  first_link.push_back(transfers.size());
  std::vector<TransferCost> costs(transfers.size());
  machine.cost().transfer(transfers, costs);
  links.reserve(transfers.size());
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    links.push_back({transfers[i].from, costs[i].latency_ps});
    free_movement &= costs[i].latency_ps == 0;
  }
}

std::span<const WorkGraph::Impl::Link> WorkGraph::Impl::links_to(
    OperatorId consumer) const noexcept {
  if (!span.holds(consumer)) {
    return {};
  }
  const std::size_t place = index(consumer) - span.begin;
  return std::span(links).subspan(first_link[place], first_link[place + 1] - first_link[place]);
}

bool WorkGraph::Impl::has_limited_links() const noexcept {
  const ElementLinks& rates = machine.architecture().links;
  return request.links && !design->floor_plans().empty() && rates.word_bits > 0 &&
         (rates.words_per_ps > 0 || rates.hop_ps > 0);
}

// Hand-overs of every segment that the graph has operators of (specification pipeorgan, section
// 6.6).
void WorkGraph::Impl::add_link_rates() {
  const ElementLinks& rates = machine.architecture().links;
  if (!has_limited_links()) {
    return;
  }
  const Topology topology = topology_of(machine.architecture());
  for (const FloorPlan& plan : design->floor_plans()) {
    const auto works = [&](OperatorId id) { return is_mapped(id); };
    if (!std::any_of(plan.stages.begin(), plan.stages.end(), works)) {
      continue;
    }
    const std::vector<LinkTime> times = link_times(topology, rates, plan);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const HandOver& hand_over = plan.hand_overs[i];
      if (works(hand_over.producer) && works(hand_over.consumer)) {
        add_hand_over(hand_over.producer, hand_over.consumer, times[i].busiest_ps,
                      times[i].first_word_ps);
      }
    }
  }
}

void WorkGraph::Impl::add_hand_over(OperatorId producer, OperatorId consumer, double busiest_ps,
                                    std::int64_t first_word_ps) {
  link_rates = link_rates || busiest_ps > 0 || first_word_ps > 0;
  const std::span<const Link> ways = links_to(consumer);
  const auto first = links.begin() + (ways.data() - links.data());
  const auto last = first + std::ssize(ways);
  const auto way =
      std::find_if(first, last, [producer](const Link& link) { return link.producer == producer; });
  if (way != last) {
    way->delay_ps += first_word_ps;
    free_movement &= way->delay_ps == 0;
  }
  lengthen_jobs(producer, busiest_ps);
  lengthen_jobs(consumer, busiest_ps);
}

// Every job takes its share of what the busiest link on the way carries.
void WorkGraph::Impl::lengthen_jobs(OperatorId id, double busiest_ps) {
  JobClock& clock = clocks[id];
  const auto jobs = static_cast<double>(orders[id]->job_count());
  const std::int64_t least_ps = whole(busiest_ps / jobs);
  if (least_ps <= clock.least_ps) {
    return;
  }
  clock.least_ps = least_ps;
  const auto at = std::lower_bound(mapped.begin(), mapped.end(), id);
  orders[id] = make_order(id, mappings[at - mapped.begin()]);
}

std::int64_t WorkGraph::link_stall_ps(OperatorId op) const noexcept {
  JobClock alone = impl_->clocks[op];
  const JobClock with_links = alone;
  alone.least_ps = 0;
  if (with_links.least_ps == 0) {
    return 0;
  }
  std::int64_t stall_ps = 0;
  const WorkOrder& jobs = order(op);
  for (std::int64_t server = 0; server < jobs.server_count(); ++server) {
    for (std::int64_t step = 0; step < jobs.step_count(server); ++step) {
      const DimBox box = jobs.job(step, server).box;
      stall_ps += box.empty() ? 0 : with_links.duration_ps(box) - alone.duration_ps(box);
    }
  }
  return stall_ps;
}

}  // namespace imbrex
