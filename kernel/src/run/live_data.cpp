#include "run/live_data.hpp"

#include "run/timeline_index.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace imbrex::run {
namespace {

// What one consumer needs of one producer job.
struct Need {
  std::int64_t until_ps = -1;  // -1: nothing
  Region box;

  void widen(const Region& part, std::int64_t end_ps) noexcept {
    if (until_ps < 0) {
      box = part;
    } else {
      for (std::size_t axis = 0; axis < part.rank; ++axis) {
        box.axis[axis].begin = std::min(box.axis[axis].begin, part.axis[axis].begin);
        box.axis[axis].end = std::max(box.axis[axis].end, part.axis[axis].end);
      }
    }
    until_ps = std::max(until_ps, end_ps);
  }
};

// A stretch of time in which some bits are live.
struct Life {
  std::int64_t from_ps = 0;
  std::int64_t until_ps = 0;
  std::int64_t bits = 0;
};

std::int64_t peak_bits(const std::vector<Life>& lives) {
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;  // time, difference
  changes.reserve(2 * lives.size());
  for (const Life& life : lives) {
    changes.emplace_back(life.from_ps, life.bits);
    changes.emplace_back(life.until_ps, -life.bits);
  }
  std::sort(changes.begin(), changes.end());  // at one instant what is freed comes first
  std::int64_t live = 0;
  std::int64_t peak = 0;
  for (const auto& [time_ps, difference] : changes) {
    live += difference;
    peak = std::max(peak, live);
  }
  return peak;
}

class LiveData {
 public:
  LiveData(const WorkGraph& graph, const Timeline& timeline)
      : graph_(graph),
        jobs_(graph, timeline),
        needs_(graph.workload().operators().size()),
        outputs_(needs_.size()) {}

  std::vector<EdgeTraffic> edges() {
    std::vector<EdgeTraffic> result;
    for (const OperatorId consumer : graph_.mapped()) {
      collect(consumer);
      for (const OperatorId producer : touched_) {
        result.push_back(edge(producer, consumer));
        needs_[producer] = {};
      }
      touched_.clear();
    }
    std::sort(result.begin(), result.end(), [](const EdgeTraffic& a, const EdgeTraffic& b) {
      return std::tie(a.producer, a.consumer) < std::tie(b.producer, b.consumer);
    });
    return result;
  }

 private:
  // The last job to end of those that need a region of a producer's output.
  struct Last {
    Source source;
    std::int64_t end_ps = 0;
  };
  using Key = std::array<std::int64_t, 2 * kMaxRank + 1>;

  static Key key_of(const Source& source) noexcept {
    Key key{};
    key.back() = static_cast<std::int64_t>(index(source.producer));
    for (std::size_t axis = 0; axis < source.region.rank; ++axis) {
      key[2 * axis] = source.region.axis[axis].begin;
      key[2 * axis + 1] = source.region.axis[axis].end;
    }
    return key;
  }

  // Jobs that need the same region need it until the last of them ends; telling its writers once
  // is what keeps many small jobs affordable.
  void collect(OperatorId consumer) {
    last_.clear();
    for (std::uint32_t job = jobs_.first(consumer); job < jobs_.last(consumer); ++job) {
      sources_.clear();
      graph_.trace(consumer, jobs_.box(job), scratch_, sources_);
      for (const Source& source : sources_) {
        Last& last = last_[key_of(source)];
        last.source = source;
        last.end_ps = std::max(last.end_ps, jobs_.at(job).end_ps);
      }
    }
    for (const auto& [key, last] : last_) {
      add(last.source, last.end_ps);
    }
  }

  void add(const Source& source, std::int64_t end_ps) {
    std::vector<Need>& needs = needs_[source.producer];
    const std::uint32_t first = jobs_.first(source.producer);
    const std::vector<Region>& outputs = outputs_of(source.producer);
    if (needs.empty()) {
      needs.resize(jobs_.last(source.producer) - first);
      touched_.push_back(source.producer);
    }
    jobs_.find(source.producer, source.region, found_);
    for (const std::uint32_t job : found_) {
      needs[job - first].widen(source.region.intersect(outputs[job - first]), end_ps);
    }
  }

  // Every edge asks for the same regions many times.
  const std::vector<Region>& outputs_of(OperatorId producer) {
    std::vector<Region>& outputs = outputs_[producer];
    for (std::uint32_t job = jobs_.first(producer);
         outputs.size() < jobs_.last(producer) - jobs_.first(producer); ++job) {
      outputs.push_back(jobs_.output_region(job));
    }
    return outputs;
  }

  EdgeTraffic edge(OperatorId producer, OperatorId consumer) {
    const Workload& workload = graph_.workload();
    const std::int64_t bits_per_element =
        workload.at(workload.at(producer).output).bits_per_element;
    std::vector<Life> lives;
    std::int64_t total_bits = 0;
    for (const std::uint32_t job : writers(producer)) {
      const Need& need = needs_[producer][job - jobs_.first(producer)];
      if (need.until_ps >= 0) {
        lives.push_back(
            {jobs_.at(job).end_ps, need.until_ps, need.box.elements() * bits_per_element});
        total_bits += lives.back().bits;
      }
    }
    return {producer, consumer, ceil_div(total_bits, 8), ceil_div(peak_bits(lives), 8)};
  }

  // Of jobs that add to the same output box, only the first one to end opens space.
  std::vector<std::uint32_t> writers(OperatorId producer) {
    std::vector<std::uint32_t> result(jobs_.last(producer) - jobs_.first(producer));
    std::iota(result.begin(), result.end(), jobs_.first(producer));
    if (graph_.order(producer).tile_grid() != nullptr) {
      return result;  // the cells of a grid are disjoint
    }
    const std::vector<Region>& outputs = outputs_of(producer);
    const auto key = [&](std::uint32_t job) {
      std::array<std::int64_t, kMaxRank> begins{};
      const Region& region = outputs[job - jobs_.first(producer)];
      for (std::size_t axis = 0; axis < region.rank; ++axis) {
        begins[axis] = region.axis[axis].begin;
      }
      return begins;
    };
    std::sort(result.begin(), result.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(key(a), jobs_.at(a).end_ps, a) < std::tuple(key(b), jobs_.at(b).end_ps, b);
    });
    result.erase(std::unique(result.begin(), result.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return key(a) == key(b); }),
                 result.end());
    return result;
  }

  const WorkGraph& graph_;
  TimelineIndex jobs_;
  IndexVector<OperatorId, std::vector<Need>>
      needs_;  // per producer, of the consumer being collected
  IndexVector<OperatorId, std::vector<Region>>
      outputs_;  // per producer, of its jobs; empty until asked for
  std::vector<OperatorId> touched_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::map<Key, Last> last_;
  std::vector<std::uint32_t> found_;
};

}  // namespace

std::vector<EdgeTraffic> live_data(const WorkGraph& graph, const Timeline& timeline) {
  if (timeline.jobs.empty()) {
    return {};
  }
  return LiveData(graph, timeline).edges();
}

}  // namespace imbrex::run
