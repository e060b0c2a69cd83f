// The backward walk from a region to the mapped operators that produce it. `pending` is a work list
// sorted by producer, the latest at the end: when an entry is taken, every path to it has arrived,
// so each (operator, region) is expanded once and with its largest delay. A plain breadth-first
// queue would have to expand again whenever a slower path arrived later.
#include "language/region_list.hpp"
#include "language/work_graph_impl.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <string>

namespace imbrex {
namespace {

// Entries of one producer up to which they are compared one by one; what more of them hold is
// gathered all at once (`join_regions`), when the producer's turn comes.
constexpr std::ptrdiff_t kMostCompared = 64;

// Regions of one producer that a walk goes on with. More come from branches that shift what they
// read by ever other distances and meet again, with holes in what they read together.
constexpr std::ptrdiff_t kMostRegions = 8192;

auto end_of(std::vector<Source>& pending, OperatorId producer) {
  return std::upper_bound(
      pending.begin(), pending.end(), producer,
      [](OperatorId wanted, const Source& source) { return wanted < source.producer; });
}

// Insertion into the sorted list; drops what an entry of the same producer already covers.
void push(std::vector<Source>& pending, OperatorId producer, const Region& region,
          std::int64_t delay_ps) {
  const auto at = end_of(pending, producer);
  const auto first = at - std::min(at - pending.begin(), kMostCompared);
  for (auto i = at; i != first && (i - 1)->producer == producer; --i) {
    Source& other = *(i - 1);
    if (other.delay_ps >= delay_ps && other.region.contains(region)) {
      return;
    }
    if (other.delay_ps <= delay_ps && region.contains(other.region)) {
      other.region = region;
      other.delay_ps = delay_ps;
      return;
    }
  }
  pending.insert(at, {producer, region, delay_ps});
}

// All entries of the producer at the end of the list.
std::ptrdiff_t entries_of_last(const std::vector<Source>& pending) noexcept {
  const OperatorId producer = pending.back().producer;
  std::ptrdiff_t count = 1;
  while (count < std::ssize(pending) &&
         pending[pending.size() - static_cast<std::size_t>(count) - 1].producer == producer) {
    ++count;
  }
  return count;
}

template <class Graph>
class Walk {
 public:
  Walk(const Graph& graph, std::vector<Source>& pending) : graph_(graph), pending_(pending) {}

  // Takes everything off the list; `arrived` is called for entries at mapped producers.
  template <class Arrived>
  void run(Arrived&& arrived) {
    while (!pending_.empty()) {
      const OperatorId producer = pending_.back().producer;
      const std::ptrdiff_t entries = entries_of_last(pending_);
      if (entries > kMostCompared) {
        take_many(entries, arrived);
        continue;
      }
      const Source entry = pending_.back();
      pending_.pop_back();
      if (graph_.is_there(producer)) {
        continue;
      }
      if (graph_.orders[producer]) {
        arrived(at_its_end(entry));
        continue;
      }
      for (std::size_t k = 0; k < inputs_of(producer); ++k) {
        const Source behind = operand(entry, k);
        if (behind.producer != OperatorId::none) {
          push(pending_, behind.producer, behind.region, behind.delay_ps);
        }
      }
    }
  }

 private:
  std::size_t inputs_of(OperatorId id) const noexcept {
    return graph_.workload->at(id).inputs.size();
  }

  // A producer's output is usable behind the ends of its jobs.
  Source at_its_end(const Source& entry) const {
    return {entry.producer, entry.region,
            entry.delay_ps + graph_.clocks[entry.producer].completion_ps};
  }

  // What an entry at a movement operator needs of an operand; no producer: nothing.
  Source operand(const Source& entry, std::size_t k) const {
    const Operator& op = graph_.workload->at(entry.producer);
    const OperatorId producer = graph_.workload->at(op.inputs[k]).producer;
    if (producer == OperatorId::none || graph_.leaves_out(entry.producer, k)) {
      return {};
    }
    const Region region = op.maps[k].apply(entry.region);
    return {region.empty() ? OperatorId::none : producer, region,
            entry.delay_ps + graph_.movement_ps[entry.producer]};
  }

  template <class Arrived>
  void take_many(std::ptrdiff_t entries, Arrived& arrived) {
    const OperatorId producer = pending_.back().producer;
    std::vector<Source> group(pending_.end() - entries, pending_.end());
    pending_.erase(pending_.end() - entries, pending_.end());
    if (graph_.is_there(producer)) {
      return;
    }
    join_regions(group);
    if (std::ssize(group) > kMostRegions) {
      refuse(producer, std::ssize(group));
    }
    if (graph_.orders[producer]) {
      for (const Source& entry : group) {
        arrived(at_its_end(entry));
      }
      return;
    }
    for (std::size_t k = 0; k < inputs_of(producer); ++k) {
      put_all(group, k);
    }
  }

  // The list of a producer grows by one insertion for all entries.
  void put_all(const std::vector<Source>& group, std::size_t k) {
    std::vector<Source> behind;
    for (const Source& entry : group) {
      behind.push_back(operand(entry, k));
      if (behind.back().producer == OperatorId::none) {
        behind.pop_back();
      }
    }
    if (!behind.empty()) {
      pending_.insert(end_of(pending_, behind.front().producer), behind.begin(), behind.end());
    }
  }

  [[noreturn]] void refuse(OperatorId producer, std::ptrdiff_t regions) const {
    throw InputError("what one job reads of operator '" + graph_.workload->at(producer).name +
                     "' is " + std::to_string(regions) + " separate regions, and more than " +
                     std::to_string(kMostRegions) +
                     " are not followed: branches that shift their input meet again too often");
  }

  const Graph& graph_;
  std::vector<Source>& pending_;
};

}  // namespace

void WorkGraph::trace(OperatorId mapped_op, const DimBox& box, Scratch& scratch,
                      std::vector<Source>& out) const {
  const Impl& graph = *impl_;
  if (box.empty()) {
    return;
  }
  const Operator& op = graph.workload->at(mapped_op);
  if (op.chain && box[*op.chain].begin > 0) {
    // Whoever made the positions just before has waited for all that lie further back.
    DimBox before = op.bounds.whole();
    before[*op.chain] = {box[*op.chain].begin - 1, box[*op.chain].begin};
    out.push_back({mapped_op, graph.workload->output_region(mapped_op, before),
                   graph.clocks[mapped_op].completion_ps});
  }
  scratch.pending.clear();
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    const OperatorId producer = graph.workload->at(op.inputs[k]).producer;
    if (producer == OperatorId::none) {
      continue;
    }
    const Region region = graph.workload->input_region(mapped_op, k, box);
    if (!region.empty()) {
      push(scratch.pending, producer, region, 0);
    }
  }
  Walk(graph, scratch.pending).run([&](const Source& entry) {
    out.push_back(entry);
    if (!graph.free_movement) {
      out.back().delay_ps += transfer_ps(entry.producer, mapped_op);
    }
  });
}

void WorkGraph::trace(TensorId tensor, const Region& region, Scratch& scratch,
                      std::vector<Source>& out) const {
  const Impl& graph = *impl_;
  scratch.pending.clear();
  const OperatorId producer = graph.workload->at(tensor).producer;
  if (producer == OperatorId::none || region.empty()) {
    return;
  }
  push(scratch.pending, producer, region, 0);
  Walk(graph, scratch.pending).run([&](const Source& entry) { out.push_back(entry); });
}

}  // namespace imbrex
