#include "ways.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <utility>

namespace imbrex::simulator {
namespace {

class LinkBuilder {
 public:
  LinkBuilder(const Model& model, LinkModel& result)
      : model_(model), result_(result), trees_(result.topology) {}

  void add_plan(const FloorPlan& plan, const SegmentEntry& segment) {
    IMBREX_ASSERT(plan.layout.rows == result_.topology.rows() &&
                  plan.layout.columns == result_.topology.columns());
    for (const HandOver& hand_over : plan.hand_overs) {
      const Index producer = position(segment, hand_over.producer);
      const Index consumer = position(segment, hand_over.consumer);
      const bool is_new =
          std::find(pairs_.begin(), pairs_.end(), Pair(producer, consumer)) == pairs_.end();
      if (producer != kNone && consumer != kNone && is_new) {
        add_channel(plan, hand_over, {producer, consumer});
      }
    }
  }

  void finish() {
    for (Index op = 0; op < model_.operators.size(); ++op) {
      for (Index channel = 0; channel < pairs_.size(); ++channel) {
        if (pairs_[channel].first == op) {
          result_.operator_channels.values.push_back(channel);
        }
      }
      result_.operator_channels.close_list();
    }
    for (Index gate = 0; gate < model_.gate_delay_ps.size(); ++gate) {
      result_.gate_channel.push_back(channel_of_gate(gate));
    }
  }

 private:
  using Pair = std::pair<Index, Index>;  // producer, consumer

  Index position(const SegmentEntry& segment, OperatorId id) const {
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      if (model_.operators[op].id == id) {
        return op;
      }
    }
    return kNone;
  }

  // Several hand-overs between the same two are one channel: a reader needs all of them.
  void add_channel(const FloorPlan& plan, const HandOver& first, Pair pair) {
    const OperatorEntry& producer = model_.operators[pair.first];
    result_.ways.add_channel(producer.first_job, producer.end_job);
    pairs_.push_back(pair);
    for (const HandOver& hand_over : plan.hand_overs) {
      if (hand_over.producer == first.producer && hand_over.consumer == first.consumer) {
        FlowSet flows;
        add_flows(plan, hand_over, flows);
        result_.ways.add_flows(trees_, flows, hand_over.pattern == FlowPattern::global_buffer);
      }
    }
  }

  // All writers of a gate are jobs of one operator, and so are all its readers.
  Index channel_of_gate(Index gate) const {
    const std::span<const Index> writers = model_.gate_writers[gate];
    const std::span<const Index> readers = model_.gate_readers[gate];
    if (writers.empty() || readers.empty() || writers.front() >= model_.first_phase_job ||
        model_.is_phase(readers.front())) {
      return kNone;
    }
    const Pair pair(model_.operator_of(model_.jobs[writers.front()].batch),
                    model_.operator_of(readers.front()));
    const auto found = std::find(pairs_.begin(), pairs_.end(), pair);
    return found == pairs_.end() ? kNone : static_cast<Index>(found - pairs_.begin());
  }

  const Model& model_;
  LinkModel& result_;
  spatial::MulticastTrees trees_;
  std::vector<Pair> pairs_;  // of the channels
};

}  // namespace

void Ways::add_channel(Index first_job, Index end_job) {
  Channel channel;
  channel.first_way = channel.end_way = static_cast<Index>(ways_.size());
  channel.first_job = first_job;
  channel.end_job = end_job;
  channel.first_delivery = deliveries_;
  deliveries_ += end_job - first_job;
  channels_.push_back(channel);
}

void Ways::add_flows(spatial::MulticastTrees& trees, const FlowSet& flows, bool through_buffer) {
  const std::size_t legs = through_buffer ? 2 : 1;
  for (std::size_t i = 0; i + legs <= flows.flows().size(); i += legs) {
    const auto first_step = static_cast<Index>(steps_.size());
    Index last = kNone;
    for (std::size_t leg = 0; leg < legs; ++leg) {
      const Flow& flow = flows.flows()[i + leg];
      last = add_tree(trees.tree(flow.source, flows.destinations(flow)), last, leg > 0);
    }
    const bool moves = steps_.size() > first_step;
    ways_.push_back({flows.flows()[i].words, moves ? first_step : kNone});
    for (std::size_t step = first_step; step < steps_.size(); ++step) {
      channels_.back().ends += steps_[step].child == kNone ? 1 : 0;
    }
  }
  channels_.back().end_way = static_cast<Index>(ways_.size());
}

Index Ways::add_tree(std::span<const spatial::TreeLink> tree, Index last, bool stored) {
  const auto first = static_cast<Index>(steps_.size());
  const auto way = static_cast<Index>(ways_.size());
  for (const spatial::TreeLink& link : tree) {
    steps_.push_back({link.link, way, kNone, kNone, stored && link.parent < 0});
  }
  Index next_root = kNone;
  for (std::size_t i = tree.size(); i-- > 0;) {
    const auto step = first + static_cast<Index>(i);
    const bool is_root = tree[i].parent < 0;
    Index& head = !is_root ? steps_[first + static_cast<Index>(tree[i].parent)].child
                           : (last != kNone ? steps_[last].child : next_root);
    steps_[step].sibling = head;
    head = step;
  }
  return tree.empty() ? last : static_cast<Index>(steps_.size() - 1);
}

const Channel& Ways::channel_of(Index delivery) const noexcept {
  const auto after = std::upper_bound(
      channels_.begin(), channels_.end(), delivery,
      [](Index wanted, const Channel& channel) { return wanted < channel.first_delivery; });
  return *(after - 1);
}

LinkModel build_links(const Model& model, std::span<const std::int32_t> numbers,
                      const FloorPlans& plans, const Architecture& architecture) {
  LinkModel result{topology_of(architecture), architecture.links, {}, {}, {}};
  LinkBuilder builder(model, result);
  for (std::size_t s = 0; s < model.segments.size() && s < numbers.size(); ++s) {
    if (const FloorPlan* const plan = floor_plan_of(plans, numbers[s])) {
      builder.add_plan(*plan, model.segments[s]);
    }
  }
  builder.finish();
  return result;
}

}  // namespace imbrex::simulator
